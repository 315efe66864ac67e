"""What becomes of what is said at the door, as a table of cases."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from exams import checking_in
from exams.checking_in import Door, DoorAct, Verdict
from exams.sittings import Attendance, Awaited
from tests.moments import NOON

MINUTE = timedelta(minutes=1)
V = Verdict
EXPECTED: dict[str, Any] = {"exists": True, "awaits": Awaited.CHECK_IN}
LET_IN: dict[str, Any] = {"exists": True, "attendance": Attendance.PRESENT}
WAITS: dict[str, Any] = {"exists": True, "awaits": Awaited.STAND_BY}

ARRIVALS: list[tuple[dict[str, Any], Verdict]] = [
    (EXPECTED, V.ACCEPTED),
    ({"exists": False}, V.NO_PLACE),
    ({"exists": True, "awaits": Awaited.DECISION}, V.NO_PLACE),
    (EXPECTED | {"same_room": False}, V.WRONG_ROOM),
    (EXPECTED | {"seat_taken": True}, V.SEAT_TAKEN),
    (EXPECTED | {"attendance": Attendance.ABSENT}, V.ACCEPTED),
    (EXPECTED | {"attendance": Attendance.TURNED_AWAY}, V.ACCEPTED),
    (LET_IN, V.REPEATED),
    (LET_IN | {"same_seat": False}, V.ACCEPTED),
    (LET_IN | {"same_seat": False, "planned_seat": False}, V.CONTRADICTED),
    (LET_IN | {"same_seat": False, "seat_taken": True}, V.CONTRADICTED),
    (WAITS | {"same_room": False, "seat_free": True}, V.ACCEPTED),
    (WAITS | {"same_room": False}, V.NO_SEAT),
]


@pytest.mark.parametrize(("door", "verdict"), ARRIVALS)
def test_an_arrival_is_judged_by_where_the_place_stands(door, verdict):
    found = checking_in.judge(
        DoorAct.ARRIVAL, Door(**door), happened_at=NOON, latest_at=NOON + MINUTE
    )

    assert found is verdict


@pytest.mark.parametrize(
    ("door", "verdict"),
    [
        (EXPECTED, V.ACCEPTED),
        (EXPECTED | {"attendance": Attendance.TURNED_AWAY}, V.REPEATED),
        (LET_IN, V.CONTRADICTED),
        ({"exists": False}, V.NO_PLACE),
        (EXPECTED | {"same_room": False}, V.WRONG_ROOM),
    ],
)
def test_a_turning_away_is_judged_likewise(door, verdict):
    found = checking_in.judge(
        DoorAct.TURNING_AWAY, Door(**door), happened_at=NOON, latest_at=NOON - MINUTE
    )

    assert found is verdict


def test_nobody_comes_in_after_the_last_moment_but_who_was_in_stays_in():
    late: dict[str, Any] = {"happened_at": NOON + MINUTE, "latest_at": NOON}

    assert checking_in.judge(DoorAct.ARRIVAL, Door(**EXPECTED), **late) is V.TOO_LATE
    assert checking_in.judge(DoorAct.ARRIVAL, Door(**WAITS), **late) is V.TOO_LATE
    assert checking_in.judge(DoorAct.ARRIVAL, Door(**LET_IN), **late) is V.REPEATED


def test_whatever_is_true_of_a_door_there_is_a_verdict():
    truths = product([False, True], repeat=5)
    for exists, same_room, planned, same_seat, taken in truths:
        for attendance, awaits in product(Attendance, [None, *Awaited]):
            door = Door(
                exists=exists,
                awaits=awaits,
                attendance=attendance,
                same_room=same_room,
                planned_seat=planned,
                same_seat=same_seat,
                seat_taken=taken,
            )
            for act in DoorAct:
                found = checking_in.judge(act, door, happened_at=NOON, latest_at=NOON)
                assert exists or found is V.NO_PLACE


def test_a_phone_claims_nothing_that_cannot_be():
    def claimed(at):
        return checking_in.happened(at, received_at=NOON, doors_at=NOON - 60 * MINUTE)

    assert claimed(NOON - 30 * MINUTE) == NOON - 30 * MINUTE
    assert claimed(NOON + MINUTE) == NOON
    assert claimed(NOON - 90 * MINUTE) == NOON - 60 * MINUTE


def test_what_comes_late_is_marked():
    assert not checking_in.is_reported_late(NOON, received_at=NOON + 2 * MINUTE)
    assert checking_in.is_reported_late(NOON, received_at=NOON + 3 * MINUTE)
