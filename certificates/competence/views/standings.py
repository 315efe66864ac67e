"""Where people stand, figures of coverage, and selection of experts (能力现状与选聘接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from certificates.competence.errors import GradeNotHeld, SelectionConflict, TermTooLong
from certificates.competence.schemas.appraisals import CompetenceAppraisalLineOut
from certificates.competence.schemas.frameworks import CompetenceDayQuery
from certificates.competence.schemas.standings import (
    CompetenceFigureListOut,
    CompetenceFigureQuery,
    CompetenceHeldListOut,
    SelectableOut,
    SelectableQuery,
    SelectionIn,
)
from certificates.competence.services import finding, measuring, selection, standing
from certificates.competence.views.parts import views
from certificates.errors import UnitNeeded
from certificates.services import units
from server import clock
from server.access import identity, requires, signed_in_only
from server.db import transaction
from server.errors import IdTaken
from server.paging import Page, PageQuery
from server.policy import Permission
from server.training.errors import TermUnfit
from server.training.models import ExpertAppointment
from server.training.schemas.experts import ExpertAppointmentOut
from server.training.services.experts import AppointmentDraft


@views.route("/me/competence")
@signed_in_only
@views.arguments(CompetenceDayQuery, location="query")
@views.response(200, CompetenceHeldListOut)
def show_my_competence(query: dict[str, Any]) -> dict[str, Any]:
    """Show one's own grades on a day: what proves them, what lapses when, how one came there."""
    on = query["on"] or clock.today()
    return {"items": standing.of(identity().person_id, on=on)}


@views.route("/me/competence-appraisals")
@signed_in_only
@views.arguments(PageQuery, location="query")
@views.page(CompetenceAppraisalLineOut)
def list_my_competence_appraisals(query: dict[str, Any]) -> Page:
    """List one's own evaluations, and those in which one judges, the latest first."""
    return finding.mine(identity().person_id, **query)


@views.route("/people/<uuid:person_id>/competence")
@requires(Permission.SEE_COMPETENCE)
@views.arguments(CompetenceDayQuery, location="query")
@views.response(200, CompetenceHeldListOut)
def show_competence(query: dict[str, Any], person_id: UUID) -> dict[str, Any]:
    """Show the grades of somebody whom one leads, on a day."""
    on = query["on"] or clock.today()
    return {"items": standing.seen(person_id, by=identity(), on=on)}


@views.route("/competence-figures")
@requires(Permission.SEE_COVERAGE)
@views.arguments(CompetenceFigureQuery, location="query")
@views.response(200, CompetenceFigureListOut)
@views.refuses(UnitNeeded)
def show_competence_figures(query: dict[str, Any]) -> dict[str, Any]:
    """Show the figures of coverage that read the same facts as a framework's proofs."""
    on, key = query["on"] or clock.today(), query["framework"]
    place = {name: query[name] for name in ("region_id", "organisation_id")}
    unit = units.unit(**place, scope=identity().scope(Permission.SEE_COVERAGE), on=on)
    return {"items": measuring.figures_of(key, unit, on=on, today=clock.today())}


@views.route("/expert-selection")
@requires(Permission.APPROVE_TRAINING)
@views.arguments(SelectableQuery, location="query")
@views.page(SelectableOut)
def list_selectable_experts(query: dict[str, Any]) -> Page:
    """List who reached a grade, with terms and conflicts, to be appointed to a function."""
    on = query.pop("on") or clock.today()
    return selection.candidates(**query, on=on, by=identity())


@views.route("/expert-selection/<uuid:appointment_id>", methods=["PUT"])
@requires(Permission.APPROVE_TRAINING)
@views.arguments(SelectionIn)
@views.response(200, ExpertAppointmentOut)
@views.refuses(GradeNotHeld, TermTooLong, SelectionConflict, TermUnfit, IdTaken)
def select_expert(draft: AppointmentDraft, appointment_id: UUID) -> ExpertAppointment:
    """Appoint somebody to the expert pool, if grade, term and conflicts allow it."""
    by = identity()
    with transaction():
        return selection.appoint(appointment_id, draft, by=by, at=clock.now())
