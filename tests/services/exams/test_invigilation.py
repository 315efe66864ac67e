"""What an invigilator does with an attempt."""

from datetime import timedelta
from uuid import uuid4

import pytest

from exams.errors import (
    AlreadyVoided,
    AttemptOver,
)
from exams.lifecycle import State
from exams.services import invigilation, listings
from server.errors import NotFound
from server.policy import Permission, Role
from tests.factories import exams as a
from tests.factories.sitting import submit
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


def test_an_invigilator_grants_time_once():
    scene = a.an_exam()
    attempt = a.an_attempt(scene)
    invigilator = a.identity_of(uuid4(), Role.INVIGILATOR, organisation_path=scene.centre.path)

    for total in (300, 300, 420):
        invigilation.extend(
            attempt.id, extra_seconds=total, reason="机器故障", by=invigilator, at=NOON
        )

    assert attempt.deadline_at == NOON + timedelta(minutes=127)
    with pytest.raises(AttemptOver):
        invigilation.extend(
            attempt.id, extra_seconds=60, reason="机器故障", by=invigilator, at=NOON
        )


def test_what_has_ended_is_not_extended():
    scene = a.an_exam()
    done, voided = a.an_attempt(scene), a.an_attempt(scene)
    submit(done)
    invigilation.void(voided.id, reason="违纪", counts=True, by=a.SOMEBODY, at=NOON)

    with pytest.raises(AttemptOver):
        invigilation.extend(done.id, extra_seconds=60, reason="…", by=a.SOMEBODY, at=NOON)
    with pytest.raises(AlreadyVoided):
        invigilation.extend(voided.id, extra_seconds=60, reason="…", by=a.SOMEBODY, at=NOON)


def test_an_invigilator_elsewhere_finds_nothing():
    attempt = a.an_attempt(a.an_exam())
    stranger = a.identity_of(uuid4(), Role.INVIGILATOR, organisation_path="/elsewhere/")

    with pytest.raises(NotFound):
        invigilation.void(attempt.id, reason="违纪", counts=True, by=stranger, at=NOON)


def test_a_void_that_does_not_count_gives_the_place_back():
    scene, candidate = a.an_exam(), a.an_electrician()
    attempt = a.an_attempt(scene, candidate)

    invigilation.void(attempt.id, reason="停电", counts=False, by=a.SOMEBODY, at=NOON)
    invigilation.void(attempt.id, reason="again", counts=True, by=a.SOMEBODY, at=NOON)
    again = a.an_attempt(scene, candidate)

    assert (attempt.void_reason, attempt.counts) == ("停电", False)
    assert again.state is State.IN_PROGRESS


def test_attempts_are_listed_for_their_candidate_and_for_the_invigilator():
    scene = a.an_exam()
    attempt = a.an_attempt(scene)
    by = a.identity_of(uuid4(), Role.INVIGILATOR, organisation_path=scene.centre.path)

    own = listings.of(attempt.candidate_id, cursor=None, limit=9)
    watched = listings.in_exam(
        scene.exam.id, scope=by.scope(Permission.INVIGILATE), cursor=None, limit=9
    )

    assert [one.id for one in own.items] == [one.id for one in watched.items] == [attempt.id]
