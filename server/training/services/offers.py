"""Classes that somebody can still be sent to: which begin soon and have a place (可报名班次)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, or_, select

from server.db import db
from server.people.roster import PostRole
from server.training.kinds import TrainingType
from server.training.models import ClassLearner, Programme, TrainingClass


def soonest(
    types: Collection[TrainingType], roles: Collection[PostRole], *, after: date, limit: int = 5
) -> list[TrainingClass]:
    """Return the classes that begin next and have a free place, the soonest first.

    Args:
        types: what they train for, any of these.
        roles: for whom, any of these; a programme for nobody in particular is for all.
        after: they begin after this day.
        limit: as many at most.
    """
    taken = (
        select(func.count())
        .where(ClassLearner.class_id == TrainingClass.id, ClassLearner.withdrawn_at.is_(None))
        .scalar_subquery()
    )
    statement = (
        select(TrainingClass)
        .join(Programme, Programme.id == TrainingClass.programme_id)
        .where(
            Programme.type.in_(types),
            or_(Programme.role.is_(None), Programme.role.in_(roles)),
            TrainingClass.starts_on > after,
            TrainingClass.cancelled_at.is_(None),
            TrainingClass.closed_at.is_(None),
            TrainingClass.capacity > taken,
        )
        .order_by(TrainingClass.starts_on, TrainingClass.id)
    )
    return list(db.session.execute(statement.limit(limit)).scalars())


def programmes(
    types: Collection[TrainingType], roles: Collection[PostRole], *, on: date
) -> list[Programme]:
    """Return the programmes by which a class could be held, whether or not one is planned.

    Args:
        types: what they train for, any of these.
        roles: for whom, any of these; a programme for nobody in particular is for all.
        on: the day on which it is asked.
    """
    statement = (
        select(Programme)
        .where(
            Programme.type.in_(types),
            or_(Programme.role.is_(None), Programme.role.in_(roles)),
            Programme.valid_from <= on,
            or_(Programme.valid_until.is_(None), Programme.valid_until >= on),
        )
        .order_by(Programme.written_at, Programme.id)
    )
    return list(db.session.execute(statement).scalars())
