import assert from "node:assert/strict";
import { test } from "node:test";
import { counted, settled, tapped, unsent, type Verdict, type Word } from "../phone/exam/words.ts";

const word = (slot: number, sequence: number, more: Partial<Word> = {}): Word => ({
  attempt_id: "a",
  slot,
  chosen: [0],
  sequence,
  state: "here",
  late: false,
  code: null,
  ...more,
});

const accepted = (slot: number, sequence: number, more: Partial<Verdict> = {}): Verdict => ({
  slot,
  sequence,
  verdict: "accepted",
  code: null,
  late: false,
  ...more,
});

test("a word is with the server only when a reply names its own number", () => {
  const words = [word(1, 5), word(2, 6)];

  assert.deepEqual(settled(words, [accepted(1, 4), accepted(3, 5)]), []);
  assert.deepEqual(settled(words, [accepted(2, 6)]), [word(2, 6, { state: "held" })]);
});

test("what is ignored as older or known is with the server, what is refused is not", () => {
  const verdicts = [accepted(1, 1, { verdict: "ignored", code: "duplicate" }), accepted(2, 2, { verdict: "refused", code: "unknown_slot" })];

  const [known, refused] = settled([word(1, 1), word(2, 2)], verdicts);

  assert.equal(known?.state, "held");
  assert.deepEqual([refused?.state, refused?.code], ["refused", "unknown_slot"]);
});

test("a refused word is not sent again, and the rest goes in the order it was said", () => {
  const words = [word(1, 9), word(2, 3), word(3, 4, { state: "refused" }), word(4, 1, { state: "held" })];

  assert.deepEqual(unsent(words).map((one) => one.sequence), [3, 9]);
});

test("a message carries no more than the server takes", () => {
  const words = Array.from({ length: 600 }, (_, index) => word(index + 1, index + 1));

  assert.equal(unsent(words).length, 500);
});

test("a cleared response counts as said, not as answered", () => {
  const count = counted([word(1, 1, { chosen: [], state: "held" }), word(2, 2), word(3, 3, { late: true, state: "held" })]);

  assert.deepEqual(count, { answered: 2, held: 2, here: 1, refused: 0, late: 1 });
});

test("one of many replaces, several are gathered in order, and only there a second tap takes back", () => {
  assert.deepEqual(tapped("single_choice", [2], 0), [0]);
  assert.deepEqual(tapped("true_false", [1], 1), [1]);
  assert.deepEqual(tapped("multiple_choice", [3], 1), [1, 3]);
  assert.deepEqual(tapped("multiple_choice", [1, 3], 3), [1]);
});
