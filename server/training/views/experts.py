"""Addresses of the expert pool and of safety engineers (专家库接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server import clock
from server.access import identity, requires
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.paging import Page
from server.policy import Permission
from server.training.errors import OwnAppointment, TermUnfit
from server.training.models import ExpertAppointment, ExpertAppraisal, SafetyEngineer
from server.training.schemas.experts import (
    EducationOut,
    ExpertAppointmentIn,
    ExpertAppointmentOut,
    ExpertAppointmentQuery,
    ExpertAppraisalIn,
    ExpertAppraisalList,
    ExpertAppraisalOut,
    SafetyEngineerIn,
    SafetyEngineerOut,
    SafetyEngineerQuery,
)
from server.training.schemas.providers import TrainingEndIn
from server.training.services import engineers, experts
from server.training.services.engineers import Education, EngineerDraft
from server.training.services.experts import AppointmentDraft, AppraisalDraft

views = Part("training_experts", "The expert pool and safety engineers 专家库与注册安全工程师")


@views.route("/expert-appointments")
@requires(Permission.SEE_TRAINING)
@views.arguments(ExpertAppointmentQuery, location="query")
@views.page(ExpertAppointmentOut)
def list_experts(query: dict[str, Any]) -> Page:
    """List the expert pool: of a function, counting on a day."""
    return experts.listed(**query)


@views.route("/expert-appointments/<uuid:appointment_id>", methods=["PUT"])
@requires(Permission.APPROVE_TRAINING)
@views.arguments(ExpertAppointmentIn)
@views.response(200, ExpertAppointmentOut)
@views.refuses(TermUnfit, IdTaken, OwnAppointment)
def appoint_expert(draft: AppointmentDraft, appointment_id: UUID) -> ExpertAppointment:
    """Appoint somebody as teacher, author or examiner for a term."""
    by, at = identity(), clock.now()
    with transaction():
        return experts.appoint(appointment_id, draft, by=by, at=at)


@views.route("/expert-appointments/<uuid:appointment_id>/dismissal", methods=["PUT"])
@requires(Permission.APPROVE_TRAINING)
@views.arguments(TrainingEndIn)
@views.response(200, ExpertAppointmentOut)
def dismiss_expert(body: dict[str, Any], appointment_id: UUID) -> ExpertAppointment:
    """Dismiss an expert from a day on."""
    by, at = identity(), clock.now()
    with transaction():
        return experts.dismiss(appointment_id, **body, by=by, at=at)


@views.route(
    "/expert-appointments/<uuid:appointment_id>/appraisals/<uuid:appraisal_id>", methods=["PUT"]
)
@requires(Permission.APPROVE_TRAINING)
@views.arguments(ExpertAppraisalIn)
@views.response(200, ExpertAppraisalOut)
@views.refuses(TermUnfit, IdTaken, OwnAppointment)
def appraise_expert(
    draft: AppraisalDraft, appointment_id: UUID, appraisal_id: UUID
) -> ExpertAppraisal:
    """Enter that an expert was appraised within the term; the last appraisal counts."""
    by, at = identity(), clock.now()
    with transaction():
        return experts.appraise(appointment_id, appraisal_id, draft, by=by, at=at)


@views.route("/expert-appointments/<uuid:appointment_id>/appraisals")
@requires(Permission.APPROVE_TRAINING)
@views.response(200, ExpertAppraisalList)
def list_appraisals(appointment_id: UUID) -> dict[str, Any]:
    """List the appraisals of an expert within the term, the last first."""
    return {"items": experts.appraisals(appointment_id, by=identity())}


@views.route("/safety-engineers")
@requires(Permission.APPROVE_TRAINING)
@views.arguments(SafetyEngineerQuery, location="query")
@views.page(EducationOut)
def list_engineers(query: dict[str, Any]) -> Page:
    """List safety engineers with their continuing education, whose registration ends next first."""
    return engineers.listed(by=identity(), **query)


@views.route("/safety-engineers/<uuid:engineer_id>", methods=["PUT"])
@requires(Permission.APPROVE_TRAINING)
@views.arguments(SafetyEngineerIn)
@views.response(200, SafetyEngineerOut)
@views.refuses(TermUnfit, IdTaken)
def register_engineer(draft: EngineerDraft, engineer_id: UUID) -> SafetyEngineer:
    """Enter the registration of a safety engineer."""
    by, at = identity(), clock.now()
    with transaction():
        return engineers.register(engineer_id, draft, by=by, at=at)


@views.route("/safety-engineers/<uuid:engineer_id>/education")
@requires(Permission.APPROVE_TRAINING)
@views.response(200, EducationOut)
def show_education(engineer_id: UUID) -> Education:
    """Show the continuing education of a safety engineer since the registration began."""
    return engineers.education(engineer_id, by=identity())
