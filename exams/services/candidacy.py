"""What is known of people who want to sit, gathered for the rule of eligibility (报考条件).

A class of two hundred is asked about in as many statements as one person, and by the same code: so
nobody is told other reasons because they came in a workbook.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select

from exams import eligibility
from exams.eligibility import Candidacy, Hindrance, Requirements, Tried
from exams.lifecycle import State
from exams.models import (
    Attempt,
    Candidature,
    Enrolment,
    Exam,
    ExamStandard,
    Outcome,
    Qualification,
    Sitting,
)
from exams.services import bars, ledger, theory_passes
from exams.services.centres import COMING
from exams.sittings import Mode
from server import days
from server.db import db
from server.organisations.models import Organisation
from server.people import roster
from server.people.models import Post
from server.people.services import crowds


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a sitting asks beyond the standard, and what the candidates show for it."""

    health_months: int | None = None
    #: Whether a certificate of vocational skill stands for training.
    waiver: bool = False
    #: Who showed one.
    waived: Collection[UUID] = ()
    #: Until when an absence nobody told of keeps people away, by person.
    paused_until: Mapping[UUID, date] = field(default_factory=dict)
    #: The sitting, where it is held for practicals.
    practical_at: UUID | None = None


def hindrances(
    person_id: UUID,
    qualification: Qualification,
    standard: ExamStandard,
    *,
    on: date,
    at: datetime,
    beyond: Asked | None = None,
) -> tuple[Hindrance, ...]:
    """Return everything that stands between a person and an exam, see `hindrances_of`.

    Raises:
        NotFound: there is no such person.
    """
    every = hindrances_of([person_id], qualification, standard, on=on, at=at, beyond=beyond)
    return every[person_id]


def hindrances_of(
    person_ids: Collection[UUID],
    qualification: Qualification,
    standard: ExamStandard,
    *,
    on: date,
    at: datetime,
    beyond: Asked | None = None,
) -> dict[UUID, tuple[Hindrance, ...]]:
    """Return for each of some people everything that stands between them and an exam.

    Args:
        person_ids: who want to sit.
        qualification: for what.
        standard: the rules that count for the exam.
        on: the day of the exam.
        at: the moment of asking: what is known later is not known yet.
        beyond: what a sitting asks besides.

    Raises:
        NotFound: one of them is nobody.
    """
    people = crowds.going_on(person_ids)
    posts = _posts(person_ids, qualification, on)
    more = beyond or Asked()
    files = ledger.filed(person_ids, qualification)
    tried = _tried(person_ids, qualification.id, standard, at, more.practical_at)
    barred = bars.standing(person_ids, qualification.id, on=on)
    found = {}
    for person_id in person_ids:
        held, filed = posts.get(person_id, ()), files[person_id]
        who = Candidacy(
            has_post=bool(held),
            birth_on=people[person_id].birth_on,
            trained=filed.trained,
            tried=tried.get(person_id, ()),
            barred=person_id in barred,
            declared_healthy_on=() if more.health_months is None else filed.declared_healthy_on,
            waived=person_id in more.waived,
            paused_until=more.paused_until.get(person_id),
        )
        asked = replace(
            requirements(standard, high_risk=any(held)),
            health_months=more.health_months,
            waiver=more.waiver,
            after_theory=more.practical_at is not None,
        )
        found[person_id] = eligibility.hindrances(who, asked, on=on)
    return found


def requirements(standard: ExamStandard, *, high_risk: bool) -> Requirements:
    """Return what a standard asks of a candidate, by the industry the candidate works in."""
    hours = standard.training_hours_high_risk if high_risk else standard.training_hours
    return Requirements(
        minimum_age=standard.minimum_age,
        maximum_age=standard.maximum_age,
        training_hours=Fraction(hours),
        attempts_allowed=standard.attempts_allowed,
        what_follows=standard.what_follows,
        practical_what_follows=standard.practical_what_follows,
        pass_months=standard.pass_months,
    )


def _posts(
    person_ids: Collection[UUID], qualification: Qualification, on: date
) -> dict[UUID, list[bool]]:
    """Return for each post that calls for the qualification on the day whether it is high risk."""
    statement = (
        select(Post.person_id, Post.items, Organisation.is_high_risk)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(
            Post.person_id.in_(person_ids),
            Post.role.in_(roster.posts_calling_for(qualification.role)),
            Post.from_on <= on,
            or_(Post.until_on.is_(None), Post.until_on > on),
        )
    )
    item = qualification.operation_item
    found: dict[UUID, list[bool]] = {}
    for person_id, items, high_risk in db.session.execute(statement):
        if item is None or item in items:
            found.setdefault(person_id, []).append(high_risk)
    return found


def _tried(
    person_ids: Collection[UUID],
    qualification_id: UUID,
    standard: ExamStandard,
    at: datetime,
    practical_at: UUID | None,
) -> dict[UUID, list[Tried]]:
    """Return the attempts that count; one whose outcome is still hidden passes for a failure."""
    rows = _attempts(person_ids, qualification_id)
    passed = {row.id: row.candidate_id for row in rows if _passed(row, at)}
    spent = theory_passes.last_failures(passed, standard)
    pending: Collection[UUID] = ()
    elsewhere: Collection[UUID] = ()
    if practical_at is not None and passed:
        pending = theory_passes.pending_after(passed)
        elsewhere = _applied_elsewhere(passed.values(), qualification_id, practical_at)
    found: dict[UUID, list[Tried]] = {}
    for row in rows:
        stands = row.id in passed
        one = Tried(
            on=days.civil_day(row.started_at),
            passed=stands,
            spent_on=spent.get(row.id),
            pending=stands and (row.id in pending or row.candidate_id in elsewhere),
        )
        found.setdefault(row.candidate_id, []).append(one)
    return found


def _attempts(person_ids: Collection[UUID], qualification_id: UUID) -> list[Row[Any]]:
    statement = (
        select(
            Attempt.id,
            Attempt.candidate_id,
            Attempt.started_at,
            Attempt.state,
            Outcome.passed,
            Outcome.released_at,
        )
        .join(Exam, Exam.id == Attempt.exam_id)
        .outerjoin(Outcome, Outcome.attempt_id == Attempt.id)
        .where(
            Attempt.candidate_id.in_(person_ids),
            Exam.qualification_id == qualification_id,
            Attempt.counts,
            ~Exam.is_practice,
        )
    )
    return list(db.session.execute(statement))


def _passed(row: Row[Any], at: datetime) -> bool:
    told = row.state is State.GRADED and row.released_at is not None and row.released_at <= at
    return bool(told and row.passed)


def _applied_elsewhere(
    person_ids: Iterable[UUID], qualification_id: UUID, sitting_id: UUID
) -> set[UUID]:
    """Return who has a place in another sitting for the same practical."""
    statement = (
        select(Candidature.candidate_id)
        .join(Enrolment, Enrolment.id == Candidature.id)
        .join(Sitting, Sitting.id == Candidature.sitting_id)
        .join(Exam, Exam.id == Sitting.id)
        .where(
            Candidature.candidate_id.in_(set(person_ids)),
            Enrolment.withdrawn_at.is_(None),
            Exam.qualification_id == qualification_id,
            Sitting.id != sitting_id,
            Sitting.mode == Mode.PRACTICAL,
            Sitting.state.in_(COMING),
        )
    )
    return set(db.session.scalars(statement))
