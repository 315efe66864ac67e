"""Certificates as signed pages, cards and pictures: one's own, and those one issues (证书打印)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from certificates.batch_errors import SealMissing
from certificates.models import Certificate
from certificates.schemas.batches import WholePrintIn
from certificates.services import deciding, finding, prints
from certificates.views.parts import certificate_views as views
from server import clock
from server.access import identity, requires, signed_in_only
from server.audit.errors import NumberNotMasked
from server.db import transaction
from server.errors import IdTaken
from server.policy import Permission

_BYTES = {"type": "string", "format": "binary"}
_MINE = "/me/certificates/<uuid:certificate_id>"
_ISSUED = "/certificates/<uuid:certificate_id>"


@views.route(f"{_MINE}/page.pdf")
@signed_in_only
@views.response(200, _BYTES, content_type="application/pdf")
@views.refuses(SealMissing)
def print_my_page(certificate_id: UUID) -> Response:
    """Print one's own certificate as a page of A4, signed by the issuer (PAdES)."""
    return _pdf(prints.page_of(_mine(certificate_id)), "certificate.pdf")


@views.route(f"{_MINE}/picture.png")
@signed_in_only
@views.response(200, _BYTES, content_type="image/png")
def paint_my_picture(certificate_id: UUID) -> Response:
    """Paint one's own certificate as a picture to keep on a phone."""
    return _private(Response(prints.picture_of(_mine(certificate_id)), mimetype="image/png"))


@views.route(f"{_ISSUED}/page.pdf")
@requires(Permission.ISSUE_CERTIFICATES)
@views.response(200, _BYTES, content_type="application/pdf")
@views.refuses(SealMissing)
def print_page(certificate_id: UUID) -> Response:
    """Print a certificate as a page of A4, signed (PAdES)."""
    return _pdf(prints.page_of(_issued(certificate_id)), "certificate.pdf")


@views.route(f"{_ISSUED}/card.pdf")
@requires(Permission.ISSUE_CERTIFICATES)
@views.response(200, _BYTES, content_type="application/pdf")
def print_card(certificate_id: UUID) -> Response:
    """Print a certificate as a card of 85.6 × 54 mm, front and back."""
    return _pdf(prints.card_of(_issued(certificate_id)), "card.pdf")


@views.route(f"{_ISSUED}/whole-prints/<uuid:disclosure_id>", methods=["PUT"])
@requires(Permission.DISCLOSE_DOCUMENTS)
@views.arguments(WholePrintIn)
@views.response(200, _BYTES, content_type="application/pdf")
@views.refuses(SealMissing, IdTaken, NumberNotMasked)
def print_whole(body: dict[str, Any], certificate_id: UUID, disclosure_id: UUID) -> Response:
    """Print a certificate with the whole document number on it; each such print is written down."""
    by, at, found = identity(), clock.now(), _issued(certificate_id)
    with transaction():
        printed = prints.whole_of(
            found, body["form"], disclosure_id, reason=body["reason"], by=by, at=at
        )
    return _pdf(printed, "certificate.pdf")


@views.route(f"{_MINE}/decisions/<int:sequence>.pdf")
@signed_in_only
@views.response(200, _BYTES, content_type="application/pdf")
@views.refuses(SealMissing)
def print_my_decision(certificate_id: UUID, sequence: int) -> Response:
    """Print the decision by which one's own certificate was suspended, revoked or struck off."""
    return _pdf(deciding.document_of(_mine(certificate_id), sequence), "decision.pdf")


@views.route(f"{_ISSUED}/decisions/<int:sequence>.pdf")
@requires(Permission.REVOKE_CERTIFICATES)
@views.response(200, _BYTES, content_type="application/pdf")
@views.refuses(SealMissing)
def print_decision(certificate_id: UUID, sequence: int) -> Response:
    """Print the decision by which a certificate was suspended, revoked or struck off."""
    scope = identity().scope(Permission.REVOKE_CERTIFICATES)
    found = finding.get(certificate_id, scope=scope)
    return _pdf(deciding.document_of(found, sequence), "decision.pdf")


def _mine(certificate_id: UUID) -> Certificate:
    return finding.of_person(certificate_id, identity().person_id)


def _issued(certificate_id: UUID) -> Certificate:
    scope = identity().scope(Permission.ISSUE_CERTIFICATES)
    return finding.get(certificate_id, scope=scope)


def _pdf(content: bytes, name: str) -> Response:
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return _private(response)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response
