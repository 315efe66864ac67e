"""Addresses of late responses: what waits for an examiner, and what is decided (迟到作答接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from exams.errors import AttemptNotGraded, NothingLate
from exams.models import LateDecision
from exams.schemas.late import DecisionIn, DecisionOut, LateAttemptOut, LateQuery
from exams.separation_errors import NotSeparated
from exams.services import late
from server import clock
from server.access import identity, requires
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.paging import Page
from server.policy import Permission

views = Part("late-responses", "Responses that came after the end 迟到作答")


@views.route("/exams/<uuid:exam_id>/late-responses")
@requires(Permission.EXAMINE)
@views.arguments(LateQuery, location="query")
@views.page(LateAttemptOut)
def list_late_responses(query: dict[str, Any], exam_id: UUID) -> Page:
    """List the attempts of an exam that have late responses, with what was decided."""
    return late.listed(exam_id, scope=identity().scope(Permission.EXAMINE), **query)


@views.route("/attempts/<uuid:attempt_id>/late-decisions/<uuid:decision_id>", methods=["PUT"])
@requires(Permission.EXAMINE)
@views.arguments(DecisionIn)
@views.response(200, DecisionOut)
@views.refuses(AttemptNotGraded, NothingLate, IdTaken)
@views.refuses(NotSeparated)
def decide_late_responses(
    body: dict[str, Any], attempt_id: UUID, decision_id: UUID
) -> LateDecision:
    """Admit or refuse the late responses of an attempt, with the reason.

    Admitted ones are graded with the rest; the better outcome stands and the original is kept.
    """
    by = identity()
    with transaction():
        return late.decide(decision_id, attempt_id=attempt_id, **body, by=by, at=clock.now())
