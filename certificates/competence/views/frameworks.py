"""Frameworks and cycles (能力框架与评价周期接口)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from certificates.competence.errors import (
    CycleSpanEmpty,
    FrameworkInUse,
    FrameworkUnfit,
    GradesFormCircle,
)
from certificates.competence.models import CompetenceCycle, CompetenceFramework
from certificates.competence.schemas.appraisals import (
    CompetenceCycleIn,
    CompetenceCycleOut,
    CompetenceCycleQuery,
)
from certificates.competence.schemas.frameworks import (
    CompetenceDayQuery,
    CompetenceFrameworkIn,
    CompetenceFrameworkOut,
)
from certificates.competence.services import cycles, frameworks
from certificates.competence.services.cycles import CycleDraft
from certificates.competence.views.parts import views
from server import clock
from server.access import identity, requires, signed_in_only
from server.db import transaction
from server.errors import IdTaken
from server.paging import Page, PageQuery
from server.policy import Permission


@views.route("/competence-frameworks")
@signed_in_only
@views.arguments(PageQuery, location="query")
@views.page(CompetenceFrameworkOut)
def list_competence_frameworks(query: dict[str, Any]) -> Page:
    """List every version of every framework, the latest first."""
    return frameworks.listed(**query)


@views.route("/competence-frameworks/<uuid:framework_id>")
@signed_in_only
@views.response(200, CompetenceFrameworkOut)
def show_competence_framework(framework_id: UUID) -> CompetenceFramework:
    """Show a version of a framework."""
    return frameworks.get(framework_id)


@views.route("/competence-frameworks/<string:key>/in-force")
@signed_in_only
@views.arguments(CompetenceDayQuery, location="query")
@views.response(200, CompetenceFrameworkOut)
def show_framework_in_force(query: dict[str, Any], key: str) -> CompetenceFramework:
    """Show the version of a framework that counts on a day."""
    return frameworks.in_force(key, on=query["on"] or clock.today())


@views.route("/competence-frameworks/<uuid:framework_id>", methods=["PUT"])
@requires(Permission.KEEP_FRAMEWORKS)
@views.arguments(CompetenceFrameworkIn)
@views.response(200, CompetenceFrameworkOut)
@views.refuses(GradesFormCircle, FrameworkUnfit, FrameworkInUse, IdTaken)
def write_competence_framework(body: dict[str, Any], framework_id: UUID) -> CompetenceFramework:
    """Write a version of a framework, which counts from a day to come."""
    by, effective_from = identity(), body.pop("effective_from")
    assert isinstance(effective_from, date)  # noqa: S101  # the schema reads a day
    with transaction():
        return frameworks.write(
            framework_id, body, effective_from=effective_from, by=by, at=clock.now()
        )


@views.route("/competence-cycles/<uuid:cycle_id>", methods=["PUT"])
@requires(Permission.APPRAISE_COMPETENCE)
@views.arguments(CompetenceCycleIn)
@views.response(200, CompetenceCycleOut)
@views.refuses(CycleSpanEmpty, IdTaken)
def plan_competence_cycle(body: dict[str, CycleDraft], cycle_id: UUID) -> CompetenceCycle:
    """Plan some days in which people of an organisation are evaluated."""
    by = identity()
    with transaction():
        return cycles.plan(cycle_id, body["draft"], by=by, at=clock.now())


@views.route("/competence-cycles")
@requires(Permission.SEE_COMPETENCE)
@views.arguments(CompetenceCycleQuery, location="query")
@views.page(CompetenceCycleOut)
def list_competence_cycles(query: dict[str, Any]) -> Page:
    """List the cycles of the organisations one leads, the latest first."""
    return cycles.listed(identity().scope(Permission.SEE_COMPETENCE), **query)


@views.route("/competence-cycles/<uuid:cycle_id>")
@requires(Permission.SEE_COMPETENCE)
@views.response(200, CompetenceCycleOut)
def show_competence_cycle(cycle_id: UUID) -> CompetenceCycle:
    """Show a cycle."""
    return cycles.get(cycle_id, scope=identity().scope(Permission.SEE_COMPETENCE))
