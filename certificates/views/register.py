"""The register: issuing certificates, seeing them, their codes (证书登记)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from certificates import qr
from certificates.errors import (
    AttemptSpent,
    Barred,
    CertificateOverlaps,
    NoIssuer,
    NoRuleInForce,
    OutcomeMissing,
    OwnCertificate,
    RangeExhausted,
)
from certificates.life_errors import SameEmployer, TrainedHolder
from certificates.schemas.certificates import (
    CertificateIn,
    CertificateOut,
    CertificateQuery,
    CertificateWithTokenOut,
    DayQuery,
)
from certificates.services import finding, issuing, standing
from certificates.services.issuing import Draft
from certificates.services.standing import OnDay
from certificates.views.parts import certificate_views as views
from server import clock
from server.access import identity, requires
from server.db import transaction
from server.errors import IdTaken
from server.paging import Page
from server.policy import Permission


@views.route("/certificates")
@requires(Permission.SEE_CERTIFICATES)
@views.arguments(CertificateQuery, location="query")
@views.page(CertificateOut)
def list_certificates(query: dict[str, Any]) -> Page:
    """List the certificates one may see, by number."""
    on = query.pop("on") or clock.today()
    found = finding.listed(identity().scope(Permission.SEE_CERTIFICATES), **query)
    return standing.page_on(found, on=on)


@views.route("/certificates/<uuid:certificate_id>")
@requires(Permission.SEE_CERTIFICATES)
@views.arguments(DayQuery, location="query")
@views.response(200, CertificateWithTokenOut)
def show_certificate(query: dict[str, Any], certificate_id: UUID) -> OnDay:
    """Show a certificate as it stands on a day."""
    scope = identity().scope(Permission.SEE_CERTIFICATES)
    found = finding.get(certificate_id, scope=scope)
    return OnDay(certificate=found, on=query["on"] or clock.today())


@views.route("/certificates/<uuid:certificate_id>", methods=["PUT"])
@requires(Permission.ISSUE_CERTIFICATES)
@views.arguments(CertificateIn)
@views.response(200, CertificateWithTokenOut)
@views.refuses(IdTaken, OwnCertificate, NoIssuer, NoRuleInForce, Barred, OutcomeMissing)
@views.refuses(AttemptSpent, CertificateOverlaps, RangeExhausted, TrainedHolder, SameEmployer)
def issue_certificate(body: dict[str, Any], certificate_id: UUID) -> OnDay:
    """Issue a certificate by hand under the id given; the same again changes nothing."""
    by = identity()
    with transaction():
        made = issuing.issue(certificate_id, Draft(**body), by=by, at=clock.now())
    return OnDay(certificate=made, on=clock.today())


@views.route("/certificates/<uuid:certificate_id>/qr.svg")
@requires(Permission.SEE_CERTIFICATES)
@views.response(200, {"type": "string"}, content_type="image/svg+xml")
def draw_certificate_code(certificate_id: UUID) -> Response:
    """Draw the signed QR code of a certificate."""
    found = finding.get(certificate_id, scope=identity().scope(Permission.SEE_CERTIFICATES))
    return Response(qr.svg(found.token), content_type="image/svg+xml")
