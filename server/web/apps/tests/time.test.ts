import assert from "node:assert/strict";
import { test } from "node:test";
import { asked, backoff } from "../shared/patience.ts";
import { SteadyClock, spelled, warningBetween } from "../shared/steady_clock.ts";

const NOON = "2026-06-15T04:00:00+00:00";

function standing() {
  const at = { ticks: 1_000 };
  return { at, clock: new SteadyClock(() => at.ticks) };
}

test("the server's time goes on by ticks that nobody can set", () => {
  const { at, clock } = standing();
  clock.hear(NOON, 1_000);

  at.ticks += 90_000;

  assert.equal(clock.now(), Date.parse(NOON) + 90_000);
  assert.equal(clock.confirmed, true);
});

test("half of the way there and back is added to what the server said", () => {
  const { at, clock } = standing();
  at.ticks = 1_400;

  clock.hear(NOON, 1_000);

  assert.equal(clock.now(), Date.parse(NOON) + 200);
});

test("after a restart time is an estimate that never runs backwards", () => {
  for (const [wall, gone] of [[60_000, 60_000], [-86_400_000, 0]] as const) {
    const { clock } = standing();

    clock.resume({ server: 5_000, wall: 1_000_000 }, 1_000_000 + wall);

    assert.equal(clock.now(), 5_000 + gone);
    assert.equal(clock.confirmed, false);
  }
});

test("what the server said is not replaced by what was stored", () => {
  const { clock } = standing();
  clock.hear(NOON, 1_000);

  clock.resume({ server: 0, wall: 0 }, 0);

  assert.equal(clock.now(), Date.parse(NOON));
});

test("each warning is told once, and the last one if several were slept through", () => {
  const minutes = (count: number) => count * 60_000;

  assert.equal(warningBetween(minutes(31), minutes(30)), 30);
  assert.equal(warningBetween(minutes(30), minutes(29)), null);
  assert.equal(warningBetween(minutes(40), minutes(4)), 5);
  assert.equal(warningBetween(minutes(1.01), minutes(0.99)), 1);
});

test("a time is spelled with hours only where there are some, and never below zero", () => {
  assert.deepEqual([3_723_000, 123_400, -5_000].map(spelled), ["1:02:03", "02:04", "00:00"]);
});

test("tries thin out to half a minute, each with chance in it", () => {
  assert.deepEqual([1, 2, 3, 4, 9].map((failures) => backoff(failures, () => 0.5)), [1, 2, 4, 8, 30]);
  assert.deepEqual([backoff(3, () => 0), backoff(3, () => 1)], [2, 6]);
});

test("a server that names a time is heard, whatever it writes", () => {
  assert.deepEqual([asked("7", 5), asked(null, 5), asked("soon", 5), asked("-1", 5)], [7, 5, 5, 5]);
});
