"""Addresses of exports (导出接口): a file is asked for, and fetched from its job."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from question_bank.errors import FormatNeedsKeys, KeysNotAllowed, TooManyToExport
from question_bank.schemas.exports import QuestionExportIn
from question_bank.services import exports
from server import clock
from server.access import identity, requires
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.jobs.errors import TooManyJobs
from server.jobs.models import Job
from server.jobs.schemas import JobOut
from server.policy import Permission

views = Part("question_exports", "Exports of questions 试题导出")


@views.route("/question-exports/<uuid:export_id>", methods=["PUT"])
@requires(Permission.EXPORT_QUESTIONS)
@views.arguments(QuestionExportIn)
@views.response(200, JobOut)
@views.refuses(FormatNeedsKeys, KeysNotAllowed, TooManyToExport, IdTaken, TooManyJobs)
def export_questions(body: dict[str, Any], export_id: UUID) -> Job:
    """Ask for questions as a file; it is fetched from the job of the same id."""
    by = identity()
    with transaction():
        return exports.ask(export_id, **body, by=by, at=clock.now())
