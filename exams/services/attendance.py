"""How many have a place in an exam, and how far they are (考试人数)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, Text, case, cast, func, select

from exams.lifecycle import State
from exams.models import Attempt, Enrolment
from exams.services import planning
from server.db import db
from server.scopes import EVERYWHERE, Scope


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """The people of an exam, counted."""

    #: Who has a place.
    enrolled_count: int
    #: Who asked for one and has none, because something stands in the way.
    hindered_count: int
    withdrawn_count: int
    #: Who has a place and has not started.
    absent_count: int
    in_progress_count: int
    submitted_count: int
    graded_count: int
    voided_count: int


def of(exam_id: UUID, *, scope: Scope = EVERYWHERE) -> Attendance:
    """Return the counts of an exam that is held within the scope, in two statements.

    Raises:
        NotFound: there is no such exam within the scope.
    """
    planning.get(exam_id, scope=scope)
    given_up = Enrolment.withdrawn_at.is_not(None)
    # JSON without anything in it reads the same on every database.
    placed = cast(Enrolment.hindrances, Text) == "[]"
    started = Attempt.id.is_not(None)
    standing = case(
        (given_up, "withdrawn"),
        (~placed, "hindered"),
        (started, "started"),
        else_="absent",
    )
    places = _counts(
        select(standing, func.count(func.distinct(Enrolment.id)))
        .outerjoin(Attempt, Attempt.enrolment_id == Enrolment.id)
        .where(Enrolment.exam_id == exam_id)
        .group_by(standing)
    )
    attempts = _counts(
        select(Attempt.state, func.count())
        .where(Attempt.exam_id == exam_id)
        .group_by(Attempt.state)
    )
    return Attendance(
        enrolled_count=places.get("started", 0) + places.get("absent", 0),
        hindered_count=places.get("hindered", 0),
        withdrawn_count=places.get("withdrawn", 0),
        absent_count=places.get("absent", 0),
        **{f"{state.value}_count": attempts.get(state, 0) for state in State},
    )


def _counts(statement: Select[str, int]) -> dict[str, int]:
    return {row[0]: row[1] for row in db.session.execute(statement)}
