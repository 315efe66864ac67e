"""Addresses at which other systems hand in files, and fetch what became of them (报送接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request

from server import clock
from server.db import db, transaction
from server.errors import IdTaken
from server.exchange import file_rules, gatekeeper
from server.exchange.errors import (
    AgreementOver,
    DigestMissing,
    DigestWrong,
    FileIncomplete,
    FileUnreadable,
    OutsideAgreement,
    QuotaSpent,
    WebhookTooOld,
    WebhookUnsigned,
)
from server.exchange.gatekeeper import for_systems
from server.exchange.models import ExchangeAgreement
from server.exchange.schemas import FileQuery, training_columns
from server.exchange.services import asking, handing_in, usage
from server.exchange.terms import Ability
from server.exchange.views.systems import views
from server.jobs import files, services
from server.jobs.errors import TooManyJobs
from server.jobs.models import Job
from server.jobs.schemas import JobOut
from server.people.views.uploads import body_of, takes

#: How files may be written.
MEDIA_TYPES = ("application/jsonl", "text/csv")


@views.route("/exchange/training-files/<uuid:file_id>", methods=["PUT"])
@for_systems(Ability.HAND_IN_FILES)
@takes(views, *MEDIA_TYPES)
@views.arguments(FileQuery, location="query")
@views.response(200, JobOut)
@views.refuses(AgreementOver, OutsideAgreement, QuotaSpent, IdTaken, TooManyJobs)
@views.refuses(DigestMissing, DigestWrong, FileIncomplete, FileUnreadable)
@views.refuses(WebhookUnsigned, WebhookTooOld)
def hand_in_trainings(query: dict[str, Any], file_id: UUID) -> Job:
    """Hand in trainings that were done elsewhere: CSV or JSON Lines, with digest and signature."""
    at, agreement = clock.now(), gatekeeper.agreement()
    content = body_of(MEDIA_TYPES)
    file_rules.check_digest(content, request.headers.get("Content-Digest", ""))
    gatekeeper.check_signature(content)
    file_rules.rows_of(content, request.mimetype, training_columns(), **query)
    usage.note(agreement, Ability.HAND_IN_FILES, at=at, units=query["row_count"])
    known = agreement.id
    with transaction():
        own = db.session.get_one(ExchangeAgreement, known)
        return handing_in.ask(file_id, own, content, media_type=request.mimetype, **query, at=at)


@views.route("/exchange/jobs/<uuid:job_id>")
@for_systems()
@views.response(200, JobOut)
@views.refuses(AgreementOver, OutsideAgreement)
def show_own_job(job_id: UUID) -> Job:
    """Show how far a file of one's own is, and what came out of it."""
    return services.get(job_id, by=asking.identity_of(gatekeeper.agreement()))


@views.route("/exchange/jobs/<uuid:job_id>/files/<string:name>")
@for_systems()
@views.response(200, {"type": "string", "format": "binary"}, content_type="*/*")
@views.refuses(AgreementOver, OutsideAgreement)
def fetch_own_file(job_id: UUID, name: str) -> Response:
    """Fetch a file that came out of a job of one's own; it is kept for seven days."""
    services.get(job_id, by=asking.identity_of(gatekeeper.agreement()))
    file = files.kept(job_id, name)
    reply = Response(file.content, mimetype=file.media_type)
    reply.headers.set("Content-Disposition", "attachment", filename=file.name)
    reply.headers["Cache-Control"] = "private, no-store"
    return reply
