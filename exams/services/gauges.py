"""What an operator watches among attempts (答卷指标)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, inspect, select

from exams.lifecycle import State
from exams.models import Attempt
from server.config import Config
from server.days import CIVIL_ZONE
from server.db import db
from server.gauges.readings import Gauge, Reading, age


def attempts(_config: Config, at: datetime) -> Iterator[Reading]:
    """Read how many attempts go on or wait for their outcome, and how long one is overdue."""
    statement = (
        select(Attempt.state, func.count(), func.min(Attempt.deadline_at))
        .where(Attempt.state.in_((State.IN_PROGRESS, State.SUBMITTED)))
        .group_by(Attempt.state)
    )
    found = {state: (count, first) for state, count, first in db.session.execute(statement)}
    for state in (State.IN_PROGRESS, State.SUBMITTED):
        count, _first = found.get(state, (0, None))
        yield Reading(
            name="platform_attempts",
            meaning="Attempts that go on, or were handed in and have no outcome yet.",
            value=count,
            labels={"state": state},
        )
    _count, first = found.get(State.IN_PROGRESS, (0, None))
    yield Reading(
        name="platform_attempt_overdue_seconds",
        meaning="Seconds for which an attempt goes on past its deadline, the longest of all.",
        value=age(at, first),
    )


def going_on(at: datetime) -> str | None:
    """Say that candidates answer now, and until when; None where nobody does.

    Asks for columns of the first release only: it is asked before the schema is this code's.
    """
    if not inspect(db.engine).has_table(Attempt.__tablename__):
        return None
    count, last = db.session.execute(
        select(func.count(), func.max(Attempt.deadline_at)).where(
            Attempt.state == State.IN_PROGRESS, Attempt.deadline_at > at
        )
    ).one()
    db.session.rollback()
    if not count:
        return None
    until = last.astimezone(CIVIL_ZONE)
    return f"{count} 人正在作答，至 {until:%H:%M}。 {count} candidates answer until {until:%H:%M}."


GAUGES: tuple[Gauge, ...] = (attempts,)
