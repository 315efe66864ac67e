"""Addresses of the file itself: reading it, who looked, exporting, checking (查阅接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server import clock
from server.access import identity, open_to_all, requires, signed_in_only
from server.audit.errors import NumberNotMasked
from server.db import transaction
from server.errors import IdTaken
from server.jobs.errors import TooManyJobs
from server.jobs.models import Job
from server.jobs.schemas import JobOut
from server.paging import Page, PageQuery
from server.policy import Permission
from server.records import confirmations
from server.records.confirmations import Asked
from server.records.models import FileSeal
from server.records.schemas.reading import (
    AccessOut,
    AwaitedOut,
    AwaitingOut,
    AwaitingQuery,
    ConfirmationRules,
    ExportIn,
    FileOut,
    FileQuery,
    SealOut,
)
from server.records.services import awaiting, exporting, files, looking, sealing
from server.records.services.files import TrainingFile
from server.records.timeline import Line
from server.records.views.parts import file_views as views


@views.route("/people/<uuid:person_id>/file")
@requires(Permission.SEE_FILES)
@views.arguments(FileQuery, location="query")
@views.response(200, FileOut)
def show_file(query: dict[str, Any], person_id: UUID) -> TrainingFile:
    """Show a person's training file, as far as one may read it; that one did is written down.

    An enterprise reads what happened while the person worked there; earlier years elsewhere by
    the person's consent only.
    """
    by, at, today = identity(), clock.now(), clock.today()
    with transaction():
        return looking.look(person_id, by=by, purpose=query["purpose"], at=at, on=today)


@views.route("/me/file")
@signed_in_only
@views.response(200, FileOut)
def show_own_file() -> TrainingFile:
    """Show one's own training file: everything that is held about one."""
    return files.read(identity().person_id, at=clock.now(), on=clock.today())


@views.route("/me/file-confirmations")
@signed_in_only
@views.response(200, AwaitedOut)
def list_awaiting_me() -> dict[str, list[Line]]:
    """List the assessments in one's own file that await one's own confirmation (待本人签字)."""
    found = files.read(identity().person_id, at=clock.now(), on=clock.today())
    return {"lines": confirmations.awaiting(found.lines, "worker")}


@views.route("/file-confirmations")
@requires(Permission.WRITE_FILES)
@views.arguments(AwaitingQuery, location="query")
@views.page(AwaitingOut)
def list_awaiting_assessor(query: dict[str, Any]) -> Page:
    """List the assessments, across people, that await their assessor's confirmation (待签字)."""
    return awaiting.listed(identity().scope(Permission.WRITE_FILES), **query)


@views.route("/confirmation-rules")
@signed_in_only
@views.response(200, ConfirmationRules)
def list_confirmation_rules() -> dict[str, tuple[Asked, ...]]:
    """List which assessments the law wants confirmed, by whom, from which day, by which source."""
    return {"items": confirmations.shipped()}


@views.route("/me/file-accesses")
@signed_in_only
@views.arguments(PageQuery, location="query")
@views.page(AccessOut)
def list_accesses(query: dict[str, Any]) -> Page:
    """List who looked at one's own file: for which organisation, why and when."""
    return looking.accesses(identity().person_id, **query)


@views.route("/people/<uuid:person_id>/file-exports/<uuid:export_id>", methods=["PUT"])
@requires(Permission.EXPORT_FILES)
@views.arguments(ExportIn)
@views.response(200, JobOut)
@views.refuses(IdTaken, TooManyJobs, NumberNotMasked)
def export_file(body: dict[str, Any], person_id: UUID, export_id: UUID) -> Job:
    """Ask for a file as PDF, JSON or xAPI statements; it is fetched from the job of the same id."""
    by, at, today = identity(), clock.now(), clock.today()
    with transaction():
        return exporting.ask(export_id, person_id, **body, by=by, at=at, on=today)


@views.route("/me/file-exports/<uuid:export_id>", methods=["PUT"])
@signed_in_only
@views.arguments(ExportIn)
@views.response(200, JobOut)
@views.refuses(IdTaken, TooManyJobs, NumberNotMasked)
def export_own_file(body: dict[str, Any], export_id: UUID) -> Job:
    """Ask for one's own file as PDF, JSON or xAPI statements."""
    by, at, today = identity(), clock.now(), clock.today()
    with transaction():
        return exporting.ask(export_id, by.person_id, **body, by=by, at=at, on=today)


@views.route("/file-seals/<string:hash_>")
@open_to_all
@views.response(200, SealOut)
def check_seal(hash_: str) -> FileSeal:
    """Say whether a hash is that of a file given out here, and when; nothing of the person.

    Take the hash printed on the file, or the SHA-256 of its canonical JSON (RFC 8785).
    """
    return sealing.find(hash_.lower())
