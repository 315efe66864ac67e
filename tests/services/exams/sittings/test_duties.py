"""Who works at a sitting is bound to nobody who sits there: at assignment, seating and start."""

from uuid import uuid4

import pytest

from exams.separation_errors import NotSeparated
from exams.services import leaving, sittings, staff
from exams.sittings import Awaited, SittingMove, SittingState
from exams.staffing import Duty
from server.db import db
from server.organisations.models import Organisation
from server.people.roster import PostRole
from server.people.services import posts
from tests.factories import exams as a
from tests.factories import sittings as some
from tests.factories.sittings import OPENS
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


def a_colleague(one):
    """Store somebody who works where a candidate does."""
    (post,) = posts.held(one.candidate_id, on=NOON.date())
    person = a.a_person(a.an_organisation(), birth_on=None)
    place = db.session.get_one(Organisation, post.organisation_id)
    a.a_post(person, place, role=PostRole.EMPLOYEE, items=[])
    return person


def watch(hall, sitting, person):
    """Assign somebody to watch all rooms."""
    return staff.assign(
        uuid4(),
        sitting,
        person_id=person.id,
        duty=Duty.INVIGILATOR,
        room="",
        by=hall.by,
        at=NOON,
    )


def test_who_is_bound_to_a_candidate_is_refused_at_assignment():
    hall = some.a_hall()
    sitting = some.a_sitting(hall)
    one, _ = some.admitted(hall, sitting, 2)

    with pytest.raises(NotSeparated):
        watch(hall, sitting, a_colleague(one))


def test_a_bond_made_later_is_refused_at_seating_and_at_the_start():
    hall = some.a_hall()
    sitting = some.a_sitting(hall)
    first, second = some.admitted(hall, sitting, 2)
    early = a.a_person(a.an_organisation(), birth_on=None)
    duty = watch(hall, sitting, early)
    employers = {one: a_colleague(one) for one in (first, second)}
    some.move(hall, sitting, SittingMove.CLOSE, at=NOON)
    _move_post(employers[first], early)
    with pytest.raises(NotSeparated):
        some.move(hall, sitting, SittingMove.SEAT, at=NOON)

    staff.end(duty.id, sitting, by=hall.by, at=NOON)
    some.move(hall, sitting, SittingMove.SEAT, at=NOON)
    late = a.a_person(a.an_organisation(), birth_on=None)
    watch(hall, sitting, late)
    _move_post(employers[second], late)
    with pytest.raises(NotSeparated):
        some.move(hall, sitting, SittingMove.START, at=OPENS)
    assert sittings.get(sitting.id).state is SittingState.SEATED


def _move_post(from_person, to_person):
    """Let somebody take the post of another."""
    (post,) = posts.of(from_person.id)
    post.person_id = to_person.id
    db.session.flush()


def test_nobody_moves_up_to_where_their_colleague_watches():
    hall = some.a_hall()
    sitting = some.a_sitting(hall)
    made = some.admitted(hall, sitting, 8)
    some.move(hall, sitting, SittingMove.CLOSE, SittingMove.SEAT, at=NOON)
    watcher = a.a_person(a.an_organisation(), birth_on=None)
    watch(hall, sitting, watcher)
    _move_post(a_colleague(made[6]), watcher)

    by = a.identity_of(made[0].candidate_id)
    leaving.withdraw(made[0].id, by=by, at=NOON)

    assert made[6].enrolment.awaits is Awaited.STAND_BY
    assert made[7].enrolment.awaits is Awaited.CHECK_IN
