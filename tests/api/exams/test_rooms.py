"""Rooms over HTTP: start by signal, pause and go on, more time for everybody, void."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from exams.commands import announce_released, close_overdue
from exams.models import Exam
from exams.rooms import StartMode
from server.audit.models import AuditEntry
from server.db import db
from server.policy import Role
from tests.factories import exams as a
from tests.moments import NOON

MINUTE = timedelta(minutes=1)


def entry(slot, chosen, sequence):
    """Return one word of a phone."""
    return {"slot": slot, "chosen": chosen, "sequence": sequence}


@pytest.fixture
def desk(client, a_signed_in, exam):
    """Return what the invigilator of the exam does."""
    return Desk(client, lambda: a_signed_in(Role.INVIGILATOR, organisation_id=exam[1]), exam[0])


class Desk:
    """The invigilator's desk."""

    def __init__(self, client, sign_in, exam_id):
        self.client, self.sign_in, self.exam_id = client, sign_in, exam_id

    def act(self, kind, *, event_id=None, **more):
        """Do something to a room, or to all."""
        return self.client.put(
            f"/v1/exams/{self.exam_id}/room-events/{event_id or uuid4()}",
            json={"kind": kind, "reason": "停电"} | more,
            headers=self.sign_in().headers,
        )


def at(the_clock, moment, *phones):
    """Let time pass; phones sign in again."""
    the_clock.set(moment)
    for phone in phones:
        phone.sign_in_again()


def deadline_of(phone):
    """Return what the phone is told."""
    return phone.show().json["deadline_at"]


def test_a_pause_is_paid_back_to_everybody_alike(desk, started, phone, exam, the_clock):
    other = phone()
    other.enrol(exam[0])
    at(the_clock, NOON + 10 * MINUTE, other)
    other.start()

    at(the_clock, NOON + 20 * MINUTE, started, other)
    assert desk.act("pause").json["changed_count"] == 2
    assert started.show().json["paused_at"] == (NOON + 20 * MINUTE).isoformat()
    at(the_clock, NOON + 35 * MINUTE + timedelta(milliseconds=1), started, other)
    assert desk.act("resume").json["changed_count"] == 2

    lost = 15 * MINUTE + timedelta(seconds=1)
    assert deadline_of(started) == (NOON + 120 * MINUTE + lost).isoformat()
    assert deadline_of(other) == (NOON + 130 * MINUTE + lost).isoformat()
    assert started.show().json["paused_at"] is None


def test_nothing_is_late_in_a_pause_and_nobody_starts(app, desk, started, phone, exam, the_clock):
    other = phone()
    other.enrol(exam[0])
    at(the_clock, NOON + 30 * MINUTE, started)
    desk.act("pause")
    at(the_clock, NOON + 150 * MINUTE, started, other)

    assert started.respond(entry(1, [0], 1)).json["entries"][0]["late"] is False
    assert other.start().json["code"] == "room_paused"
    with app.app_context():
        assert close_overdue(the_clock.now()) == 0

    desk.act("resume")
    assert deadline_of(started) == (NOON + 240 * MINUTE).isoformat()
    assert other.start().json["deadline_at"] == (NOON + 270 * MINUTE).isoformat()


def test_an_event_that_is_sent_twice_acts_once(desk, started):
    event_id = uuid4()
    first = desk.act("extension", event_id=event_id, seconds=600)
    again = desk.act("extension", event_id=event_id, seconds=600)

    assert first.json == again.json
    assert deadline_of(started) == (NOON + 130 * MINUTE).isoformat()
    assert desk.act("extension", event_id=event_id, seconds=60).json["code"] == "id_taken"
    desk.act("extension", seconds=60)
    assert deadline_of(started) == (NOON + 131 * MINUTE).isoformat()
    for _ in range(2):
        desk.act("pause", event_id=(paused := uuid4()))
        desk.act("pause", event_id=paused)
    desk.act("resume")
    assert deadline_of(started) == (NOON + 131 * MINUTE).isoformat()


def test_time_granted_after_the_end_reopens_what_the_platform_closed(
    app, desk, started, exam, the_clock, writing
):
    with writing():
        db.session.get_one(Exam, exam[0]).release_at = NOON + timedelta(days=1)
    started.respond(entry(1, exam[2][1], 1))
    at(the_clock, NOON + 121 * MINUTE, started)
    late = started.respond(entry(2, exam[2][2], 2))
    assert late.json["entries"][0]["late"] is True
    at(the_clock, NOON + 122 * MINUTE, started)
    with app.app_context():
        assert close_overdue(the_clock.now()) == 1
    assert started.show().json["state"] == "graded"

    assert desk.act("extension", seconds=900).json["changed_count"] == 1

    shown = started.show().json
    assert (shown["state"], shown["held_count"], shown["submitted_at"]) == ("in_progress", 2, None)
    started.respond(entry(3, exam[2][3], 3))
    started.submit()
    at(the_clock, NOON + timedelta(days=1), started)
    with app.app_context():
        assert announce_released(the_clock.now()) == 1
    assert started.show().json["outcome"]["score"] == "3"


def test_what_was_announced_or_handed_in_stays(app, desk, started, phone, exam, the_clock):
    other = phone()
    other.enrol(exam[0])
    other.start()
    other.submit()
    at(the_clock, NOON + 125 * MINUTE, started)
    with app.app_context():
        close_overdue(the_clock.now())
        announce_released(the_clock.now())

    done = desk.act("extension", seconds=900).json

    assert (done["changed_count"], done["left_count"]) == (0, 2)
    assert started.show().json["state"] == "graded"


def test_a_room_is_paused_and_the_other_goes_on(
    desk, client, started, phone, exam, a_signed_in, the_clock
):
    planner = a_signed_in(Role.PLANNER, organisation_id=exam[1]).headers
    other = phone()
    other.enrol(exam[0])
    address = f"/v1/enrolments/{other.enrolment_id}/room"
    for _ in range(2):
        seated = client.put(address, json={"room": "二考场"}, headers=planner)
        assert seated.json["room"] == "二考场"
    other.start()
    moved = client.put(address, json={"room": "三考场"}, headers=planner)
    assert moved.json["code"] == "attempt_begun"

    desk.act("extension", room="二考场", seconds=300)

    assert deadline_of(other) == (NOON + 125 * MINUTE).isoformat()
    assert deadline_of(started) == (NOON + 120 * MINUTE).isoformat()


def test_an_exam_by_signal_starts_when_the_invigilator_says_so(
    desk, phone, exam, the_clock, writing
):
    with writing():
        db.session.get_one(Exam, exam[0]).start_mode = StartMode.BY_SIGNAL
    candidate = phone()
    candidate.enrol(exam[0])
    assert candidate.start().json["code"] == "awaiting_signal"

    at(the_clock, NOON + 90 * MINUTE, candidate)
    assert candidate.start().json["code"] == "awaiting_signal"
    assert desk.act("start").json["changed_count"] == 1
    assert desk.act("start").json["changed_count"] == 0

    # The exam closes at NOON + 3 h; the room began 90 minutes late and loses nothing.
    assert candidate.start().json["deadline_at"] == (NOON + 210 * MINUTE).isoformat()


def test_a_signal_is_given_from_the_opening_on_and_only_where_one_is_needed(
    desk, exam, the_clock, writing
):
    assert desk.act("start").json["code"] == "starts_by_clock"
    with writing():
        db.session.get_one(Exam, exam[0]).start_mode = StartMode.BY_SIGNAL
    the_clock.set(NOON - MINUTE)
    assert desk.act("start").json["code"] == "not_yet_open"


def test_a_whole_room_is_voided_with_a_reason(app, desk, started):
    assert desk.act("voiding", counts=False).json["changed_count"] == 1
    assert desk.act("voiding", counts=False).json["changed_count"] == 0

    assert started.show().json["state"] == "voided"
    with app.app_context():
        told = db.session.execute(
            select(AuditEntry.reason).where(AuditEntry.action.in_(["room_voided"]))
        ).scalars()
        assert set(told) == {"停电"}


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "extension"},
        {"kind": "extension", "seconds": 0},
        {"kind": "pause", "seconds": 5},
        {"kind": "voiding"},
        {"kind": "pause", "reason": ""},
        {"kind": "lunch"},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(desk, body):
    assert desk.act(**body).status_code == 422


def test_events_are_listed_and_stay_within_reach(desk, client, started, a_signed_in, writing):
    desk.act("pause")
    address = f"/v1/exams/{desk.exam_id}/room-events"
    with writing():
        elsewhere = a.a_test_centre().id
    stranger = a_signed_in(Role.INVIGILATOR, organisation_id=elsewhere).headers

    listed = client.get(address, headers=desk.sign_in().headers).json["items"]

    assert [(one["kind"], one["reason"]) for one in listed] == [("pause", "停电")]
    assert client.get(address, headers=stranger).status_code == 404
    body = {"kind": "resume", "reason": "…"}
    assert client.put(f"{address}/{uuid4()}", json=body, headers=stranger).status_code == 404
