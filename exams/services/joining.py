"""What exams say when people are merged or appointed: sittings and bars stand in the way (联动)."""

from __future__ import annotations

from sqlalchemy import select

from exams import barring
from exams.bar_errors import BarredFromPost
from exams.errors import SittingNow
from exams.lifecycle import State
from exams.models import Attempt
from exams.services import bars
from server.db import db
from server.people.events import PeopleMerging, PostAssigned


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


def refuse_barred(event: PostAssigned) -> None:
    """Let nobody be appointed to a post that a decision bars them from.

    Raises:
        BarredFromPost: such a decision holds on the first day of the post.
    """
    grounds = bars.grounds_of(event.person_id, on=event.from_on)
    if barring.bars_post(grounds, event.role):
        raise BarredFromPost
