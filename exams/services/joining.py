"""What exams say when two entries of a person become one (合并档案与考试)."""

from __future__ import annotations

from sqlalchemy import select

from exams.errors import SittingNow
from exams.lifecycle import State
from exams.models import Attempt
from server.db import db
from server.people.events import PeopleMerging


def refuse_while_sitting(event: PeopleMerging) -> None:
    """Leave entries alone while an attempt of theirs is running.

    Raises:
        SittingNow: one of the two sits an exam.
    """
    running = select(Attempt.id).where(
        Attempt.candidate_id.in_([event.kept_id, event.merged_id]),
        Attempt.state == State.IN_PROGRESS,
    )
    if db.session.execute(running.limit(1)).first() is not None:
        raise SittingNow
