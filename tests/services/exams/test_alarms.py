"""From a fault of a question to what is done about it: alarm, regrade, figures."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from exams import figuring
from exams.models import Attempt, KeyCorrection, PaperItem, PaperStatistics, ResponseSheet
from exams.regrading import Remedy
from exams.services import drilled, drills, figured, marks, regrades, regrading_work
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
from server.policy import Identity, Role
from tests.factories import exams as a
from tests.moments import NOON

HOUR = timedelta(hours=1)


def a_crowd(people: int, *, spread: float = 1.0) -> list[UUID]:
    """Let people answer a paper of a hundred; return its versions, those in the middle first."""
    with transaction():
        a.an_exam(sections=(("single_choice", 100, 1, {}),))
        made = drills.prepare(candidate_count=people, started=True, at=NOON)
        ids = [one.attempt_id for one in made]
        drilled.respond(ids, at=NOON, seed=1, spread=spread)
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


def proposed(version_id: UUID, remedy: Remedy, key: tuple[str, ...], *, at: datetime) -> UUID:
    """Propose a regrade."""
    regrade_id = uuid4()
    draft = RegradeDraft(version_id=version_id, remedy=remedy, key=key, reason="答案有误")
    regrades.propose(regrade_id, draft, by=an_examiner(), at=at)
    return regrade_id


def an_examiner() -> Identity:
    """Somebody who proposes regrades, or approves those of others."""
    return a.identity_of(a.a_person(a.an_organisation()).id, Role.EXAMINER)


def regraded(version_id: UUID, key: tuple[str, ...], *, at: datetime) -> UUID:
    """Have a key corrected: proposed by one, approved by two others, carried out."""
    with transaction():
        regrade_id = proposed(version_id, Remedy.KEY_CORRECTED, key, at=at)
        worked: dict[str, Any] = {"piece": nullcontext, "told": lambda _done, _total: None}
        regrading_work.preview(regrade_id, **worked, at=at)
        for _ in range(regrades.APPROVERS):
            by = an_examiner()
            regrades.approve(regrade_id, uuid4(), approved=True, reason="属实", by=by, at=at)
        regrading_work.apply(regrade_id, **worked, at=at)
    return regrade_id


def overruled(version_id: UUID, remedy: Remedy, *, at: datetime) -> None:
    """Write down what a regrade does about a question, without the outcomes."""
    with transaction():
        regrade_id = proposed(version_id, remedy, (), at=at)
        db.session.add(
            KeyCorrection(
                regrade_id=regrade_id, version_id=version_id, remedy=remedy, key=[], effective_at=at
            )
        )
    marks.forget_keys()


def drawn_tomorrow() -> set[UUID]:
    """Return the versions that a paper made tomorrow may ask."""
    tomorrow = (NOON + timedelta(days=1)).date()
    return {one.version_id for one in drawing.published_for_exams(on=tomorrow)}


def as_graded() -> tuple[float, float]:
    """Return the mean score and the maximum by the mark sheet of exams, as it counts now."""
    sheets = db.session.execute(select(ResponseSheet.paper_id, ResponseSheet.chosen)).all()
    sheet = marks.sheet(db.session.connection(), sheets[0].paper_id)
    scores = [
        sheet.grade(dict(enumerate(columns.read(one.chosen).tolist(), start=1))).score
        for one in sheets
    ]
    return float(sum(scores) / len(scores)), float(sheet.max_score)


def test_a_wrong_key_is_seen_within_the_hour_and_put_right_by_a_regrade(
    app, the_clock, run_jobs
) -> None:
    with app.app_context():
        wrong, excluded, given, *_ = a_crowd(210, spread=a.FAR_APART)
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
        assert (figures(wrong).discrimination or 0) < 0

        regrade_id = regraded(wrong, ("B",), at=NOON + HOUR)
        assert db.session.get_one(QuestionVersion, wrong).overruled_at == NOON + HOUR
        overruled(excluded, Remedy.EXCLUDED, at=NOON + HOUR)
        overruled(given, Remedy.FULL_MARKS, at=NOON + HOUR)
        assert figured.awaited()
        calculate(NOON + 2 * HOUR)
        assert not figured.awaited()

        # By the key that counts now; what the bank says is wrong until somebody revises it.
        assert (figures(wrong).discrimination or 0) > 20
        assert flag_of(wrong, Flag.KEY_SUSPECTED) is not None
        assert not drawn_tomorrow() & {wrong, excluded, given}
        paper = db.session.execute(select(PaperStatistics)).scalar_one()
        assert (paper.mean, paper.max_score) == pytest.approx(as_graded(), abs=1e-9)
        told = select(AuditEntry.action).where(AuditEntry.subject_id == regrade_id)
        assert set(db.session.execute(told).scalars()) >= {"regrade_proposed", "regrade_applied"}


def test_a_question_that_is_harder_for_women_is_shown_to_a_person_and_stays_in_use(app) -> None:
    with app.app_context():
        unfair, fair, *_ = a_crowd(540)
        women = sorted(said_to_be_women(unfair))

        calculate(NOON + HOUR)

        (found,) = figures(unfair).differences
        assert (found["attribute"], found["group"], found["flagged"]) == ("sex", "female", True)
        assert min(found["group_count"], found["others_count"]) >= 200
        assert found["delta"] < -1.5
        assert flag_of(unfair, Flag.DIFFERENTIAL) is not None
        assert not figures(fair).differences[0]["flagged"]
        assert unfair in drawn_tomorrow()

        with transaction():
            some = update(Person).where(Person.id.in_(women[199:]))
            db.session.execute(some.values(sex=Sex.MALE))
        calculate(NOON + 2 * HOUR, everything=True)

        assert figures(unfair).differences == []
        assert flag_of(unfair, Flag.DIFFERENTIAL) is None


def said_to_be_women(version_id: UUID) -> set[UUID]:
    """Say of some people that they are women, nine of ten of whom had a question wrong."""
    while gathered(at=NOON):
        pass
    rows = db.session.execute(
        select(ResponseSheet.candidate_id, ResponseSheet.chosen, PaperItem.slot)
        .join(PaperItem, PaperItem.paper_id == ResponseSheet.paper_id)
        .where(PaperItem.version_id == version_id)
        .order_by(ResponseSheet.candidate_id)
    ).all()
    chosen = {row.candidate_id: int(columns.read(row.chosen)[row.slot - 1]) for row in rows}
    right = Counter(chosen.values()).most_common(1)[0][0]
    wrong = [one for one in chosen if chosen[one] != right]
    women = {*wrong[:205], *(one for one in [*chosen][::25] if chosen[one] == right)}
    assert 205 < len(women) < 250
    with transaction():
        for sex, whom in ((Sex.FEMALE, women), (Sex.MALE, chosen.keys() - women)):
            db.session.execute(update(Person).where(Person.id.in_(whom)).values(sex=sex))
    return women


def gathered(*, at: datetime) -> bool:
    """Gather some of the sheets; say whether there may be more."""
    with transaction():
        return bool(gathering.gather(at=at))
