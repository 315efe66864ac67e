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
from load_tests.another_line import Answered
from load_tests.another_phone import Phone, Refused
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


class Air:
    """The way of one phone to the server: it knows nothing of the house, and can be cut."""

    def __init__(self, url: str) -> None:
        self._pool = urllib3.PoolManager(retries=False, timeout=60.0)
        self._url = url
        self.is_cut = False

    def __call__(self, method: str, path: str, body: bytes | None, token: str | None) -> Answered:
        """Carry a request and its reply."""
        if self.is_cut:
            raise ConnectionError("there is no network")
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        reply = self._pool.request(method, self._url + path, body=body, headers=headers)
        return reply.status, {k.lower(): v for k, v in reply.headers.items()}, reply.data


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
    phone = Phone(Air(story.setting.url), wait=lambda _: None)
    phone.line.sign_in(*candidate.phone.signed_in_with)
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
        expect("opened before the start", phone.stored.paper, {})
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
        promised = datetime.fromisoformat(phone.stored.deadline_at)
        _act(story, exam_id, "pause")
        question = phone.shown()[0]
        phone.tap(question["slot"], [question["numbers"][0]])
        phone.flush()
        expect_that("the phone is told of the pause", phone.stored.paused_at)
        _act(story, exam_id, "resume")
        phone.flush()
        expect("paused", phone.stored.paused_at, None)
        back = datetime.fromisoformat(phone.stored.deadline_at)
        expect_that("the pause is given back", promised <= back <= promised + timedelta(minutes=2))
        _act(story, exam_id, "extension", seconds=int(_MORE.total_seconds()))
        phone.flush()
        expect("more time", datetime.fromisoformat(phone.stored.deadline_at) - back, _MORE)
        expect("verdicts in a pause", phone.stored.verdicts, [["accepted", None, False]])
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
        other.stored.attempt_id = phone.stored.attempt_id
        try:
            other.start(str(place))
        except Refused as refused:
            expect("the second phone", refused.code, "another_device")
        given = story.setting.staff["invigilator"].send(
            put(
                "/v1/attempts/{attempt_id}/moving-codes/{move_id}",
                {"reason": "手机没电"},
                attempt_id=phone.stored.attempt_id,
                move_id=story.setting.new_id(),
            )
        )
        other.place_in(exam_id)
        other.move_here(phone.stored.attempt_id, given.good()["code"], str(place))
        expect("epoch", other.stored.epoch, 2)
        expect("order", other.stored.order, phone.stored.order)
        expect("what was answered before", len(other.held()), 1)
        question = phone.shown()[1]
        phone.tap(question["slot"], [question["numbers"][0]])
        phone.flush()
        expect_that("the old phone stops", phone.stored.frozen)
        expect("its last word", phone.stored.verdicts[-1], ["accepted", "moved", True])
        step.result = "epoch 2; what the old phone had not sent is kept and flagged"
    return other


def _hand_in(story: Story, phone: Phone, old: Phone, receipt: dict[str, Any]) -> None:
    with story.step("the network goes, the page is closed; all is sent when both are back") as step:
        # Right or not does not matter here.
        shown = phone.shown()
        half = len(shown) // 2
        for question in shown[:half]:
            phone.tap(question["slot"], [question["numbers"][0]])
        expect_that("the first half is sent", phone.flush())
        air = Air(story.setting.url)
        phone.line.network = air
        air.is_cut = True
        for question in shown[half:]:
            phone.tap(question["slot"], [question["numbers"][0]])
        expect("handed in without network", phone.hand_in(), None)
        again = phone.restarted()
        kept = len(again.stored.unacknowledged)
        expect("kept on the phone", kept, len(shown) - half)
        air.is_cut = False
        standing = again.go_on() or {}
        expect("state", standing["state"], "graded")
        expect("held", standing["held_count"], len(shown))
        expect_that("the receipt of the first phone", old.is_genuine(receipt))
        step.result = f"{kept} of {len(shown)} answers and the hand-in came from the phone's store"
