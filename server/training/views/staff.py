"""Addresses of teachers and what they may teach (教师接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server import clock
from server.access import identity, requires
from server.audit.errors import NumberNotMasked
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.policy import Permission
from server.training.errors import NotInPool, TermUnfit
from server.training.models import Teacher, TeacherSubject
from server.training.schemas.providers import (
    TeacherDayQuery,
    TeacherEndIn,
    TeacherIn,
    TeacherList,
    TeacherOut,
    TeacherSubjectIn,
    TeacherSubjectOut,
)
from server.training.services import teachers
from server.training.services.teachers import SubjectDraft, TeacherDraft

views = Part("training_staff", "Teachers 培训教师")


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
@views.refuses(TermUnfit, NumberNotMasked)
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
