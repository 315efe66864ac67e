"""Many starts and many hand-ins at once: as one by one, in a fixed number of statements."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from exams.errors import AlreadyStarted, AlreadyVoided, Withdrawn
from exams.grading import Grade
from exams.lifecycle import State
from exams.models import Attempt, Outcome
from exams.services import handing_in, intake, marks, outcomes, starting
from exams.services.starting import Start, Wish
from server.audit import services as audit
from server.audit.models import AuditEntry
from server.db import db
from server.errors import IdTaken, NotFound
from tests.factories import exams as a
from tests.factories import sitting
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

#: Pinned: the places, the attempts that exist, one insert.
START_STATEMENTS = 3

#: Pinned: the attempts, what counts, outcomes, states, and three for the chain of the audit.
SUBMIT_STATEMENTS = 7


def start(*wishes):
    """Start together."""
    return starting.store(db.session.connection(), wishes)


def wish(place, *, attempt_id=None, candidate_id=None, device_id=a.PHONE, at=NOON):
    """Return the start of a place."""
    candidate_id = candidate_id or place.candidate_id
    return Wish(attempt_id or uuid4(), place.id, candidate_id, device_id, bytes(16), at)


def hand_in(*attempts, candidate_id=None, device_id=a.PHONE):
    """Hand in together."""
    wishes = [
        handing_in.Wish(one.id, candidate_id or one.candidate_id, device_id, NOON)
        for one in attempts
    ]
    return handing_in.store(db.session.connection(), wishes)


def test_a_start_among_many_is_the_start_of_one():
    scene = a.an_exam()
    alone, among = a.an_enrolment(scene), a.an_enrolment(scene)

    one = sitting.start(alone).attempt
    many = start(wish(among))[0]

    row = db.session.get_one(Attempt, many.attempt.id)
    same = ("exam_id", "epoch", "seed", "deadline_at", "grace_seconds", "state", "extra_seconds")
    assert [getattr(row, name) for name in same] == [getattr(one, name) for name in same]
    assert (row.closed, row.counts, row.room_seconds) == (False, True, 0)
    assert many.package is not None


def test_a_start_that_comes_twice_in_one_group_starts_once():
    place = a.an_enrolment(a.an_exam())
    attempt_id = uuid4()

    replies = start(wish(place, attempt_id=attempt_id), wish(place, attempt_id=attempt_id))
    again = start(wish(place, attempt_id=attempt_id))[0]

    assert replies[0] == replies[1] == again
    assert db.session.query(Attempt).count() == 1


def test_what_may_not_start_is_refused_alone():
    scene = a.an_exam()
    good, gone = a.an_enrolment(scene), a.an_enrolment(scene)
    gone.withdrawn_at = NOON
    db.session.flush()
    first = wish(good)

    replies = start(
        first,
        wish(gone),
        wish(good),
        wish(a.an_enrolment(scene), attempt_id=first.attempt_id),
        wish(good, candidate_id=uuid4()),
    )

    kinds = [Start, Withdrawn, AlreadyStarted, NotFound, NotFound]
    assert [type(one) for one in replies] == kinds


def test_an_id_of_ones_own_other_place_is_taken():
    scene, other = a.an_exam(), a.an_exam()
    place = a.an_enrolment(scene)
    begun = start(wish(place))[0]
    second = a.an_enrolment(other)

    reply = start(wish(second, attempt_id=begun.attempt.id, candidate_id=place.candidate_id))[0]

    assert isinstance(reply, IdTaken)


@pytest.mark.parametrize("phones", [1, 16])
def test_any_number_of_starts_takes_the_same_statements(phones, count_statements):
    scene = a.an_exam()
    start(wish(a.an_enrolment(scene)))
    wishes = [wish(a.an_enrolment(scene)) for _ in range(phones)]

    with count_statements() as sent:
        replies = start(*wishes)

    assert len(sent) == START_STATEMENTS
    assert all(isinstance(one, Start) for one in replies)


@pytest.mark.parametrize("phones", [1, 16])
def test_any_number_of_hand_ins_takes_the_same_statements(phones, count_statements):
    scene = a.an_exam()
    hand_in(a.an_attempt(scene))
    attempts = [a.an_attempt(scene) for _ in range(phones)]
    for one in attempts:
        sitting.answer(one, right=80)

    with count_statements() as sent:
        replies = hand_in(*attempts)

    assert len(sent) == SUBMIT_STATEMENTS
    assert [one.outcome.score for one in replies] == ["80"] * phones


def test_handing_in_among_many_gives_the_outcome_of_one():
    scene = a.an_exam()
    alone, among = a.an_attempt(scene), a.an_attempt(scene)
    for one in (alone, among):
        sitting.answer(one, right=83, wrong=9)
        sitting.answer(one, right=2, wrong=2, sequence=2)

    sitting.submit(alone, at=NOON)
    standing = hand_in(among)[0]
    db.session.expire_all()

    outcome, other = sitting.outcome(alone), sitting.outcome(among)
    same = ("score", "max_score", "passed", "graded_at", "released_at")
    assert [getattr(other, name) for name in same] == [getattr(outcome, name) for name in same]
    assert (other.announced_at, among.state) == (None, State.GRADED)
    assert (standing.held_count, standing.outcome.score) == (92, outcome.score)


def test_what_is_handed_in_again_and_again_is_graded_and_told_once():
    attempt = a.an_attempt(a.an_exam())

    replies = hand_in(attempt, attempt) + hand_in(attempt)

    assert replies[0] == replies[1] == replies[2]
    assert db.session.query(Outcome).count() == 1
    told = select(func.count()).where(AuditEntry.action == "attempt_graded")
    assert db.session.execute(told).scalar_one() == 1
    assert db.session.execute(select(AuditEntry.subject_id)).scalars().all()[-1] == attempt.id


def test_the_chain_of_the_audit_holds_after_a_group(writing):
    with writing():
        scene = a.an_exam()
        hand_in(*(a.an_attempt(scene) for _ in range(3)))

    assert audit.verify().broken is None


def test_anothers_attempt_and_a_void_one_are_refused_alone():
    scene = a.an_exam()
    void, good = a.an_attempt(scene), a.an_attempt(scene)
    void.state = State.VOIDED
    db.session.flush()

    assert isinstance(hand_in(good, candidate_id=uuid4())[0], NotFound)
    replies = hand_in(void, good)

    assert isinstance(replies[0], AlreadyVoided)
    assert replies[1].attempt.state is State.GRADED


@pytest.mark.parametrize(("right", "wrong"), [(0, 0), (79, 21), (80, 0), (100, 0)])
def test_the_mark_sheet_adds_up_as_grading_does(right, wrong):
    attempt = a.an_attempt(a.an_exam())
    sitting.answer(attempt, right=right, wrong=wrong)
    connection = db.session.connection()
    counting = intake.counting(connection, attempt.id)

    quick = marks.sheet(connection, attempt.paper_id).grade(
        {slot: one.chosen for slot, one in counting.items()}
    )

    exact: Grade = outcomes.verdict(attempt, counting)
    assert (quick.score, quick.max_score, quick.passed) == (
        exact.score,
        exact.max_score,
        exact.passed,
    )
