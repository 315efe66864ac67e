"""What is known of a person who wants to sit, gathered for the rule of eligibility (报考条件)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import or_, select

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
from server.people.services import people
from server.records import services as records
from server.records.entries import RecordKind


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a sitting asks beyond the standard, and what the candidate shows for it."""

    health_months: int | None = None
    #: Whether a certificate of vocational skill stands for training, and was shown.
    waiver: bool = False
    waived: bool = False
    paused_until: date | None = None
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
    """Return everything that stands between a person and an exam.

    Args:
        person_id: who wants to sit.
        qualification: for what.
        standard: the rules that count for the exam.
        on: the day of the exam.
        at: the moment of asking: what is known later is not known yet.
        beyond: what a sitting asks besides.

    Raises:
        NotFound: there is no such person.
    """
    person = people.get(person_id)
    posts = _posts(person_id, qualification, on)
    more = beyond or Asked()
    who = Candidacy(
        has_post=bool(posts),
        birth_on=person.birth_on,
        trained=ledger.trained(person_id, qualification),
        tried=list(_tried(person_id, qualification.id, standard, at, more.practical_at)),
        barred=bars.stands(person_id, qualification.id, on=on),
        declared_healthy_on=_declared(person_id) if more.health_months else (),
        waived=more.waived,
        paused_until=more.paused_until,
    )
    asked = replace(
        requirements(standard, high_risk=any(high_risk for _, high_risk in posts)),
        health_months=more.health_months,
        waiver=more.waiver,
        after_theory=more.practical_at is not None,
    )
    return eligibility.hindrances(who, asked, on=on)


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


def _declared(person_id: UUID) -> list[date]:
    """Return the days on which the person declared to be fit, and was not found unfit since."""
    health = records.standing(person_id, RecordKind.HEALTH)
    unfit = [one.happened_on for one in health if one.content.get("fit") is False]
    last = max(unfit, default=date.min)
    return [
        one.happened_on
        for one in health
        if one.content.get("fit") is not False and one.happened_on > last
    ]


def _posts(person_id: UUID, qualification: Qualification, on: date) -> list[tuple[UUID, bool]]:
    """Return the posts that call for the qualification on the day, and whether at high risk."""
    statement = (
        select(Post.id, Post.items, Organisation.is_high_risk)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(
            Post.person_id == person_id,
            Post.role.in_(roster.posts_calling_for(qualification.role)),
            Post.from_on <= on,
            or_(Post.until_on.is_(None), Post.until_on > on),
        )
    )
    item = qualification.operation_item
    return [
        (post_id, high_risk)
        for post_id, items, high_risk in db.session.execute(statement).all()
        if item is None or item in items
    ]


def _tried(
    person_id: UUID,
    qualification_id: UUID,
    standard: ExamStandard,
    at: datetime,
    practical_at: UUID | None,
) -> Iterable[Tried]:
    """Return the attempts that count; one whose outcome is still hidden passes for a failure."""
    elsewhere = practical_at is not None and _applied_elsewhere(
        person_id, qualification_id, practical_at
    )
    statement = (
        select(Attempt.id, Attempt.started_at, Attempt.state, Outcome.passed, Outcome.released_at)
        .join(Exam, Exam.id == Attempt.exam_id)
        .outerjoin(Outcome, Outcome.attempt_id == Attempt.id)
        .where(
            Attempt.candidate_id == person_id,
            Exam.qualification_id == qualification_id,
            Attempt.counts,
            ~Exam.is_practice,
        )
    )
    for attempt_id, started_at, state, passed, released_at in db.session.execute(statement).all():
        told = state is State.GRADED and released_at is not None and released_at <= at
        stands = bool(told and passed)
        spent_on = theory_passes.last_failure(attempt_id, standard) if stands else None
        pending = stands and (
            elsewhere
            or (practical_at is not None and theory_passes.pending(attempt_id) is not None)
        )
        yield Tried(
            on=days.civil_day(started_at), passed=stands, spent_on=spent_on, pending=pending
        )


def _applied_elsewhere(person_id: UUID, qualification_id: UUID, sitting_id: UUID) -> bool:
    """Say whether somebody has a place in another sitting for the same practical."""
    statement = (
        select(Candidature.id)
        .join(Enrolment, Enrolment.id == Candidature.id)
        .join(Sitting, Sitting.id == Candidature.sitting_id)
        .join(Exam, Exam.id == Sitting.id)
        .where(
            Candidature.candidate_id == person_id,
            Enrolment.withdrawn_at.is_(None),
            Exam.qualification_id == qualification_id,
            Sitting.id != sitting_id,
            Sitting.mode == Mode.PRACTICAL,
            Sitting.state.in_(COMING),
        )
    )
    return db.session.scalars(statement.limit(1)).first() is not None
