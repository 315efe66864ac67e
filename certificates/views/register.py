"""What issuers do: issue, see, suspend, reinstate, review, revoke (证书登记)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from certificates import qr
from certificates.errors import (
    AttemptSpent,
    Barred,
    CertificateOverlaps,
    EffectiveBeforeLast,
    MoveRefused,
    NoIssuer,
    NoRuleInForce,
    OutcomeMissing,
    OwnCertificate,
    RangeExhausted,
)
from certificates.schemas.certificates import (
    CertificateIn,
    CertificateOut,
    CertificateQuery,
    CertificateWithTokenOut,
    ChangeIn,
    DayQuery,
    RuleListOut,
)
from certificates.services import changes, finding, issuing, rules, standing
from certificates.services.issuing import Draft
from certificates.services.standing import OnDay
from certificates.validity import Turn
from certificates.views.parts import certificate_views as views
from server import clock, days
from server.access import identity, open_to_all, requires
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
@views.refuses(AttemptSpent, CertificateOverlaps, RangeExhausted)
def issue_certificate(body: dict[str, Any], certificate_id: UUID) -> OnDay:
    """Issue a certificate by hand under the id given; the same again changes nothing."""
    by = identity()
    with transaction():
        made = issuing.issue(certificate_id, Draft(**body), by=by, at=clock.now())
    return OnDay(certificate=made, on=clock.today())


@views.route("/certificates/<uuid:certificate_id>/suspension", methods=["PUT"])
@requires(Permission.REVOKE_CERTIFICATES)
@views.arguments(ChangeIn)
@views.response(200, CertificateOut)
@views.refuses(MoveRefused, EffectiveBeforeLast, OwnCertificate)
def suspend_certificate(body: dict[str, Any], certificate_id: UUID) -> OnDay:
    """Suspend a certificate (暂扣), with the reason."""
    return _change(certificate_id, Turn.SUSPENDED, body)


@views.route("/certificates/<uuid:certificate_id>/reinstatement", methods=["PUT"])
@requires(Permission.REVOKE_CERTIFICATES)
@views.arguments(ChangeIn)
@views.response(200, CertificateOut)
@views.refuses(MoveRefused, EffectiveBeforeLast, OwnCertificate)
def reinstate_certificate(body: dict[str, Any], certificate_id: UUID) -> OnDay:
    """Lift the suspension of a certificate (恢复), with the reason."""
    return _change(certificate_id, Turn.REINSTATED, body)


@views.route("/certificates/<uuid:certificate_id>/review", methods=["PUT"])
@requires(Permission.REVOKE_CERTIFICATES)
@views.arguments(ChangeIn)
@views.response(200, CertificateOut)
@views.refuses(MoveRefused, EffectiveBeforeLast, OwnCertificate)
def review_certificate(body: dict[str, Any], certificate_id: UUID) -> OnDay:
    """Record that a certificate passed its review (复审), under Order 30."""
    return _change(certificate_id, Turn.REVIEWED, body)


@views.route("/certificates/<uuid:certificate_id>/revocation", methods=["PUT"])
@requires(Permission.REVOKE_CERTIFICATES)
@views.arguments(ChangeIn)
@views.response(200, CertificateOut)
@views.refuses(MoveRefused, EffectiveBeforeLast, OwnCertificate)
def revoke_certificate(body: dict[str, Any], certificate_id: UUID) -> OnDay:
    """Take a certificate back for good (撤销), with the reason."""
    return _change(certificate_id, Turn.REVOKED, body)


@views.route("/certificates/<uuid:certificate_id>/qr.svg")
@requires(Permission.SEE_CERTIFICATES)
@views.response(200, {"type": "string"}, content_type="image/svg+xml")
def draw_certificate_code(certificate_id: UUID) -> Response:
    """Draw the signed QR code of a certificate."""
    found = finding.get(certificate_id, scope=identity().scope(Permission.SEE_CERTIFICATES))
    return Response(qr.svg(found.token), content_type="image/svg+xml")


@views.route("/certificate-rules")
@open_to_all
@views.response(200, RuleListOut)
def list_rules() -> dict[str, Any]:
    """List how long certificates stand, by role and date, with the regulation."""
    return {"items": rules.listed()}


def _change(certificate_id: UUID, turn: Turn, body: dict[str, Any]) -> OnDay:
    by, at = identity(), clock.now()
    day = body["effective_on"] or days.civil_day(at)
    with transaction():
        changed = changes.change(
            certificate_id, turn, reason=body["reason"], effective_on=day, by=by, at=at
        )
    return OnDay(certificate=changed, on=days.civil_day(at))
