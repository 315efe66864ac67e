"""An attempt from start to hand-in."""

from datetime import timedelta
from uuid import uuid4

import pytest

from exams.errors import (
    AlreadyStarted,
    AlreadyVoided,
    AttemptOver,
    NotEligible,
    NotYetOpen,
    TooLateToStart,
    Withdrawn,
)
from exams.lifecycle import State
from exams.services import attempts, contents, enrolments, invigilation
from server.errors import IdTaken, NotFound
from tests.factories import exams as a
from tests.factories.sitting import HOUR, answer, outcome, start, submit
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


def test_a_start_gives_an_own_order_and_a_deadline():
    enrolment = a.an_enrolment(a.an_exam())

    started = start(enrolment, at=NOON + timedelta(minutes=5))

    assert started.attempt.deadline_at == NOON + timedelta(minutes=125)
    assert sorted(started.order.slots) == list(range(1, 101))
    assert list(started.order.slots) != list(range(1, 101))
    assert started.pulse.now == NOON + timedelta(minutes=5)


def test_starting_again_changes_nothing():
    enrolment, attempt_id = a.an_enrolment(a.an_exam()), uuid4()

    first = start(enrolment, attempt_id=attempt_id)
    again = start(enrolment, attempt_id=attempt_id, seed=bytes(range(16)), at=NOON + HOUR)

    assert again.attempt is first.attempt
    assert again.order == first.order
    assert again.pulse.deadline_at == first.pulse.deadline_at


def test_a_place_is_used_once():
    enrolment = a.an_enrolment(a.an_exam())
    attempt = start(enrolment).attempt

    with pytest.raises(AlreadyStarted) as refused:
        start(enrolment)

    assert refused.value.facts == {"attempt_id": str(attempt.id)}


def test_an_id_belongs_to_one_attempt():
    scene, attempt_id = a.an_exam(), uuid4()
    candidate = a.an_electrician()
    start(a.an_enrolment(scene, candidate), attempt_id=attempt_id)
    another = a.an_enrolment(a.an_exam(), candidate)

    with pytest.raises(IdTaken):
        start(another, attempt_id=attempt_id)


def test_nobody_starts_anothers_attempt():
    enrolment, attempt_id = a.an_enrolment(a.an_exam()), uuid4()

    with pytest.raises(NotFound):
        start(enrolment, candidate_id=uuid4())
    start(enrolment, attempt_id=attempt_id)
    with pytest.raises(NotFound):
        start(enrolment, attempt_id=attempt_id, candidate_id=uuid4())


def test_without_a_place_nobody_starts():
    scene = a.an_exam()
    refused = a.an_enrolment(scene, a.a_person(a.an_organisation()))
    given_up = a.an_enrolment(scene)
    enrolments.withdraw(given_up.id, by=a.SOMEBODY, at=NOON)

    with pytest.raises(NotEligible):
        start(refused)
    with pytest.raises(Withdrawn):
        start(given_up)


def test_nobody_starts_before_the_opening_or_after_the_last_start():
    enrolment = a.an_enrolment(a.an_exam())

    with pytest.raises(NotYetOpen):
        start(enrolment, at=NOON - timedelta(seconds=1))
    with pytest.raises(TooLateToStart):
        start(enrolment, at=NOON + HOUR + timedelta(seconds=1))
    assert start(enrolment, at=NOON + HOUR).attempt.deadline_at == NOON + 3 * HOUR


def shown(attempt, *, at):
    """Return the paper as the candidate's phone is shown it."""
    return contents.paper(attempt.id, candidate_id=attempt.candidate_id, device_id=a.PHONE, at=at)


def test_the_paper_has_neither_keys_nor_hints():
    attempt = a.an_attempt(a.an_exam())

    paper = shown(attempt, at=NOON)

    assert len(paper.questions) == 100
    assert "SECRET" not in repr(paper)
    assert {name for question in paper.questions for name in vars(question)} == {
        "slot",
        "section",
        "kind",
        "points",
        "stem",
        "options",
        "stem_markup",
        "options_markup",
    }


def test_the_paper_is_shown_while_the_attempt_lasts():
    attempt = a.an_attempt(a.an_exam())
    over = attempt.deadline_at + timedelta(seconds=11)

    with pytest.raises(AttemptOver):
        shown(attempt, at=over)
    submit(attempt)
    with pytest.raises(AttemptOver):
        shown(attempt, at=NOON + HOUR)


def test_handing_in_anothers_attempt_is_not_found():
    attempt = a.an_attempt(a.an_exam())

    for attempt_id in (attempt.id, uuid4()):
        with pytest.raises(NotFound):
            attempts.submit(attempt_id, candidate_id=uuid4(), device_id=a.PHONE, at=NOON)
        with pytest.raises(NotFound):
            attempts.get(attempt_id, candidate_id=uuid4())


def test_a_voided_attempt_is_not_handed_in_and_shows_no_outcome():
    attempt = a.an_attempt(a.an_exam())
    submit(attempt)
    invigilation.void(attempt.id, reason="违纪", counts=True, by=a.SOMEBODY, at=NOON + HOUR)

    with pytest.raises(AlreadyVoided):
        submit(attempt)
    assert attempts.standing(attempt, at=NOON + 2 * HOUR).outcome is None


def test_what_nobody_handed_in_is_closed_as_it_stood_and_only_after_all_has_settled():
    scene = a.an_exam()
    attempt, handed_in = a.an_attempt(scene), a.an_attempt(scene)
    answer(attempt, right=85)
    submit(handed_in)
    last = attempt.deadline_at + timedelta(seconds=10) + attempts.SETTLING

    assert attempts.close_overdue(at=last, limit=9) == 0
    assert attempts.close_overdue(at=last + timedelta(seconds=1), limit=9) == 1
    assert attempts.close_overdue(at=last + timedelta(seconds=2), limit=9) == 0

    assert attempt.closed
    assert not handed_in.closed
    assert (attempt.state, outcome(attempt).score) == (State.GRADED, "85")


def test_closing_takes_a_bounded_number_the_oldest_first():
    scene = a.an_exam()
    later, first = a.an_attempt(scene, at=NOON + timedelta(minutes=1)), a.an_attempt(scene)

    assert attempts.close_overdue(at=NOON + 5 * HOUR, limit=1) == 1

    assert (first.state, later.state) == (State.GRADED, State.IN_PROGRESS)


def test_looking_changes_nothing():
    attempt = a.an_attempt(a.an_exam())
    answer(attempt, right=3)

    standing = attempts.standing(attempt, at=NOON + 9 * HOUR)

    assert (standing.held_count, standing.question_count) == (3, 100)
    assert attempt.state is State.IN_PROGRESS
    assert standing.pulse.next_call_in <= 20
