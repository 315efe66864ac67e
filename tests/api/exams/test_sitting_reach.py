"""Before a sitting is moved on, one is told in counts whom it touches."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from exams.services import deciding, leaving
from exams.sittings import SittingMove
from server.policy import Role
from tests.factories import exams as a
from tests.factories import sittings as some
from tests.factories.sittings import planner
from tests.moments import NOON


@pytest.fixture
def reach(client, a_signed_in):
    """Return how to ask, as somebody with a role at an organisation, whom a sitting touches."""

    def ask(sitting_id, *, at, room_id=None, role=Role.PLANNER):
        headers = a_signed_in(role, organisation_id=at).headers
        query = f"?room_id={room_id}" if room_id else ""
        return client.get(f"/v1/sittings/{sitting_id}/reach{query}", headers=headers)

    return ask


def test_who_waits_is_counted_and_who_left_or_was_refused_is_not(reach, writing):
    with writing():
        hall = some.a_hall()
        sitting = some.a_sitting(hall)
        some.admitted(hall, sitting, 2)
        some.an_application(sitting)
        gone, refused = (some.an_application(sitting) for _ in range(2))
        leaving.withdraw(gone.id, by=planner(), at=NOON)
        deciding.decide(refused.id, approved=False, reason="材料不全", by=hall.by, at=NOON)
        centre_id, sitting_id = hall.centre.id, sitting.id

    said = reach(sitting_id, at=centre_id).get_json()

    assert said == {"candidate_count": 3, "waiting_count": 1}


def test_of_a_room_who_sits_there_is_counted(reach, writing):
    with writing():
        hall = some.a_hall(rooms=2)
        sitting = some.a_sitting(hall, room_ids=tuple(one.id for one in hall.rooms))
        placed = some.admitted(hall, sitting, 4)
        moves = SittingMove.CLOSE, SittingMove.SEAT
        some.move(hall, sitting, *moves, at=NOON + timedelta(days=13))
        there = [one.room_id for one in placed]
        rooms = {room.id: there.count(room.id) for room in hall.rooms}
        centre_id, sitting_id = hall.centre.id, sitting.id

    said = {
        one: reach(sitting_id, at=centre_id, room_id=one).get_json()["candidate_count"]
        for one in rooms
    }

    assert said == rooms
    assert sum(rooms.values()) == 4


def test_from_elsewhere_only_ones_own_people_are_counted_and_of_no_sitting_nobody(reach, writing):
    with writing():
        hall, elsewhere = some.a_hall(), a.an_organisation()
        sitting = some.a_sitting(hall)
        some.an_application(sitting)
        sitting_id, elsewhere_id = sitting.id, elsewhere.id

    said = reach(sitting_id, at=elsewhere_id).get_json()

    assert said == {"candidate_count": 0, "waiting_count": 0}
    assert reach(uuid4(), at=elsewhere_id).status_code == 404


@pytest.mark.parametrize("count", [1, 6])
def test_a_full_sitting_is_counted_in_as_many_statements_as_an_empty_one(
    client, a_signed_in, writing, count_statements, count
):
    with writing():
        hall = some.a_hall()
        sitting = some.a_sitting(hall)
        some.admitted(hall, sitting, count)
        centre_id, sitting_id = hall.centre.id, sitting.id
    headers = a_signed_in(Role.PLANNER, organisation_id=centre_id).headers

    with count_statements() as sent:
        said = client.get(f"/v1/sittings/{sitting_id}/reach", headers=headers).get_json()

    assert said["candidate_count"] == count
    assert len(sent) == 5
