"""One's own certificates (我的证书)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from certificates import qr
from certificates.schemas.certificates import (
    CertificateListOut,
    CertificateNoticeOut,
    DayQuery,
)
from certificates.services import finding, following, standing
from certificates.services.standing import Held
from certificates.views.parts import certificate_views as views
from server import clock
from server.access import identity, signed_in_only
from server.paging import Page, PageQuery


@views.route("/me/certificates")
@signed_in_only
@views.arguments(DayQuery, location="query")
@views.response(200, CertificateListOut)
def list_my_certificates(query: dict[str, Any]) -> Held:
    """List one's own certificates with the content of their QR codes."""
    return standing.held(identity().person_id, on=query["on"] or clock.today())


@views.route("/me/certificates/<uuid:certificate_id>/qr.svg")
@signed_in_only
@views.response(200, {"type": "string"}, content_type="image/svg+xml")
def draw_my_code(certificate_id: UUID) -> Response:
    """Draw the signed QR code of one's own certificate."""
    found = finding.of_person(certificate_id, identity().person_id)
    return Response(qr.svg(found.token), content_type="image/svg+xml")


@views.route("/me/certificates/<uuid:certificate_id>/qr.png")
@signed_in_only
@views.response(200, {"type": "string", "format": "binary"}, content_type="image/png")
def paint_my_code(certificate_id: UUID) -> Response:
    """Paint the signed QR code of one's own certificate, to keep on a phone."""
    found = finding.of_person(certificate_id, identity().person_id)
    return Response(qr.png(found.token), content_type="image/png")


@views.route("/me/certificate-notices")
@signed_in_only
@views.arguments(PageQuery, location="query")
@views.page(CertificateNoticeOut)
def list_my_notices(query: dict[str, Any]) -> Page:
    """List what befell one's own certificates, the newest first, with the reasons."""
    return following.told_to(identity().person_id, **query)
