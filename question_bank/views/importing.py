"""Addresses of imports (导入接口): a file in, its report out, its questions when accepted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request

from question_bank.errors import (
    FileDamaged,
    FileTooLarge,
    FileUnsafe,
    FormatUnknown,
    ImportAlreadyAccepted,
    ImportFileGone,
    ImportHasRefusals,
    ImportNotReady,
    MappingUnfit,
    TooManyRows,
)
from question_bank.formats.files import MOST_BYTES
from question_bank.lifecycle import Move
from question_bank.models import QuestionImport
from question_bank.schemas.imports import (
    QuestionImportAcceptanceIn,
    QuestionImportOut,
    QuestionImportQuery,
    QuestionImportReadingIn,
    QuestionImportRowOut,
    QuestionImportRowQuery,
)
from question_bank.schemas.questions import QuestionsMovedOut
from question_bank.services import import_acceptance, import_files, import_report, imports, moves
from question_bank.services.moves import Moved
from server import clock
from server.access import identity, requires
from server.catalogue.errors import OperationItemUnknown
from server.confined import OutOfBounds
from server.db import transaction
from server.errors import IdTaken, TooLarge, Unavailable
from server.http import Part
from server.jobs.errors import TooManyJobs
from server.paging import Page
from server.policy import Permission
from server.training.errors import NotInPool

views = Part("question_imports", "Imports of question files 试题导入")

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FILE = {
    "required": True,
    "description": "The file itself, told apart by its content: .xlsx, .docx, .csv, JSON, text, "
    "QTI, Moodle XML or GIFT.",
    "content": {"application/octet-stream": _BINARY, "application/json": {"schema": {}}},
}


@views.route("/question-imports/<uuid:import_id>", methods=["PUT"])
@requires(Permission.WRITE_QUESTIONS)
@views.arguments(QuestionImportQuery, location="query")
@views.doc(requestBody=_FILE)  # type: ignore[untyped-decorator]  # flask-smorest ships no types
@views.response(200, QuestionImportOut)
@views.refuses(FileTooLarge, TooManyRows, FormatUnknown, FileUnsafe, FileDamaged)
@views.refuses(IdTaken, OperationItemUnknown, TooLarge, OutOfBounds, TooManyJobs, Unavailable)
@views.refuses(NotInPool)
def preview_import(query: dict[str, Any], import_id: UUID) -> QuestionImport:
    """Read a file and keep the report on it; no question is written yet. A large one is a job."""
    by = identity()
    file = import_files.look(_body(), name=query.pop("file_name"))
    with transaction():
        return imports.preview(import_id, file, **query, by=by, at=clock.now())


@views.route("/question-imports/<uuid:import_id>")
@requires(Permission.SEE_QUESTIONS)
@views.response(200, QuestionImportOut)
def show_import(import_id: UUID) -> QuestionImport:
    """Show the report on a file, without its rows."""
    return imports.get(import_id, scope=identity().scope(Permission.SEE_QUESTIONS))


@views.route("/question-imports/<uuid:import_id>/rows")
@requires(Permission.SEE_QUESTIONS)
@views.arguments(QuestionImportRowQuery, location="query")
@views.page(QuestionImportRowOut)
def list_import_rows(query: dict[str, Any], import_id: UUID) -> Page:
    """List what became of the rows of a file, in its order."""
    scope = identity().scope(Permission.SEE_QUESTIONS)
    return imports.rows_of(import_id, scope=scope, **query)


@views.route("/question-imports/<uuid:import_id>/reading", methods=["PUT"])
@requires(Permission.WRITE_QUESTIONS)
@views.arguments(QuestionImportReadingIn)
@views.response(200, QuestionImportOut)
@views.refuses(ImportAlreadyAccepted, ImportNotReady, MappingUnfit, ImportFileGone)
@views.refuses(OutOfBounds, Unavailable)
def reread_import(body: dict[str, Any], import_id: UUID) -> QuestionImport:
    """Say what a file means, what was asked of it and where its columns stand; read it anew."""
    by = identity()
    content = imports.to_reread(import_id, body, by=by)
    found = import_files.look_again(content, body)
    with transaction():
        return imports.reread(import_id, body, found, by=by, at=clock.now())


@views.route("/question-imports/<uuid:import_id>/report.xlsx")
@requires(Permission.SEE_QUESTIONS)
@views.response(200, {"type": "string", "format": "binary"}, content_type=import_report.MEDIA_TYPE)
@views.refuses(ImportNotReady, OutOfBounds, Unavailable)
def fetch_import_report(import_id: UUID) -> Response:
    """Fetch the workbook with its report in it: coloured rows, a reason beside each bad one."""
    book = import_report.of(import_id, scope=identity().scope(Permission.SEE_QUESTIONS))
    reply = Response(book, mimetype=import_report.MEDIA_TYPE)
    reply.headers.set("Content-Disposition", "attachment", filename=f"report-{import_id}.xlsx")
    reply.headers["Cache-Control"] = "private, no-store"
    return reply


@views.route("/question-imports/<uuid:import_id>/acceptance", methods=["PUT"])
@requires(Permission.WRITE_QUESTIONS)
@views.arguments(QuestionImportAcceptanceIn)
@views.response(200, QuestionImportOut)
@views.refuses(ImportHasRefusals, ImportAlreadyAccepted, ImportNotReady, TooManyJobs)
def accept_import(body: dict[str, Any], import_id: UUID) -> QuestionImport:
    """Write the questions of a file as drafts; more than a thousand of them by a job."""
    by = identity()
    with transaction():
        return import_acceptance.accept(import_id, **body, by=by, at=clock.now())


@views.route("/question-imports/<uuid:import_id>/review-request", methods=["PUT"])
@requires(Permission.WRITE_QUESTIONS)
@views.response(200, QuestionsMovedOut)
def submit_import(import_id: UUID) -> Moved:
    """Hand the questions that an import wrote to review."""
    return _move(import_id, Move.SUBMIT)


@views.route("/question-imports/<uuid:import_id>/publication", methods=["PUT"])
@requires(Permission.REVIEW_QUESTIONS)
@views.response(200, QuestionsMovedOut)
def publish_import(import_id: UUID) -> Moved:
    """Put the questions that an import wrote to use; their author cannot."""
    return _move(import_id, Move.PUBLISH)


@views.route("/question-imports/<uuid:import_id>/retirement", methods=["PUT"])
@requires(Permission.REVIEW_QUESTIONS)
@views.response(200, QuestionsMovedOut)
def retire_import(import_id: UUID) -> Moved:
    """Take the questions that an import wrote out of use."""
    return _move(import_id, Move.RETIRE)


def _move(import_id: UUID, what: Move) -> Moved:
    by = identity()
    with transaction():
        return moves.move_import(import_id, what, by=by, at=clock.now())


def _body() -> bytes:
    """Read the file; it may be larger than other bodies."""
    request.max_content_length = MOST_BYTES
    return request.get_data(cache=False)
