"""Chapter: an attempt on a bad network, and what it must not lose (答卷)."""

from __future__ import annotations

from random import Random
from typing import Any

from load_tests import journeys
from load_tests.chapters.story import Story
from load_tests.client import Client
from load_tests.expectations import expect, expect_that
from load_tests.journeys import Entry, Sheet
from load_tests.messages import get, put

#: Words that must not occur in anything a candidate is sent before the outcome.
HIDDEN = ("key", "explanation", "difficulty", "law_citation", "correct", "right")

#: Responses that the failing candidate gives rightly, out of all: less than any pass mark.
_RIGHT_OF_LOSER = 0.5


def tell(story: Story) -> None:
    """Sit the exam: out of order, twice, too old, through lost replies; then hand in twice."""
    phone = _phone_behind_proxy(story)
    sheet = _start(story, phone)
    _answer(story, phone, sheet)
    _overtaken(story, phone, sheet)
    _spoiled(story, phone, sheet)
    _hidden_from_others(story)
    _submit(story, phone, sheet)


def fail(story: Story) -> None:
    """Sit the exam with half of the responses wrong."""
    with story.step("another candidate fails") as step:
        phone, attempt_id = story.loser.phone, story.setting.new_id()
        place = story.enrolments[story.loser.person_id]
        sheet = phone.run(journeys.start(attempt_id, place))
        right = round(len(sheet.order) * _RIGHT_OF_LOSER)
        entries = [
            sheet.entry(slot, story.knowledge.chosen(sheet.questions[slot]))
            for slot in sheet.order[:right]
        ] + [
            sheet.entry(slot, story.knowledge.wrong(sheet.questions[slot]))
            for slot in sheet.order[right:]
        ]
        receipt = phone.send(sheet.save(entries)).good()
        expect("acknowledged", receipt["acknowledged_count"], len(entries))
        outcome = phone.send(journeys.submit(sheet)).good()["outcome"]
        points = sum(sheet.questions[slot]["points"] for slot in sheet.order[:right])
        expect("score", outcome["score"], str(points))
        expect("passed", outcome["passed"], False)
        held = phone.send(get("/v1/me/certificates")).good()["items"]
        expect("certificates of who failed", held, [])
        step.result = f"{outcome['score']} of {outcome['max_score']}: no certificate"


def _phone_behind_proxy(story: Story) -> Client:
    """Return the candidate's phone, as it is on a bad network."""
    phone = Client(story.proxy.url)
    phone.access_token = story.candidate.phone.access_token
    return phone


def _start(story: Story, phone: Client) -> Sheet:
    story.attempt_id = story.setting.new_id()
    place = story.enrolments[story.candidate.person_id]
    with story.step("started, the reply lost, started again") as step:
        story.proxy.lose()
        ask = put(journeys.ATTEMPT, {"enrolment_id": place}, attempt_id=story.attempt_id)
        begun = phone.send(ask).good()
        expect("replies lost", story.proxy.lost.pop()[0], 200)
        again = phone.send(ask).good()
        same = ("id", "order", "deadline_at", "started_at", "epoch")
        expect("start repeated", [again[name] for name in same], [begun[name] for name in same])
        sheet = phone.run(journeys.start(story.attempt_id, place))
        paper = phone.send(get(journeys.PAPER, attempt_id=story.attempt_id)).raw.decode()
        found = [word for word in HIDDEN if f'"{word}"' in paper]
        expect("keys in what the candidate is sent", found, [])
        step.result = f"{len(sheet.order)} questions in an order of one's own, no key among them"
    return sheet


def _answer(story: Story, phone: Client, sheet: Sheet) -> None:
    """Send every response once, batches and entries in no order; lose the reply of one batch."""
    dice = Random(story.setting.seed)
    slots = dice.sample(list(sheet.order), len(sheet.order))
    entries = [sheet.entry(slot, story.knowledge.chosen(sheet.questions[slot])) for slot in slots]
    batches = [entries[at : at + 7] for at in range(0, len(entries), 7)]
    dice.shuffle(batches)
    with story.step("answered out of order, a reply lost on the way") as step:
        for number, batch in enumerate(batches):
            if number == len(batches) // 2:
                story.proxy.lose()
            repeats = phone.repeats
            receipt = phone.send(sheet.save(batch)).good()
            # Where the reply was lost, the phone has sent the batch again: all of it was held.
            verdict = "ignored" if phone.repeats > repeats else "accepted"
            _verdicts(receipt, [verdict] * len(batch))
        expect("replies lost", len(story.proxy.lost), 1)
        story.proxy.lost.clear()
        standing = phone.send(get(journeys.ATTEMPT, attempt_id=sheet.attempt_id)).good()
        held = standing["held_count"], standing["question_count"]
        expect("responses held", held, (len(slots), len(slots)))
        step.result = f"{len(batches)} batches, {len(slots)} responses held, none twice"


def _overtaken(story: Story, phone: Client, sheet: Sheet) -> None:
    """A wrong word that is older than the right one, and the right one once more."""
    with story.step("older words and duplicates change nothing") as step:
        slots = sheet.order[:5]
        older: list[Entry] = []
        newer: list[Entry] = []
        for slot in slots:
            question = sheet.questions[slot]
            older.append(sheet.entry(slot, story.knowledge.wrong(question)))
            newer.append(sheet.entry(slot, story.knowledge.chosen(question)))
        _verdicts(phone.send(sheet.save(newer)).good(), ["accepted"] * len(newer))
        receipt = phone.send(sheet.save([*older, *newer])).good()
        _verdicts(receipt, ["ignored"] * (len(older) + len(newer)))
        codes = [entry["code"] for entry in receipt["entries"]]
        expect("why", codes, ["older"] * len(older) + ["duplicate"] * len(newer))
        step.result = f"{len(older)} older and {len(newer)} duplicate entries ignored"


def _spoiled(story: Story, phone: Client, sheet: Sheet) -> None:
    """One bad entry among good ones is refused by itself."""
    with story.step("a bad entry spoils no good one") as step:
        slot = sheet.order[0]
        right = story.knowledge.chosen(sheet.questions[slot])
        bad: list[Any] = [
            {"slot": 9_999, "chosen": [0], "sequence": 1},
            {"slot": slot, "chosen": [99], "sequence": 900_000},
            "not an entry",
        ]
        receipt = phone.send(sheet.save([*bad, sheet.entry(slot, right)])).good()
        _verdicts(receipt, ["refused"] * len(bad) + ["accepted"])
        codes = [str(entry["code"]) for entry in receipt["entries"][: len(bad)]]
        step.result = ", ".join(codes)


def _hidden_from_others(story: Story) -> None:
    with story.step("nobody else finds the attempt") as step:
        other = story.loser.phone
        for address in (journeys.ATTEMPT, journeys.PAPER):
            reply = other.send(get(address, attempt_id=story.attempt_id))
            expect("another's attempt", (reply.status, reply.code), (404, "not_found"))
        step.result = "404 not_found"


def _submit(story: Story, phone: Client, sheet: Sheet) -> None:
    with story.step("handed in twice, the first reply lost") as step:
        story.proxy.lose()
        first = phone.send(journeys.submit(sheet)).good()
        expect("replies lost", len(story.proxy.lost), 1)
        story.proxy.lost.clear()
        second = phone.send(journeys.submit(sheet)).good()
        same = ("submitted_at", "outcome", "state")
        expect("outcome", [second[name] for name in same], [first[name] for name in same])
        outcome = first["outcome"]
        expect("score", (outcome["score"], outcome["max_score"]), ("100", "100"))
        expect_that("it is a pass", outcome["passed"])
        late = phone.send(sheet.save([sheet.entry(sheet.order[0], [])])).good()["entries"][0]
        expect("a word after the end", (late["code"], late["late"]), ("already_submitted", True))
        step.result = f"{outcome['score']} of {outcome['max_score']}, passed; graded once"


def _verdicts(receipt: dict[str, Any], wanted: list[str]) -> None:
    expect("verdicts", [entry["verdict"] for entry in receipt["entries"]], wanted)
