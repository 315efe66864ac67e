"""Addresses of duties at sittings, and of exceptions from separation (考务人员、回避接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from exams.models import SeparationOverride, SittingDuty
from exams.practical_errors import CircuitUnfit
from exams.schemas.own_duties import OwnDutiesOut
from exams.schemas.sittings import (
    SeparationOverrideDecisionIn,
    SeparationOverrideIn,
    SeparationOverrideOut,
    SeparationOverrideQuery,
    SittingDutiesOut,
    SittingDutyIn,
    SittingDutyOut,
    SittingDutyQuery,
)
from exams.separation_errors import NotSeparated, OverrideDecided, OverrideNeedsAnother
from exams.services import overriding, own_duties, practical_sittings, sittings, staff
from exams.sitting_errors import DutyOverlaps, RoomsUnfit
from server import clock
from server.access import identity, requires, signed_in_only
from server.audit.errors import NumberNotMasked
from server.audit.schemas import WhyIn
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.paging import Page
from server.policy import Permission
from server.training.errors import NotInPool

views = Part("sitting_duties", "Who works at sittings, apart from whom they trained 考培分离")


@views.route("/sittings/<uuid:sitting_id>/duties")
@requires(Permission.ASSIGN_DUTIES)
@views.arguments(SittingDutyQuery, location="query")
@views.response(200, SittingDutiesOut)
def list_duties(query: dict[str, Any], sitting_id: UUID) -> dict[str, list[SittingDuty]]:
    """List who does what at a sitting."""
    sittings.get(sitting_id, scope=identity().scope(Permission.ASSIGN_DUTIES))
    return {"items": staff.of(sitting_id, **query)}


@views.route("/sittings/<uuid:sitting_id>/duties/<uuid:duty_id>", methods=["PUT"])
@requires(Permission.ASSIGN_DUTIES)
@views.arguments(SittingDutyIn)
@views.response(200, SittingDutyOut)
@views.refuses(IdTaken, RoomsUnfit, DutyOverlaps, NotSeparated, CircuitUnfit, NotInPool)
def assign_duty(body: dict[str, Any], sitting_id: UUID, duty_id: UUID) -> SittingDuty:
    """Assign somebody to a sitting whom nothing binds to its candidates."""
    by = identity()
    with transaction():
        scope = by.scope(Permission.ASSIGN_DUTIES)
        sitting = sittings.get(sitting_id, scope=scope, lock=True)
        made = staff.assign(duty_id, sitting, **body, by=by, at=clock.now())
        practical_sittings.follow_duties(sitting, by=by, at=clock.now())
        return made


@views.route("/sittings/<uuid:sitting_id>/duties/<uuid:duty_id>/end", methods=["PUT"])
@requires(Permission.ASSIGN_DUTIES)
@views.arguments(WhyIn, required=False)
@views.response(200, SittingDutyOut)
@views.refuses(NumberNotMasked)
def end_duty(body: dict[str, str | None], sitting_id: UUID, duty_id: UUID) -> SittingDuty:
    """End a duty."""
    by = identity()
    with transaction():
        scope = by.scope(Permission.ASSIGN_DUTIES)
        sitting = sittings.get(sitting_id, scope=scope, lock=True)
        ended = staff.end(duty_id, sitting, **body, by=by, at=clock.now())
        practical_sittings.follow_duties(sitting, by=by, at=clock.now())
        return ended


@views.route("/me/duties")
@signed_in_only
@views.response(200, OwnDutiesOut)
def list_own_duties() -> dict[str, Any]:
    """List what one watches or examines at sittings that come, run or have just ended."""
    return {"items": own_duties.listed(identity().person_id, at=clock.now())}


@views.route("/separation-overrides")
@requires(Permission.OVERRIDE_SEPARATION)
@views.arguments(SeparationOverrideQuery, location="query")
@views.page(SeparationOverrideOut)
def list_overrides(query: dict[str, Any]) -> Page:
    """List the exceptions from separation about candidates within one's reach, newest first."""
    return overriding.listed(identity().scope(Permission.OVERRIDE_SEPARATION), **query)


@views.route("/separation-overrides/<uuid:override_id>", methods=["PUT"])
@requires(Permission.ASSIGN_DUTIES)
@views.arguments(SeparationOverrideIn)
@views.response(200, SeparationOverrideOut)
@views.refuses(IdTaken)
def ask_override(body: dict[str, Any], override_id: UUID) -> SeparationOverride:
    """Ask that somebody may examine a candidate whom they are bound to."""
    by = identity()
    with transaction():
        return overriding.ask(override_id, **body, by=by, at=clock.now())


@views.route("/separation-overrides/<uuid:override_id>/decision", methods=["PUT"])
@requires(Permission.OVERRIDE_SEPARATION)
@views.arguments(SeparationOverrideDecisionIn)
@views.response(200, SeparationOverrideOut)
@views.refuses(OverrideNeedsAnother, OverrideDecided)
def decide_override(body: dict[str, Any], override_id: UUID) -> SeparationOverride:
    """Grant or refuse an exception that another authority asked for."""
    by = identity()
    with transaction():
        return overriding.decide(override_id, **body, by=by, at=clock.now())
