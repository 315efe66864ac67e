"""Addresses of conduct in an attempt (行为记录接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from exams.errors import UnknownEpoch
from exams.schemas.behaviour import BehaviourEventOut, BehaviourIn, BehaviourKept
from exams.services import conduct, figured
from server import clock
from server.access import identity, requires
from server.auth import doorkeeper
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.jobs.errors import TooManyJobs
from server.jobs.models import Job
from server.jobs.schemas import JobOut
from server.paging import Page, PageQuery
from server.policy import Permission

views = Part("behaviour", "Conduct in an attempt: evidence for people 行为记录")


@views.route("/attempts/<uuid:attempt_id>/behaviour", methods=["PUT"])
@requires(Permission.SIT_EXAMS)
@views.arguments(BehaviourIn)
@views.response(200, BehaviourKept)
@views.refuses(UnknownEpoch)
def tell_behaviour(body: dict[str, Any], attempt_id: UUID) -> dict[str, int]:
    """Keep what the phone tells of conduct; each event once. Nothing follows from it by itself."""
    by, device_id, at = identity(), doorkeeper.device_id(), clock.now()
    with transaction():
        held = conduct.tell(attempt_id, **body, by=by, device_id=device_id, at=at)
    return {"held_count": held}


@views.route("/attempts/<uuid:attempt_id>/behaviour")
@requires(Permission.SEE_EXAMS)
@views.arguments(PageQuery, location="query")
@views.page(BehaviourEventOut)
def list_behaviour(query: dict[str, Any], attempt_id: UUID) -> Page:
    """List the conduct in an attempt, for its invigilators and examiners."""
    return conduct.of(attempt_id, by=identity(), **query)


@views.route("/exams/<uuid:exam_id>/evidence-reports/<uuid:job_id>", methods=["PUT"])
@requires(Permission.EXAMINE)
@views.response(200, JobOut)
@views.refuses(IdTaken, TooManyJobs)
def ask_for_evidence(exam_id: UUID, job_id: UUID) -> Job:
    """Ask for a report on responses alike, in step or too fast, with its false-alarm rate.

    A job does it; its result is the report. It is evidence for people, and changes nothing.
    """
    by = identity()
    with transaction():
        return figured.ask_for_evidence(job_id, exam_id, by=by, at=clock.now())
