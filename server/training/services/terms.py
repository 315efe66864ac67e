"""Terms of the expert pool: those somebody had, and what they are at the same time (聘期)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select

from server.db import db
from server.training.kinds import Function
from server.training.models import ExpertAppointment, Teacher


def of(person_id: UUID, function: Function) -> list[tuple[date, date]]:
    """Return first and last days of the terms somebody had in a function, the earliest first.

    A term that a dismissal ended, ended on the day before.
    """
    return [
        (each.valid_from, min(each.valid_until, each.dismissed_on or each.valid_until))
        for each in _appointments(person_id, [function])
    ]


def overlapping(
    person_id: UUID, functions: Collection[Function], *, first: date, last: date
) -> bool:
    """Say whether somebody is of the pool for one of some functions within a span of days."""
    return any(
        each.valid_from <= last
        and each.valid_until >= first
        and (each.dismissed_on is None or each.dismissed_on > first)
        for each in _appointments(person_id, functions)
    )


def teaches(person_id: UUID, *, first: date, last: date) -> bool:
    """Say whether somebody teaches at a provider within a span of days."""
    statement = select(func.count()).where(
        Teacher.person_id == person_id,
        Teacher.from_on <= last,
        or_(Teacher.until_on.is_(None), Teacher.until_on > first),
    )
    return db.session.execute(statement).scalar_one() > 0


def _appointments(person_id: UUID, functions: Collection[Function]) -> list[ExpertAppointment]:
    statement = select(ExpertAppointment).where(
        ExpertAppointment.person_id == person_id, ExpertAppointment.function.in_(functions)
    )
    ordered = statement.order_by(ExpertAppointment.valid_from, ExpertAppointment.id)
    return list(db.session.execute(ordered).scalars())
