"""Addresses of what a decision touches, in counts, before it is taken (决定前的影响范围接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from exams.schemas.reaches import (
    AppealReachOut,
    AppealReachQuery,
    ApplicationReachOut,
    OverrideReachOut,
    SittingReachOut,
    SittingReachQuery,
)
from exams.services import reaches
from exams.services.reaches import AppealReach, ApplicationReach, OverrideReach, SittingReach
from server import clock
from server.access import identity, requires
from server.http import Part
from server.policy import Permission

views = Part("reaches", "What a decision touches, in counts 决定的影响范围")


@views.route("/enrolments/<uuid:enrolment_id>/reach")
@requires(Permission.DECIDE_CANDIDATURES)
@views.response(200, ApplicationReachOut)
def show_application_reach(enrolment_id: UUID) -> ApplicationReach:
    """Say what stands around an application, for who decides it."""
    scope = identity().scope(Permission.DECIDE_CANDIDATURES)
    return reaches.of_application(enrolment_id, scope=scope, at=clock.now())


@views.route("/sittings/<uuid:sitting_id>/reach")
@requires(Permission.SEE_EXAMS)
@views.arguments(SittingReachQuery, location="query")
@views.response(200, SittingReachOut)
def show_sitting_reach(query: dict[str, Any], sitting_id: UUID) -> SittingReach:
    """Say whom a move of a sitting, or of one of its rooms, touches."""
    scope = identity().scope(Permission.SEE_EXAMS)
    return reaches.of_sitting(sitting_id, **query, scope=scope)


@views.route("/appeals/<uuid:appeal_id>/reach")
@requires(Permission.EXAMINE)
@views.arguments(AppealReachQuery, location="query")
@views.response(200, AppealReachOut)
def show_appeal_reach(query: dict[str, Any], appeal_id: UUID) -> AppealReach:
    """Say what a ruling on an appeal touches, with a regrade of a question if one is named."""
    scope = identity().scope(Permission.EXAMINE)
    return reaches.of_appeal(appeal_id, **query, scope=scope, at=clock.now())


@views.route("/separation-overrides/<uuid:override_id>/reach")
@requires(Permission.OVERRIDE_SEPARATION)
@views.response(200, OverrideReachOut)
def show_override_reach(override_id: UUID) -> OverrideReach:
    """Say at how many sittings the two of an exception could meet."""
    scope = identity().scope(Permission.OVERRIDE_SEPARATION)
    return reaches.of_override(override_id, scope=scope, at=clock.now())
