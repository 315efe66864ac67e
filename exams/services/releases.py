"""When outcomes are to be shown at the latest, and which are overdue (成绩公布期限)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from exams.correction_errors import ReleaseTooLate
from exams.lifecycle import State
from exams.models import Attempt, Exam, ExamStandard, Outcome, Practical, PracticalOutcome
from exams.models.practicals import PracticalState
from exams.services.reach import held_within
from server import days, working_days
from server.db import db
from server.scopes import Scope

#: The longest delay that any standard names; older things are looked at for overdue ones.
_LOOKED_AT = 500


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """An outcome that should have been shown."""

    kind: str
    id: UUID
    organisation_id: UUID
    qualification_id: UUID
    held_on: date
    due_on: date
    #: Working days since.
    late_days: int


def due_on(held_at: datetime, standard: ExamStandard) -> date:
    """Return the last day on which an outcome is to be shown (Order 30 art. 15: ten)."""
    held_on = days.civil_day(held_at)
    return working_days.working_days_after(held_on, standard.results_working_days)


def check(held_at: datetime, release_at: datetime | None, standard: ExamStandard) -> None:
    """Make sure that an outcome is not held back longer than the rule allows.

    Raises:
        ReleaseTooLate: it is.
    """
    if release_at is None:
        return
    last = due_on(held_at, standard)
    if days.civil_day(release_at) > last:
        raise ReleaseTooLate(due_on=last.isoformat(), working_days=standard.results_working_days)


def overdue(scope: Scope, *, on: date) -> list[Overdue]:
    """Return what should have been shown before a day, within the scope, the oldest first."""
    found = [*_attempts(scope, on), *_practicals(scope, on)]
    return sorted(found, key=lambda one: (one.due_on, one.id))[:_LOOKED_AT]


def _attempts(scope: Scope, on: date) -> Sequence[Overdue]:
    statement = (
        select(Exam, Attempt.id)
        .join(Attempt, Attempt.exam_id == Exam.id)
        .outerjoin(Outcome, Outcome.attempt_id == Attempt.id)
        .where(
            held_within(Exam.organisation_id, scope),
            Exam.closes_at < days.beginning_of(on),
            Attempt.state.in_((State.SUBMITTED, State.IN_PROGRESS, State.GRADED)),
            or_(Outcome.attempt_id.is_(None), Outcome.released_at >= days.beginning_of(on)),
        )
        .order_by(Exam.closes_at, Attempt.id)
        .limit(_LOOKED_AT)
    )
    return [
        late
        for exam, attempt_id in db.session.execute(statement)
        if exam.standard is not None
        and (late := _late("attempt", attempt_id, exam, exam.closes_at, exam.standard, on))
    ]


def _practicals(scope: Scope, on: date) -> Sequence[Overdue]:
    statement = (
        select(Practical)
        .outerjoin(PracticalOutcome, PracticalOutcome.practical_id == Practical.id)
        .where(
            held_within(Practical.organisation_id, scope),
            Practical.planned_at < days.beginning_of(on),
            Practical.state != PracticalState.VOIDED,
            or_(
                PracticalOutcome.practical_id.is_(None),
                PracticalOutcome.released_at >= days.beginning_of(on),
            ),
        )
        .order_by(Practical.planned_at, Practical.id)
        .limit(_LOOKED_AT)
    )
    return [
        late
        for one in db.session.execute(statement).scalars()
        if (late := _late("practical", one.id, one, one.planned_at, one.standard, on))
    ]


def _late(
    kind: str,
    thing_id: UUID,
    held: Exam | Practical,
    held_at: datetime,
    standard: ExamStandard,
    on: date,
) -> Overdue | None:
    last = due_on(held_at, standard)
    if on <= last:
        return None
    late, day = 0, last
    while day < on:
        day = working_days.working_days_after(day, 1)
        late += 1
    return Overdue(
        kind=kind,
        id=thing_id,
        organisation_id=held.organisation_id,
        qualification_id=held.qualification_id,
        held_on=days.civil_day(held_at),
        due_on=last,
        late_days=late,
    )
