"""Grading, and who is told of an outcome when."""

from datetime import timedelta
from fractions import Fraction
from uuid import uuid4

import pytest

from exams.events import AttemptGraded, AttemptVoided
from exams.lifecycle import State
from exams.models import Outcome
from exams.services import attempts, forms, intake, invigilation, outcomes
from exams.services.intake import Batch
from exams.sync import options
from server.db import db
from server.policy import Permission, Role
from server.records import services as records
from tests.factories import exams as a
from tests.factories.sitting import HOUR, answer, outcome, submit
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


@pytest.mark.parametrize(("right", "passed"), [(80, True), (79, False), (100, True), (0, False)])
def test_what_was_answered_decides(right, passed):
    attempt = a.an_attempt(a.an_exam())
    answer(attempt, right=right, wrong=100 - right)

    submit(attempt)

    assert (outcome(attempt).score, outcome(attempt).max_score) == (str(right), "100")
    assert outcome(attempt).passed is passed
    assert attempt.state is State.GRADED
    assert attempt.submitted_at == NOON + HOUR


def test_part_of_a_multiple_choice_earns_nothing_unless_the_standard_says_so():
    scene = a.an_exam()
    attempt, other = a.an_attempt(scene), a.an_attempt(scene)
    half = {"chosen": [], "sequence": 1}
    for one in (attempt, other):
        sheet = forms.key_sheet(db.session.connection(), one.paper_id)
        key = ["ABCDEFGHIJ".index(label) for label in sheet[95].key]
        entries = [half | {"slot": sheet[95].slot, "chosen": key[:1]}]
        batch = Batch(
            attempt_id=one.id,
            candidate_id=one.candidate_id,
            device_id=a.PHONE,
            epoch=1,
            entries=entries,
            at=NOON,
        )
        intake.store(db.session.connection(), [batch])

    submit(attempt)
    a.a_standard().partial_credit = True
    submit(other)

    assert (outcome(attempt).score, outcome(other).score) == ("0", "1/2")
    assert outcome(other).exact_score * 2 == 1


def test_handing_in_again_gives_the_same_outcome():
    attempt = a.an_attempt(a.an_exam())
    answer(attempt, right=90)

    submit(attempt)
    answer(attempt, right=0, wrong=90, at=NOON + HOUR, sequence=9)
    submit(attempt, at=NOON + 2 * HOUR)

    assert outcome(attempt).score == "90"
    assert outcome(attempt).graded_at == NOON + HOUR
    assert db.session.query(Outcome).count() == 1


def test_a_late_hand_in_counts_what_came_in_time():
    attempt = a.an_attempt(a.an_exam())
    answer(attempt, right=40)
    answer(attempt, right=100, at=attempt.deadline_at + timedelta(seconds=11), sequence=2)

    submit(attempt, at=attempt.deadline_at + timedelta(seconds=12))

    assert outcome(attempt).score == "40"


@pytest.fixture
def heard(inside, monkeypatch):
    """Collect what is told to other parts."""
    told: list[object] = []
    monkeypatch.setitem(
        inside.extensions,
        "reactions",
        {AttemptGraded: (told.append,), AttemptVoided: (told.append,)},
    )
    return told


def test_others_are_told_once_when_an_attempt_is_graded(heard):
    scene = a.an_exam()
    attempt = a.an_attempt(scene)
    answer(attempt, right=83)

    submit(attempt)
    submit(attempt)

    assert heard == [
        AttemptGraded(
            attempt_id=attempt.id,
            exam_id=scene.exam.id,
            qualification_id=scene.qualification.id,
            candidate_id=attempt.candidate_id,
            passed=True,
            score=Fraction(83),
            max_score=Fraction(100),
            at=NOON + HOUR,
        )
    ]


def test_an_outcome_that_is_held_back_is_hidden_and_told_on_its_release(heard):
    release = NOON + 72 * HOUR
    attempt = a.an_attempt(a.an_exam(release_at=release))
    submit(attempt)

    assert attempts.standing(attempt, at=release - HOUR).outcome is None
    assert outcomes.announce_released(at=release - HOUR, limit=9) == 0
    assert heard == []

    assert attempts.standing(attempt, at=release).outcome is attempt.outcome
    assert outcomes.announce_released(at=release, limit=9) == 1
    assert outcomes.announce_released(at=release, limit=9) == 0
    assert [one.at for one in heard] == [release]


def test_what_was_voided_is_never_announced(heard):
    attempt = a.an_attempt(a.an_exam(release_at=NOON + 72 * HOUR))
    submit(attempt)
    invigilation.void(attempt.id, reason="违纪", counts=True, by=a.SOMEBODY, at=NOON + HOUR)

    assert outcomes.announce_released(at=NOON + 99 * HOUR, limit=9) == 0
    assert [one.announced for one in heard] == [False]


def test_graded_after_the_release_it_is_told_at_once(heard):
    attempt = a.an_attempt(a.an_exam(release_at=NOON + 3 * HOUR))

    submit(attempt, at=NOON + 4 * HOUR)

    assert outcome(attempt).released_at == NOON + 4 * HOUR
    assert len(heard) == 1


def test_outcomes_are_listed_for_the_centre_and_for_the_employer_once_released():
    release = NOON + 72 * HOUR
    scene, organisation = a.an_exam(release_at=release), a.an_organisation()
    attempt = a.an_attempt(scene, a.an_electrician(organisation))
    submit(a.an_attempt(scene))
    submit(attempt)

    def seen(role, organisation, at):
        by = a.identity_of(uuid4(), role, organisation_path=organisation.path)
        scope = by.scope(Permission.SEE_OUTCOMES)
        page = outcomes.in_exam(scene.exam.id, scope=scope, at=at, cursor=None, limit=9)
        return [one.id for one in page.items]

    assert len(seen(Role.PLANNER, scene.centre, NOON)) == 2
    assert seen(Role.ENTERPRISE_SAFETY_OFFICER, organisation, NOON) == []
    assert seen(Role.ENTERPRISE_SAFETY_OFFICER, organisation, release) == [attempt.id]


def test_unanswered_slots_are_graded_as_nothing():
    attempt = a.an_attempt(a.an_exam())

    submit(attempt)

    assert outcome(attempt).score == "0"
    assert options(0) == []


def test_the_file_of_the_candidate_tells_the_outcome_and_a_void():
    attempt = a.an_attempt(a.an_exam())
    answer(attempt, right=82)
    submit(attempt)
    invigilation.void(attempt.id, reason="违纪", counts=True, by=a.SOMEBODY, at=NOON + 2 * HOUR)

    told = [one.content for one in records.of(attempt.candidate_id)]

    assert [one.get("score") for one in told] == ["82", None]
    assert told[0]["passed"] is True
    assert told[1]["void_reason"] == "违纪"
