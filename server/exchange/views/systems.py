"""Addresses that other systems ask: their token, agreement, usage and secrets (系统接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from server import clock
from server.access import open_to_all
from server.db import db, transaction
from server.errors import IdTaken
from server.exchange import gatekeeper
from server.exchange.errors import AgreementOver, LastSecret, OutsideAgreement, TooManySecrets
from server.exchange.gatekeeper import for_systems
from server.exchange.models import ExchangeAgreement, ExchangeSecret
from server.exchange.schemas import (
    AgreementOut,
    SecretMadeOut,
    SecretOut,
    SystemTokenIn,
    SystemTokenOut,
    UsageListOut,
    UsageQuery,
)
from server.exchange.services import secrets
from server.exchange.services.secrets import Made
from server.exchange.views.keeping import used
from server.http import Part

views = Part("exchange", "What other systems ask 系统对接")

#: How a request for a token is written.
_FORM = {
    "content": {"application/x-www-form-urlencoded": {"schema": SystemTokenIn}},
    "required": True,
}


@views.route("/oauth/token", methods=["POST"])
@open_to_all
@views.doc(requestBody=_FORM)  # type: ignore[untyped-decorator]  # flask-smorest ships no types
@views.response(200, SystemTokenOut)
def give_token() -> Response:
    """Give a system a token for ten minutes (OAuth 2.0 client credentials).

    Refusals are those of RFC 6749 section 5.2: `{"error": "invalid_client"}`.
    """
    # Loaded with the first token: who serves exams alone never needs it.
    from server.exchange import oauth

    return oauth.answer()


@views.route("/exchange/agreement")
@for_systems()
@views.response(200, AgreementOut)
@views.refuses(AgreementOver, OutsideAgreement)
def show_own_agreement() -> ExchangeAgreement:
    """Show a system what was agreed about it."""
    return gatekeeper.agreement()


@views.route("/exchange/usage")
@for_systems()
@views.arguments(UsageQuery, location="query")
@views.response(200, UsageListOut)
@views.refuses(AgreementOver, OutsideAgreement)
def show_own_usage(query: dict[str, Any]) -> dict[str, Any]:
    """Show a system what it used, day by day."""
    return used(gatekeeper.agreement(), query["since"])


@views.route("/exchange/secrets/<uuid:exchange_secret_id>", methods=["PUT"])
@for_systems()
@views.response(200, SecretMadeOut)
@views.refuses(AgreementOver, TooManySecrets, IdTaken)
def make_own_secret(exchange_secret_id: UUID) -> Made:
    """Make the next secret of one's own; the earlier ones stand until they are ended."""
    known = gatekeeper.agreement().id
    with transaction():
        found = db.session.get_one(ExchangeAgreement, known)
        return secrets.make(exchange_secret_id, found, by=None, at=clock.now())


@views.route("/exchange/secrets/<uuid:exchange_secret_id>/ending", methods=["PUT"])
@for_systems()
@views.response(200, SecretOut)
@views.refuses(AgreementOver, LastSecret)
def end_own_secret(exchange_secret_id: UUID) -> ExchangeSecret:
    """Take an earlier secret of one's own out of use."""
    known = gatekeeper.agreement().id
    with transaction():
        found = db.session.get_one(ExchangeAgreement, known)
        return secrets.end(exchange_secret_id, found, by=None, at=clock.now())
