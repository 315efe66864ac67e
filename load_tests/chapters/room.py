"""Chapter: a room that is started, paused and prolonged; a phone that breaks (考场).

The candidate's phones are of a make of their own (`load_tests.another_phone`), written from the
documents alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import urllib3

from load_tests import journeys
from load_tests.another_phone import Answered, Network, Phone, Refused
from load_tests.chapters import exam
from load_tests.chapters.story import Story
from load_tests.expectations import expect, expect_that
from load_tests.messages import put
from load_tests.roles import ROLES
from load_tests.setting import Candidate, a_candidate

#: Where it happens, and how much more time everybody gets after a power cut.
_ROOM, _MORE = "二考场", timedelta(minutes=10)


def tell(story: Story) -> None:
    """Sit an exam that the invigilator starts, in one room, with two phones; once is enough."""
    if story.role is not ROLES[2]:
        return
    candidate, exam_id, place = _prepare(story)
    phone = _phone(story, candidate)
    _start(story, phone, exam_id, place)
    _go_through(story, phone, exam_id)
    receipt = _receipt(story, phone)
    other = _move(story, phone, candidate, str(exam_id), place)
    _hand_in(story, other, phone, receipt)


def over(url: str) -> Network:
    """Return a network of its own: it loses nothing and knows nothing."""
    pool = urllib3.PoolManager(retries=False, timeout=60.0)

    def send(method: str, path: str, body: bytes | None, token: str | None) -> Answered:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        reply = pool.request(method, url + path, body=body, headers=headers)
        return reply.status, reply.data

    return send


def _prepare(story: Story) -> tuple[Candidate, UUID, UUID]:
    with story.step("an exam that the invigilator starts") as step:
        setting, planner = story.setting, story.setting.staff["planner"]
        exam_id = exam.plan(
            setting,
            planner,
            qualification=story.role.qualification,
            specification_id=story.specification_id,
            name=f"{story.role.name_zh}考试（统一开考）",
            start_mode="by_signal",
        )
        candidate = a_candidate(setting, story.role.post, items=story.role.operation_items)
        exam.train(setting, candidate, story.role)
        place = setting.new_id()
        expect_that(
            "a place", candidate.phone.send(journeys.enrol(place, exam_id)).good()["accepted"]
        )
        planner.send(
            put("/v1/enrolments/{enrolment_id}/room", {"room": _ROOM}, enrolment_id=place)
        ).good()
        step.result = f"{candidate.papers.name} sits in {_ROOM}"
    return candidate, exam_id, place


def _phone(story: Story, candidate: Candidate) -> Phone:
    phone = Phone(network=over(story.setting.url))
    phone.sign_in(*candidate.phone.signed_in_with)
    return phone


def _act(story: Story, exam_id: UUID, kind: str, **more: object) -> Any:
    """Let the invigilator do something to the room; doing it twice is doing it once."""
    ask = put(
        "/v1/exams/{exam_id}/room-events/{event_id}",
        {"kind": kind, "room": _ROOM, "reason": "走查"} | more,
        exam_id=exam_id,
        event_id=story.setting.new_id(),
    )
    invigilator = story.setting.staff["invigilator"]
    done = invigilator.send(ask).good()
    expect(f"{kind} repeated", invigilator.send(ask).good(), done)
    return done


def _start(story: Story, phone: Phone, exam_id: UUID, place: UUID) -> None:
    with story.step("sealed paper fetched, opened at the invigilator's “start now”") as step:
        found = phone.place_in(str(exam_id))
        expect("room", found["room"], _ROOM)
        try:
            phone.start(str(place))
        except Refused as refused:
            expect("before the signal", refused.code, "awaiting_signal")
        expect("opened before the start", phone.paper, {})
        _act(story, exam_id, "start")
        phone.start(str(place))
        shown = phone.shown()
        told = {name for question in shown for name in question}
        expect("what the package tells of a question", told - _TOLD, set())
        step.result = f"{found['package']['size']:,} bytes before the day, {len(shown)} questions"


#: What a candidate may know of a question, and where its options stand on the form.
_TOLD = {"slot", "section", "kind", "points", "numbers"} | {
    "stem",
    "stem_html",
    "options",
    "options_html",
    "images",
}


def _go_through(story: Story, phone: Phone, exam_id: UUID) -> None:
    with story.step("the room pauses, goes on, gets more time") as step:
        promised = datetime.fromisoformat(phone.deadline_at)
        _act(story, exam_id, "pause")
        question = phone.shown()[0]
        phone.tap(question["slot"], [question["numbers"][0]])
        phone.flush()
        expect_that("the phone is told of the pause", phone.paused_at)
        _act(story, exam_id, "resume")
        phone.flush()
        expect("paused", phone.paused_at, None)
        back = datetime.fromisoformat(phone.deadline_at)
        expect_that("the pause is given back", promised <= back <= promised + timedelta(minutes=2))
        _act(story, exam_id, "extension", seconds=int(_MORE.total_seconds()))
        phone.flush()
        expect("more time", datetime.fromisoformat(phone.deadline_at) - back, _MORE)
        expect("verdicts in a pause", phone.verdicts, [("accepted", None, False)])
        step.result = f"{_MORE.seconds // 60} minutes more, each event once"


def _receipt(story: Story, phone: Phone) -> dict[str, Any]:
    with story.step("a receipt that anybody can check") as step:
        receipt = phone.receipt()
        expect("held", receipt["held_count"], 1)
        expect_that("it is genuine", phone.is_genuine(receipt))
        forged = receipt | {"held_count": receipt["held_count"] + 1}
        expect("a forged receipt", phone.is_genuine(forged), False)
        step.result = f"{receipt['held_count']}/{receipt['question_count']} {receipt['code']}"
    return receipt


def _move(story: Story, phone: Phone, candidate: Candidate, exam_id: str, place: UUID) -> Phone:
    with story.step("the phone breaks, another goes on") as step:
        other = _phone(story, candidate)
        other.attempt_id = phone.attempt_id
        try:
            other.start(str(place))
        except Refused as refused:
            expect("the second phone", refused.code, "another_device")
        given = story.setting.staff["invigilator"].send(
            put(
                "/v1/attempts/{attempt_id}/moving-codes/{move_id}",
                {"reason": "手机没电"},
                attempt_id=phone.attempt_id,
                move_id=story.setting.new_id(),
            )
        )
        other.place_in(exam_id)
        other.move_here(phone.attempt_id, given.good()["code"], str(place))
        expect("epoch", other.epoch, 2)
        expect("order", other.order, phone.order)
        expect("what was answered before", len(other.held()), 1)
        question = phone.shown()[1]
        phone.tap(question["slot"], [question["numbers"][0]])
        phone.flush()
        expect_that("the old phone stops", phone.frozen)
        expect("its last word", phone.verdicts[-1], ("accepted", "moved", True))
        step.result = "epoch 2; what the old phone had not sent is kept and flagged"
    return other


def _hand_in(story: Story, phone: Phone, old: Phone, receipt: dict[str, Any]) -> None:
    with story.step("answered on the second phone, handed in, the receipt still stands") as step:
        # Right or not does not matter here.
        for question in phone.shown():
            phone.tap(question["slot"], [question["numbers"][0]])
        standing = phone.hand_in()
        expect_that("a reply", standing)
        expect("state", (standing or {})["state"], "graded")
        expect("held", (standing or {})["held_count"], len(phone.order))
        expect_that("the receipt of the first phone", old.is_genuine(receipt))
        step.result = f"{len(phone.order)} answers, none lost by the move"
