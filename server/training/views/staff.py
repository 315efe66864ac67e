"""Addresses of the expert pool, safety engineers and teachers (专家库、教师接口)."""

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
from server.training.errors import NotInPool, TermUnfit
from server.training.models import ExpertAppointment, SafetyEngineer, Teacher, TeacherSubject
from server.training.schemas.providers import (
    EducationOut,
    ExpertAppointmentIn,
    ExpertAppointmentOut,
    ExpertAppointmentQuery,
    SafetyEngineerIn,
    SafetyEngineerOut,
    TeacherDayQuery,
    TeacherEndIn,
    TeacherIn,
    TeacherList,
    TeacherOut,
    TeacherSubjectIn,
    TeacherSubjectOut,
    TrainingEndIn,
)
from server.training.services import experts, teachers
from server.training.services.experts import AppointmentDraft, Education, EngineerDraft
from server.training.services.teachers import SubjectDraft, TeacherDraft

views = Part("training_staff", "The expert pool, safety engineers and teachers 专家库与教师")


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
@views.refuses(TermUnfit, IdTaken)
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


@views.route("/safety-engineers/<uuid:engineer_id>", methods=["PUT"])
@requires(Permission.APPROVE_TRAINING)
@views.arguments(SafetyEngineerIn)
@views.response(200, SafetyEngineerOut)
@views.refuses(TermUnfit, IdTaken)
def register_engineer(draft: EngineerDraft, engineer_id: UUID) -> SafetyEngineer:
    """Enter the registration of a safety engineer."""
    by, at = identity(), clock.now()
    with transaction():
        return experts.register(engineer_id, draft, by=by, at=at)


@views.route("/safety-engineers/<uuid:engineer_id>/education")
@requires(Permission.APPROVE_TRAINING)
@views.response(200, EducationOut)
def show_education(engineer_id: UUID) -> Education:
    """Show the continuing education of a safety engineer since the registration began."""
    return experts.education(engineer_id, by=identity())


@views.route("/training-providers/<uuid:provider_id>/teachers")
@requires(Permission.SEE_TRAINING)
@views.arguments(TeacherDayQuery, location="query")
@views.response(200, TeacherList)
def list_teachers(query: dict[str, Any], provider_id: UUID) -> dict[str, Any]:
    """List the teachers of a provider and what they may teach."""
    scope = identity().scope(Permission.SEE_TRAINING)
    return {"items": teachers.listed(provider_id, scope=scope, **query)}


@views.route("/training-providers/<uuid:provider_id>/teachers/<uuid:teacher_id>", methods=["PUT"])
@requires(Permission.MANAGE_PROVIDER)
@views.arguments(TeacherIn)
@views.response(200, TeacherOut)
@views.refuses(NotInPool, IdTaken)
def engage_teacher(draft: TeacherDraft, provider_id: UUID, teacher_id: UUID) -> Teacher:
    """Enter that somebody of the expert pool teaches here."""
    by, at = identity(), clock.now()
    with transaction():
        return teachers.engage(provider_id, teacher_id, draft, by=by, at=at)


@views.route("/teachers/<uuid:teacher_id>/end", methods=["PUT"])
@requires(Permission.MANAGE_PROVIDER)
@views.arguments(TeacherEndIn)
@views.response(200, TeacherOut)
@views.refuses(TermUnfit)
def end_teacher(body: dict[str, Any], teacher_id: UUID) -> Teacher:
    """End that somebody teaches here."""
    by, at = identity(), clock.now()
    with transaction():
        return teachers.end(teacher_id, **body, by=by, at=at)


@views.route("/teachers/<uuid:teacher_id>/subjects/<uuid:subject_id>", methods=["PUT"])
@requires(Permission.APPROVE_TRAINING)
@views.arguments(TeacherSubjectIn)
@views.response(200, TeacherSubjectOut)
@views.refuses(TermUnfit, IdTaken)
def approve_subject(draft: SubjectDraft, teacher_id: UUID, subject_id: UUID) -> TeacherSubject:
    """Let a teacher teach a subject, from one day until another."""
    by, at = identity(), clock.now()
    with transaction():
        return teachers.approve_subject(teacher_id, subject_id, draft, by=by, at=at)
