"""Practicals: after the theory only, scored by two apart, decided by rule or by a third."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from exams import commands
from exams import practical_errors as refusals
from exams.correction_errors import ReleaseTooLate
from exams.events import AttemptGraded, PracticalVoided, QualificationAttained
from exams.models import ExamStandard
from exams.models.practicals import PracticalState
from exams.services import (
    candidacy,
    practical_scores,
    practical_verdicts,
    practicals,
    releases,
)
from exams.services.practicals import PracticalPlan
from exams.services.reach import rules_of
from server import work
from server.db import db
from server.errors import NotFound
from server.policy import Permission, Role
from tests.factories import exams as a
from tests.factories import practicals as the
from tests.factories.practicals import DAY
from tests.factories.sitting import answer, submit
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def heard(inside, monkeypatch):
    """Collect what is told to other parts."""
    told: list[object] = []
    kinds = (AttemptGraded, QualificationAttained, PracticalVoided)
    monkeypatch.setitem(inside.extensions, "reactions", {kind: (told.append,) for kind in kinds})
    return told


def attained(heard):
    """Return what was told of qualifications."""
    return [one for one in heard if isinstance(one, QualificationAttained)]


def test_the_theory_alone_attains_nothing_and_the_practical_completes_it(heard):
    theory = the.a_passed_theory()
    assert attained(heard) == []

    practical, (first, second) = the.a_practical(theory)
    the.score(practical, first)
    assert practical.outcome is None
    the.score(practical, second)

    outcome = the.decided(practical.id).outcome
    assert outcome is not None
    assert (outcome.score, outcome.passed, practical.state) == ("100", True, PracticalState.DECIDED)
    assert attained(heard) == [
        QualificationAttained(
            attempt_id=theory.id,
            exam_id=theory.exam_id,
            qualification_id=theory.exam.qualification_id,
            candidate_id=theory.candidate_id,
            practical_id=practical.id,
            at=NOON + DAY,
        )
    ]


def test_who_fails_the_theory_attains_nothing_and_sits_no_practical(heard):
    a.with_practical()
    attempt = a.an_attempt(a.an_exam())
    answer(attempt, right=79)
    submit(attempt)

    with pytest.raises(refusals.TheoryNotPassed):
        the.a_practical(attempt)
    assert attained(heard) == []


def test_where_no_practical_is_asked_for_the_theory_attains_and_none_is_planned(heard):
    attempt = a.an_attempt(a.an_exam())
    answer(attempt, right=90)
    submit(attempt)

    assert [one.practical_id for one in attained(heard)] == [None]
    with pytest.raises(refusals.NoPractical):
        the.a_practical(attempt)


def test_a_theory_stands_for_twelve_months_and_not_a_day_more():
    theory = the.a_passed_theory()
    year = timedelta(days=365)

    with pytest.raises(refusals.TheoryNotPassed):
        the.a_practical(theory, planned_at=NOON + year)
    practical, _ = the.a_practical(theory, planned_at=NOON + year - DAY)
    assert practical.state is PracticalState.PLANNED


def test_planning_twice_is_once_and_a_second_one_waits_for_the_first():
    theory = the.a_passed_theory()
    practical, _ = the.a_practical(theory, scorers=0)
    plan = PracticalPlan(
        theory_attempt_id=theory.id,
        organisation_id=practical.organisation_id,
        planned_at=practical.planned_at,
    )
    drawn = list(practical.drawn)

    again = practicals.plan(practical.id, plan, seed=bytes(32), by=a.SOMEBODY, at=NOON + DAY)

    assert (again, again.drawn) == (practical, drawn)
    with pytest.raises(refusals.PracticalPending):
        the.a_practical(theory)


def test_an_outcome_is_not_held_back_for_more_than_ten_working_days():
    theory = the.a_passed_theory()
    values = {"theory_attempt_id": theory.id, "organisation_id": theory.exam.organisation_id}
    # NOON is a Monday; the Friday after is the Dragon Boat Festival of 2026.
    for days, fits in ((15, True), (16, False)):
        plan = PracticalPlan(planned_at=NOON, release_at=NOON + days * DAY, **values)
        if fits:
            made = practicals.plan(uuid4(), plan, seed=a.SEED, by=a.SOMEBODY, at=NOON + DAY)
            practicals.void(made.id, reason="设备故障", counts=False, by=a.SOMEBODY, at=NOON)
        else:
            with pytest.raises(ReleaseTooLate):
                practicals.plan(uuid4(), plan, seed=a.SEED, by=a.SOMEBODY, at=NOON + DAY)
    assert a.an_exam(release_at=NOON + 15 * DAY).exam.release_at
    with pytest.raises(ReleaseTooLate):
        a.an_exam(release_at=NOON + 16 * DAY)


def test_what_should_have_been_shown_is_listed_from_the_day_after():
    practical, _ = the.a_practical(planned_at=NOON)
    scope = a.SOMEBODY.scope(Permission.PLAN_EXAMS)

    def listed(on):
        return [(one.id, one.late_days) for one in releases.overdue(scope, on=on)]

    assert listed(NOON.date() + 15 * DAY) == []
    assert listed(NOON.date() + 17 * DAY) == [(practical.id, 2)]


def test_a_released_later_outcome_is_told_on_its_day(heard):
    theory = the.a_passed_theory()
    plan = PracticalPlan(
        theory_attempt_id=theory.id,
        organisation_id=theory.exam.organisation_id,
        planned_at=NOON + DAY,
        release_at=NOON + 5 * DAY,
    )
    practical = practicals.plan(uuid4(), plan, seed=a.SEED, by=a.SOMEBODY, at=NOON + DAY)
    for _ in range(2):
        the.score(practical, the.assigned(practical))
    assert practical_verdicts.visible(practical, at=NOON + 4 * DAY) is None
    assert attained(heard) == []

    (telling,) = [one for one in commands.WORK if one.name == "announce_released_outcomes"]
    assert [work.waits(telling, at=NOON + days * DAY) for days in (4, 5)] == [False, True]
    assert practical_verdicts.announce_released(at=NOON + 5 * DAY, limit=9) == 1
    assert practical_verdicts.announce_released(at=NOON + 5 * DAY, limit=9) == 0

    assert len(attained(heard)) == 1


def test_neither_examiner_sees_the_other_until_both_are_in():
    practical, (first, second) = the.a_practical()
    the.score(practical, first)

    assert practical_scores.seen(practical.id, by=first).other is None
    assert practical_scores.seen(practical.id, by=second).other is None

    the.score(practical, second)
    assert practical_scores.seen(practical.id, by=first).other is not None


def test_only_the_assigned_score_and_the_candidate_never():
    practical, _ = the.a_practical()
    stranger = a.identity_of(a.a_person(practical.organisation).id, Role.EXAMINER)

    with pytest.raises(NotFound):
        practical_scores.store(practical.id, [], by=stranger, at=NOON)
    with pytest.raises(refusals.ScorersComplete):
        practicals.assign(practical.id, stranger.person_id, by=a.SOMEBODY, at=NOON)
    other, _ = the.a_practical(scorers=0)
    with pytest.raises(refusals.ScorerInvolved):
        practicals.assign(other.id, other.candidate_id, by=a.SOMEBODY, at=NOON)


def test_a_second_account_of_an_examiner_is_the_same_examiner():
    practical, (first, _) = the.a_practical()
    again = a.identity_of(first.person_id, Role.EXAMINER)
    assert again.account_id != first.account_id

    practicals.assign(practical.id, first.person_id, by=a.SOMEBODY, at=NOON)
    the.score(practical, first)
    practical_scores.hand_in(practical.id, by=again, at=NOON + DAY)

    assert practical.outcome is None
    assert len(practical.scorers) == 2


def test_what_they_differ_about_goes_to_a_third_with_a_reason():
    practical, (first, second) = the.a_practical()
    code, _most = the.first_step(practical)
    veto = the.vetoes(practical)[0]
    the.score(practical, first)
    the.score(practical, second, {code: "0", veto: "1"})

    assert the.decided(practical.id).state is PracticalState.DISPUTED
    third = the.assigned(practical)
    ruling: dict[str, Any] = {"values": {}, "reason": "照片为证", "by": third, "at": NOON + DAY}
    with pytest.raises(refusals.ScoreIncomplete):
        practical_verdicts.rule(practical.id, **ruling)
    with pytest.raises(refusals.ScoreOutsideScale):
        practical_verdicts.rule(practical.id, **ruling | {"values": {code: 999, veto: 0}})
    with pytest.raises(NotFound):
        practical_verdicts.rule(practical.id, **ruling | {"by": first})
    for _ in range(2):
        practical_verdicts.rule(practical.id, **ruling | {"values": {code: 0, veto: 1}})

    outcome = the.decided(practical.id).outcome
    assert outcome is not None
    assert (outcome.passed, outcome.failed_vetoes) == (False, [veto])
    assert (outcome.ruled_by_id, outcome.reason) == (third.person_id, "照片为证")


def test_five_failed_practicals_use_the_theory_up_and_the_theory_may_be_sat_again():
    theory = the.a_passed_theory()
    for _ in range(5):
        practical, pair = the.a_practical(theory)
        veto = the.vetoes(practical)[0]
        for one in pair:
            the.score(practical, one, {veto: "1"})

    with pytest.raises(refusals.PracticalsUsedUp):
        the.a_practical(theory)
    found = candidacy.hindrances(
        theory.candidate_id,
        theory.exam.qualification,
        rules_of(theory.exam),
        on=(NOON + 2 * DAY).date(),
        at=NOON + 2 * DAY,
    )
    assert found == ()


def test_under_order_30_the_second_failure_asks_for_training():
    theory = the.a_passed_theory()
    standard = rules_of(theory.exam)
    db.session.execute(
        update(ExamStandard)
        .where(ExamStandard.id == standard.id)
        .values(practical_attempts=2, practical_what_follows="retrain")
    )
    db.session.refresh(standard)
    for _ in range(2):
        practical, pair = the.a_practical(theory)
        veto = the.vetoes(practical)[0]
        for one in pair:
            the.score(practical, one, {veto: "1"})

    found = candidacy.hindrances(
        theory.candidate_id,
        theory.exam.qualification,
        standard,
        on=(NOON + 2 * DAY).date(),
        at=NOON + 2 * DAY,
    )

    assert found == ("attempts_used_up",)


def test_a_void_after_the_verdict_is_told_and_takes_the_outcome_away(heard):
    practical, pair = the.a_practical()
    for one in pair:
        the.score(practical, one)

    for _ in range(2):
        practicals.void(practical.id, reason="替考", counts=True, by=a.SOMEBODY, at=NOON + 2 * DAY)

    (told,) = [one for one in heard if isinstance(one, PracticalVoided)]
    assert (told.practical_id, told.announced) == (practical.id, True)
    assert practical_verdicts.visible(practical, at=NOON + 2 * DAY) is None
