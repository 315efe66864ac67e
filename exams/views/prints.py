"""Addresses of what is printed: papers with answer sheets, keys, score sheets (打印接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from exams.correction_errors import KeysStillSecret
from exams.errors import ExamNotPublished
from exams.paper_errors import Unprintable
from exams.schemas.results import PrintIn
from exams.services import paper_prints, score_prints
from exams.services.paper_prints import PrintContent
from server import clock
from server.access import identity, requires
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.jobs.errors import TooManyJobs
from server.jobs.models import Job
from server.jobs.schemas import JobOut
from server.policy import Permission

views = Part("prints", "Papers, keys and score sheets on paper 打印")


@views.route("/exams/<uuid:exam_id>/paper-prints/<uuid:job_id>", methods=["PUT"])
@requires(Permission.PRINT_PAPERS)
@views.arguments(PrintIn)
@views.response(200, JobOut)
@views.refuses(ExamNotPublished, Unprintable, IdTaken, TooManyJobs)
def print_papers(body: dict[str, Any], exam_id: UUID, job_id: UUID) -> Job:
    """Ask for the papers of an exam as PDF, each with its answer sheet; it is audited."""
    return _asked(body, exam_id, job_id, PrintContent.PAPERS)


@views.route("/exams/<uuid:exam_id>/key-prints/<uuid:job_id>", methods=["PUT"])
@requires(Permission.PRINT_KEYS)
@views.arguments(PrintIn)
@views.response(200, JobOut)
@views.refuses(ExamNotPublished, KeysStillSecret, IdTaken, TooManyJobs)
def print_keys(body: dict[str, Any], exam_id: UUID, job_id: UUID) -> Job:
    """Ask for the keys of an exam as PDF once it has closed; it is audited."""
    return _asked(body, exam_id, job_id, PrintContent.KEYS)


@views.route("/practicals/<uuid:practical_id>/score-sheet.pdf")
@requires(Permission.EXAMINE)
@views.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def print_score_sheet(practical_id: UUID) -> Response:
    """Print one's own score sheet: empty before, with what one gave afterwards."""
    content = score_prints.sheet(practical_id, by=identity())
    response = Response(content, content_type="application/pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _asked(body: dict[str, Any], exam_id: UUID, job_id: UUID, content: PrintContent) -> Job:
    by = identity()
    with transaction():
        return paper_prints.ask(exam_id, job_id, content=content, **body, by=by, at=clock.now())
