"""Addresses around the file: consents, copies of documents, retention (授权与复印件接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from server import clock
from server.access import identity, requires, signed_in_only
from server.audit.errors import NumberNotMasked
from server.db import transaction
from server.errors import IdTaken, TooLarge, WrongMediaType
from server.paging import Page, PageQuery
from server.people.views.uploads import body_of, takes
from server.policy import Permission
from server.records import copies
from server.records.errors import ConsentOver, CopyRefused, OwnFile
from server.records.models import FileConsent, FileDocument, RetiredRecord
from server.records.schemas.reading import (
    ConsentIn,
    ConsentOut,
    CopyOut,
    CopyQuery,
    HoldIn,
    PurposeQuery,
    RetiredOut,
)
from server.records.services import consents, keeping, retiring
from server.records.views.parts import file_views as views

#: What a copy can be sent as; what it really is decides its content.
COPIES = ("image/jpeg", "image/png", "application/pdf")


@views.route("/me/file-consents/<uuid:consent_id>", methods=["PUT"])
@signed_in_only
@views.arguments(ConsentIn)
@views.response(200, ConsentOut)
@views.refuses(ConsentOver, IdTaken, NumberNotMasked)
def give_consent(body: dict[str, Any], consent_id: UUID) -> FileConsent:
    """Let an organisation read one's own file, for a purpose and until a day."""
    by = identity()
    with transaction():
        return consents.give(consent_id, body["draft"], by=by, at=clock.now())


@views.route("/me/file-consents/<uuid:consent_id>/withdrawal", methods=["PUT"])
@signed_in_only
@views.response(200, ConsentOut)
def withdraw_consent(consent_id: UUID) -> FileConsent:
    """Take a consent back: from now on the organisation reads no more by it."""
    by = identity()
    with transaction():
        return consents.withdraw(consent_id, by=by, at=clock.now())


@views.route("/me/file-consents")
@signed_in_only
@views.arguments(PageQuery, location="query")
@views.page(ConsentOut)
def list_consents(query: dict[str, Any]) -> Page:
    """List the consents one gave, the newest first."""
    return consents.of(identity().person_id, **query)


@views.route("/people/<uuid:person_id>/file-copies/<uuid:copy_id>", methods=["PUT"])
@requires(Permission.WRITE_FILES)
@views.arguments(CopyQuery, location="query")
@takes(views, *COPIES)
@views.response(200, CopyOut)
@views.refuses(CopyRefused, OwnFile, IdTaken, TooLarge, WrongMediaType)
def keep_copy(query: dict[str, Any], person_id: UUID, copy_id: UUID) -> FileDocument:
    """Keep a copy of a document in a file; the body is the picture or PDF."""
    by, content = identity(), body_of(COPIES, limit=copies.LARGEST)
    with transaction():
        return keeping.keep(person_id, copy_id, query["kind"], content, by=by, at=clock.now())


@views.route("/people/<uuid:person_id>/file-copies")
@requires(Permission.SEE_FILES)
@views.arguments(PageQuery, location="query")
@views.page(CopyOut)
def list_copies(query: dict[str, Any], person_id: UUID) -> Page:
    """List the copies in a file, without their content."""
    scope = identity().scope(Permission.SEE_FILES)
    return keeping.listed(person_id, scope=scope, **query)


@views.route("/people/<uuid:person_id>/file-copies/<uuid:copy_id>")
@requires(Permission.DISCLOSE_DOCUMENTS)
@views.arguments(PurposeQuery, location="query")
@views.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def show_copy(query: dict[str, Any], person_id: UUID, copy_id: UUID) -> Response:
    """Show a copy, which may show a whole document number; that one did is written down."""
    by, purpose = identity(), query["purpose"]
    with transaction():
        opened = keeping.opened(person_id, copy_id, purpose=purpose, by=by, at=clock.now())
    return _download(opened)


@views.route("/me/file-copies/<uuid:copy_id>")
@signed_in_only
@views.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def show_own_copy(copy_id: UUID) -> Response:
    """Show a copy in one's own file."""
    by = identity()
    return _download(keeping.opened(by.person_id, copy_id, purpose="", by=by, at=clock.now()))


@views.route("/file-retirements")
@requires(Permission.WRITE_FILES)
@views.arguments(PageQuery, location="query")
@views.page(RetiredOut)
def list_retirements(query: dict[str, Any]) -> Page:
    """List the entries whose years are over and that are let go of on the day named."""
    return retiring.listed(identity().scope(Permission.WRITE_FILES), **query)


@views.route("/file-retirements/<uuid:record_id>/hold", methods=["PUT"])
@requires(Permission.WRITE_FILES)
@views.arguments(HoldIn)
@views.response(200, RetiredOut)
def hold_entry(body: dict[str, Any], record_id: UUID) -> RetiredRecord:
    """Keep an entry in spite of its years, for a reason."""
    by = identity()
    with transaction():
        return retiring.hold(record_id, reason=body["reason"], by=by, at=clock.now())


def _download(opened: keeping.Opened) -> Response:
    response = Response(opened.content, content_type=opened.document.media_type)
    # A copy is somebody else's bytes: saved, never run beside our own pages.
    response.headers["Content-Disposition"] = "attachment"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.cache_control.no_store = True
    return response
