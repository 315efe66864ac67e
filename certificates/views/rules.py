"""Kinds and rules of certificates, grounds, and the audit of numbers (证书规则接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from certificates import grounds
from certificates.life_errors import (
    LettersTaken,
    RuleOverlaps,
    RuleShipped,
    RuleSpanEmpty,
    RuleUsed,
)
from certificates.models import CertificateRule
from certificates.schemas.issuing import (
    CertificateRuleIn,
    CertificateRuleOut,
    GroundListOut,
    NumberAuditOut,
    RuleListOut,
    RuleQuery,
)
from certificates.services import numbers, rules
from certificates.views.parts import certificate_views as views
from server import clock
from server.access import identity, open_to_all, requires
from server.db import transaction
from server.errors import IdTaken
from server.policy import Permission


@views.route("/certificate-rules")
@open_to_all
@views.arguments(RuleQuery, location="query")
@views.response(200, RuleListOut)
def list_rules(query: dict[str, Any]) -> dict[str, Any]:
    """List how long certificates stand, by role and date, with the regulation."""
    return {"items": rules.listed(**query)}


@views.route("/issuers/<uuid:issuer_id>/certificate-rules/<uuid:rule_id>", methods=["PUT"])
@requires(Permission.MANAGE_ORGANISATIONS)
@views.arguments(CertificateRuleIn)
@views.response(200, CertificateRuleOut)
@views.refuses(IdTaken, RuleShipped, RuleOverlaps, RuleSpanEmpty, RuleUsed, LettersTaken)
def put_rule(body: dict[str, Any], issuer_id: UUID, rule_id: UUID) -> CertificateRule:
    """Add a kind of certificate of an issuer's own (地方证种), or correct it."""
    by = identity()
    with transaction():
        return rules.add(rule_id, issuer_id, body, by=by, at=clock.now())


@views.route("/certificate-grounds")
@open_to_all
@views.response(200, GroundListOut)
def list_grounds() -> dict[str, Any]:
    """List for what certificates are revoked and cancelled, and what follows."""
    return {"items": grounds.shipped()}


@views.route("/number-audit")
@requires(Permission.SEE_CERTIFICATES)
@views.response(200, NumberAuditOut)
def audit_numbers() -> dict[str, Any]:
    """List the number ranges one may see, each with the numbers that are missing: none may be."""
    return {"items": numbers.audited(identity().scope(Permission.SEE_CERTIFICATES))}
