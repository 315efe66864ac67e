"""From a fault of a question to what is done about it: alarm, regrade, figures, unfair questions."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from exams import figuring
from exams.models import Attempt, Outcome, PaperItem, PaperStatistics, ResponseSheet
from exams.regrading import Remedy
from exams.services import drilled, drills, figured, regrades, regrading_work
from exams.services import sheets as gathering
from exams.services.regrades import RegradeDraft
from exams.statistics import sheets as columns
from question_bank.flagging import Flag
from question_bank.models import QuestionFlag, QuestionStatistics, QuestionVersion
from question_bank.services import drawing
from server.audit.models import AuditEntry
from server.db import db, transaction
from server.people.documents import Sex
from server.people.models import Person
from server.policy import Role
from tests.factories import exams as a
from tests.moments import NOON

HOUR = timedelta(hours=1)


def a_crowd(people: int) -> list[UUID]:
    """Let people answer a paper of a hundred; return its versions, those in the middle first."""
    with transaction():
        a.an_exam(sections=(("single_choice", 100, 1, {}),))
        made = drills.prepare(candidate_count=people, started=True, at=NOON)
        ids = [one.attempt_id for one in made]
        drilled.respond(ids, at=NOON, seed=1)
        difficulties = drilled.true_difficulties(db.session.get_one(Attempt, ids[0]).exam_id)
    return sorted(difficulties, key=lambda one: abs(difficulties[one]))


def calculate(at: datetime, *, everything: bool = False) -> None:
    """Run the pass."""
    figuring.calculate(lambda _done, _total: None, at=at, everything=everything)


def figures(version_id: UUID) -> QuestionStatistics:
    """Return the one row of a version."""
    db.session.expire_all()
    statement = select(QuestionStatistics).where(QuestionStatistics.version_id == version_id)
    return db.session.execute(statement).scalar_one()


def flag_of(version_id: UUID, flag: Flag) -> QuestionFlag | None:
    """Return a flag of a version; None where it has none of that kind."""
    wanted = (QuestionFlag.version_id == version_id, QuestionFlag.flag == flag)
    return db.session.execute(select(QuestionFlag).where(*wanted)).scalar_one_or_none()


def regraded(version_id: UUID, remedy: Remedy, key: tuple[str, ...], *, at: datetime) -> UUID:
    """Have a regrade proposed by one, approved by two others, and carried out."""
    with transaction():
        author, second, third = (
            a.identity_of(a.a_person(a.an_organisation()).id, Role.EXAMINER) for _ in range(3)
        )
        regrade_id = uuid4()
        draft = RegradeDraft(version_id=version_id, remedy=remedy, key=key, reason="答案有误")
        regrades.propose(regrade_id, draft, by=author, at=at)
        worked: dict[str, Any] = {"piece": nullcontext, "told": lambda _done, _total: None}
        regrading_work.preview(regrade_id, **worked, at=at)
        for one in (second, third):
            regrades.approve(regrade_id, uuid4(), approved=True, reason="属实", by=one, at=at)
        regrading_work.apply(regrade_id, **worked, at=at)
    return regrade_id


def outcomes() -> tuple[float, float]:
    """Return the mean score and the maximum, as candidates were told them."""
    rows = db.session.execute(select(Outcome.score, Outcome.max_score)).all()
    scores = [Fraction(row.score) for row in rows]
    return float(sum(scores) / len(scores)), float(rows[0].max_score)


def test_a_wrong_key_is_seen_within_the_hour_and_put_right_by_a_regrade(
    app, the_clock, run_jobs
) -> None:
    with app.app_context():
        wrong, excluded, given, *_ = a_crowd(210)
        with transaction():
            db.session.get_one(QuestionVersion, wrong).key = ["A"]
        the_clock.move(figuring.WORK.every)
        assert figuring.WORK.needed is not None
        assert figuring.WORK.needed(NOON + figuring.WORK.every)
        assert figuring.ask(NOON + figuring.WORK.every) == 1
    run_jobs()

    with app.app_context():
        raised = flag_of(wrong, Flag.KEY_SUSPECTED)
        assert raised is not None
        assert raised.raised_at - NOON < HOUR
        assert figures(wrong).discrimination < 0

        regrade_id = regraded(wrong, Remedy.KEY_CORRECTED, ("B",), at=NOON + HOUR)
        regraded(excluded, Remedy.EXCLUDED, (), at=NOON + HOUR)
        regraded(given, Remedy.FULL_MARKS, (), at=NOON + HOUR)
        assert figured.awaited()
        calculate(NOON + 2 * HOUR)
        assert not figured.awaited()

        # By the key that counts now; what the bank says is wrong until somebody revises it.
        assert figures(wrong).discrimination > 20
        assert flag_of(wrong, Flag.KEY_SUSPECTED) is not None
        pool = {one.version_id for one in drawing.published_for_exams(on=NOON.date())}
        tomorrow = (NOON + timedelta(days=1)).date()
        later = {one.version_id for one in drawing.published_for_exams(on=tomorrow)}
        assert pool - later >= {wrong, excluded, given}
        paper = db.session.execute(select(PaperStatistics)).scalar_one()
        assert (paper.mean, paper.max_score) == pytest.approx(outcomes(), abs=1e-9)
        told = select(AuditEntry.action).where(AuditEntry.subject_id == regrade_id)
        assert set(db.session.execute(told).scalars()) >= {"regrade_proposed", "regrade_applied"}


def test_a_question_that_is_harder_for_women_is_shown_to_a_person_and_stays_in_use(app) -> None:
    with app.app_context():
        unfair, fair, *_ = a_crowd(450)
        women = sorted(said_to_be_women(unfair))

        calculate(NOON + HOUR)

        (found,) = figures(unfair).differences
        assert (found["attribute"], found["group"], found["flagged"]) == ("sex", "female", True)
        assert min(found["group_count"], found["others_count"]) >= 200
        assert found["delta"] < -1.5
        assert flag_of(unfair, Flag.DIFFERENTIAL) is not None
        assert not figures(fair).differences[0]["flagged"]
        tomorrow = (NOON + timedelta(days=1)).date()
        assert unfair in {one.version_id for one in drawing.published_for_exams(on=tomorrow)}

        with transaction():
            some = update(Person).where(Person.id.in_(women[199:]))
            db.session.execute(some.values(sex=Sex.MALE))
        calculate(NOON + 2 * HOUR, everything=True)

        assert figures(unfair).differences == []
        assert flag_of(unfair, Flag.DIFFERENTIAL) is None


def said_to_be_women(version_id: UUID) -> set[UUID]:
    """Say of nearly all who had a question wrong that they are women, of nearly all others men."""
    while gathered(at=NOON):
        pass
    slot = db.session.execute(
        select(PaperItem.slot).where(PaperItem.version_id == version_id)
    ).scalar_one()
    rows = db.session.execute(select(ResponseSheet.candidate_id, ResponseSheet.chosen)).all()
    chosen = {row.candidate_id: int(columns.read(row.chosen)[slot - 1]) for row in rows}
    right = Counter(chosen.values()).most_common(1)[0][0]
    women = {
        one for n, one in enumerate(sorted(chosen)) if (chosen[one] == right) is (n % 10 == 0)
    }
    with transaction():
        for sex, whom in ((Sex.FEMALE, women), (Sex.MALE, chosen.keys() - women)):
            db.session.execute(update(Person).where(Person.id.in_(whom)).values(sex=sex))
    return women


def gathered(*, at: datetime) -> bool:
    """Gather some of the sheets; say whether there may be more."""
    with transaction():
        return bool(gathering.gather(at=at))
