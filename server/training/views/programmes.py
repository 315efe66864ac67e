"""Addresses of programmes and their lessons online (培训方案接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server import clock
from server.access import identity, requires, signed_in_only
from server.audit.errors import NumberNotMasked
from server.audit.schemas import WhyIn
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.paging import Page
from server.policy import Permission
from server.training.errors import ProgrammeTooShort, ProgrammeUnfit
from server.training.models import OnlineLesson
from server.training.schemas.programmes import (
    OnlineLessonIn,
    OnlineLessonList,
    OnlineLessonOut,
    OnlineLessonQuery,
    ProgrammeIn,
    ProgrammeOut,
    ProgrammeQuery,
    ProgrammeShown,
)
from server.training.services import online_lessons, programmes, studying
from server.training.services.programmes import ProgrammeDraft, Shown
from server.training.services.studying import LessonDraft
from server.training.study_errors import LessonUnfit

views = Part("training_programmes", "What is taught, in how many hours 培训方案")

_PROGRAMME = "/training-programmes/<uuid:programme_id>"


@views.route("/training-programmes")
@requires(Permission.SEE_TRAINING)
@views.arguments(ProgrammeQuery, location="query")
@views.page(ProgrammeOut)
def list_programmes(query: dict[str, Any]) -> Page:
    """List programmes: of providers within reach, and of every authority."""
    return programmes.listed(scope=identity().scope(Permission.SEE_TRAINING), **query)


@views.route(_PROGRAMME)
@signed_in_only
@views.response(200, ProgrammeShown)
def show_programme(programme_id: UUID) -> Shown:
    """Show a programme with its subjects."""
    return programmes.shown(programme_id)


@views.route(_PROGRAMME, methods=["PUT"])
@requires(Permission.SEE_TRAINING)
@views.arguments(ProgrammeIn)
@views.response(200, ProgrammeShown)
@views.refuses(ProgrammeTooShort, ProgrammeUnfit, IdTaken)
def write_programme(draft: ProgrammeDraft, programme_id: UUID) -> Shown:
    """Enter a programme: for one's own provider or enterprise, or as an authority for all."""
    by, at = identity(), clock.now()
    with transaction():
        return programmes.write(programme_id, draft, by=by, at=at)


@views.route(f"{_PROGRAMME}/online-lessons/<uuid:lesson_id>", methods=["PUT"])
@requires(Permission.MANAGE_PROVIDER)
@views.arguments(OnlineLessonIn)
@views.response(200, OnlineLessonOut)
@views.refuses(LessonUnfit, IdTaken)
def write_online_lesson(draft: LessonDraft, programme_id: UUID, lesson_id: UUID) -> OnlineLesson:
    """Add a lesson online: text, slides or a video by reference, with a test if one is wanted."""
    by, at = identity(), clock.now()
    with transaction():
        return studying.write_lesson(programme_id, lesson_id, draft, by=by, at=at)


@views.route(f"{_PROGRAMME}/online-lessons")
@requires(Permission.MANAGE_PROVIDER)
@views.arguments(OnlineLessonQuery, location="query")
@views.response(200, OnlineLessonList)
def list_online_lessons(query: dict[str, Any], programme_id: UUID) -> dict[str, Any]:
    """List the lessons online of one's own programme, without content and keys, in their order."""
    scope = identity().scope(Permission.MANAGE_PROVIDER)
    return {"items": online_lessons.listed(programme_id, scope=scope, **query)}


@views.route("/online-lessons/<uuid:lesson_id>/withdrawal", methods=["PUT"])
@requires(Permission.MANAGE_PROVIDER)
@views.arguments(WhyIn, required=False)
@views.response(200, OnlineLessonOut)
@views.refuses(NumberNotMasked)
def withdraw_online_lesson(body: dict[str, str | None], lesson_id: UUID) -> OnlineLesson:
    """Offer a lesson no longer; what was studied of it stays."""
    by, at = identity(), clock.now()
    with transaction():
        return online_lessons.withdraw(lesson_id, **body, by=by, at=at)
