"""Addresses of appeals about hours, and of hours taken away by hand (学时申诉接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server import clock
from server.access import identity, requires, signed_in_only
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.paging import Page
from server.policy import Permission
from server.training.errors import ClassOver
from server.training.models import StudyAppeal, StudyRuling
from server.training.schemas.study import (
    AppealDecisionIn,
    StudyAppealIn,
    StudyAppealOut,
    StudyAppealQuery,
    StudyRulingIn,
    StudyRulingOut,
)
from server.training.services import appeals
from server.training.services.appeals import Decision
from server.training.study_errors import AppealDecided, OwnHours

views = Part("study_appeals", "Appeals about hours, and decisions on them 学时申诉")


@views.route("/study-appeals")
@requires(Permission.PLAN_TRAINING)
@views.arguments(StudyAppealQuery, location="query")
@views.page(StudyAppealOut)
def list_study_appeals(query: dict[str, Any]) -> Page:
    """List the appeals of one's own classes, the latest first."""
    return appeals.listed(by=identity(), **query)


@views.route("/study-sessions/<uuid:session_id>/appeals/<uuid:appeal_id>", methods=["PUT"])
@signed_in_only
@views.arguments(StudyAppealIn)
@views.response(200, StudyAppealOut)
@views.refuses(IdTaken)
def ask_for_hours(body: dict[str, Any], session_id: UUID, appeal_id: UUID) -> StudyAppeal:
    """Ask for hours of a session that did not count."""
    by, at = identity(), clock.now()
    with transaction():
        return appeals.ask(appeal_id, session_id, **body, by=by, at=at)


@views.route("/study-appeals/<uuid:appeal_id>/decision", methods=["PUT"])
@requires(Permission.PLAN_TRAINING)
@views.arguments(AppealDecisionIn)
@views.response(200, StudyAppealOut)
@views.refuses(AppealDecided, OwnHours, ClassOver)
def decide_study_appeal(decision: Decision, appeal_id: UUID) -> StudyAppeal:
    """Decide an appeal, with reasons; what is granted is added to the hours."""
    by, at = identity(), clock.now()
    with transaction():
        return appeals.decide(appeal_id, decision, by=by, at=at)


@views.route("/study-sessions/<uuid:session_id>/rulings/<uuid:ruling_id>", methods=["PUT"])
@requires(Permission.PLAN_TRAINING)
@views.arguments(StudyRulingIn)
@views.response(200, StudyRulingOut)
@views.refuses(OwnHours, ClassOver, IdTaken)
def take_hours(body: dict[str, Any], session_id: UUID, ruling_id: UUID) -> StudyRuling:
    """Take minutes of a session away by hand, with reasons."""
    by, at = identity(), clock.now()
    with transaction():
        return appeals.take_away(ruling_id, session_id, **body, by=by, at=at)
