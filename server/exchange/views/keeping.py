"""Addresses of who keeps agreements with other systems (共享协议接口)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from server import clock
from server.access import identity, requires, signed_in_only
from server.db import transaction
from server.errors import IdTaken
from server.exchange.errors import AgreementDaysWrong, PurposeForbids, TooManySecrets
from server.exchange.models import ExchangeAgreement, ExchangeSecret
from server.exchange.schemas import (
    AgreementEndIn,
    AgreementIn,
    AgreementOut,
    SecretListOut,
    SecretMadeOut,
    SecretOut,
    SystemDisclosureOut,
    UsageListOut,
    UsageQuery,
)
from server.exchange.services import agreements, secrets, usage
from server.exchange.services.secrets import Made
from server.http import Part
from server.paging import Page, PageQuery
from server.policy import Permission

views = Part("exchange-agreements", "Agreements with other systems 共享协议")


@views.route("/exchange-agreements")
@requires(Permission.SEE_EXCHANGE)
@views.arguments(PageQuery, location="query")
@views.page(AgreementOut)
def list_agreements(query: dict[str, Any]) -> Page:
    """List the agreements with other systems, the latest first."""
    return agreements.listed(identity().scope(Permission.SEE_EXCHANGE), **query)


@views.route("/exchange-agreements/<uuid:exchange_agreement_id>")
@requires(Permission.SEE_EXCHANGE)
@views.response(200, AgreementOut)
def show_agreement(exchange_agreement_id: UUID) -> ExchangeAgreement:
    """Show an agreement."""
    return agreements.get(exchange_agreement_id, scope=identity().scope(Permission.SEE_EXCHANGE))


@views.route("/exchange-agreements/<uuid:exchange_agreement_id>", methods=["PUT"])
@requires(Permission.MANAGE_EXCHANGE)
@views.arguments(AgreementIn)
@views.response(200, AgreementOut)
@views.refuses(PurposeForbids, AgreementDaysWrong, IdTaken)
def conclude_agreement(body: dict[str, Any], exchange_agreement_id: UUID) -> ExchangeAgreement:
    """Let a system know what was agreed; other terms are another agreement."""
    by = identity()
    with transaction():
        return agreements.conclude(exchange_agreement_id, **body, by=by, at=clock.now())


@views.route("/exchange-agreements/<uuid:exchange_agreement_id>/ending", methods=["PUT"])
@requires(Permission.MANAGE_EXCHANGE)
@views.arguments(AgreementEndIn)
@views.response(200, AgreementOut)
def end_agreement(body: dict[str, Any], exchange_agreement_id: UUID) -> ExchangeAgreement:
    """End an agreement from today on; its tokens no longer count from this moment."""
    by = identity()
    with transaction():
        return agreements.end(exchange_agreement_id, **body, by=by, at=clock.now())


@views.route("/exchange-agreements/<uuid:exchange_agreement_id>/secrets")
@requires(Permission.SEE_EXCHANGE)
@views.response(200, SecretListOut)
def list_secrets(exchange_agreement_id: UUID) -> dict[str, list[ExchangeSecret]]:
    """List the secrets of a system: when each was made and last used."""
    scope = identity().scope(Permission.SEE_EXCHANGE)
    return {"items": secrets.of(agreements.get(exchange_agreement_id, scope=scope).id)}


@views.route(
    "/exchange-agreements/<uuid:exchange_agreement_id>/secrets/<uuid:exchange_secret_id>",
    methods=["PUT"],
)
@requires(Permission.MANAGE_EXCHANGE)
@views.response(200, SecretMadeOut)
@views.refuses(TooManySecrets, IdTaken)
def make_secret(exchange_agreement_id: UUID, exchange_secret_id: UUID) -> Made:
    """Make a system's first or next secret; the earlier ones stand until they are ended."""
    by = identity()
    with transaction():
        found = agreements.get(exchange_agreement_id, scope=by.scope(Permission.MANAGE_EXCHANGE))
        return secrets.make(exchange_secret_id, found, by=by, at=clock.now())


@views.route(
    "/exchange-agreements/<uuid:exchange_agreement_id>/secrets/<uuid:exchange_secret_id>/ending",
    methods=["PUT"],
)
@requires(Permission.MANAGE_EXCHANGE)
@views.response(200, SecretOut)
def end_secret(exchange_agreement_id: UUID, exchange_secret_id: UUID) -> ExchangeSecret:
    """Take a secret of a system out of use."""
    by = identity()
    with transaction():
        found = agreements.get(exchange_agreement_id, scope=by.scope(Permission.MANAGE_EXCHANGE))
        return secrets.end(exchange_secret_id, found, by=by, at=clock.now())


@views.route("/exchange-agreements/<uuid:exchange_agreement_id>/usage")
@requires(Permission.SEE_EXCHANGE)
@views.arguments(UsageQuery, location="query")
@views.response(200, UsageListOut)
def show_usage(query: dict[str, Any], exchange_agreement_id: UUID) -> dict[str, Any]:
    """Show what a system used, day by day; the system sees the same."""
    scope = identity().scope(Permission.SEE_EXCHANGE)
    return used(agreements.get(exchange_agreement_id, scope=scope), query["since"])


@views.route("/me/disclosures")
@signed_in_only
@views.arguments(PageQuery, location="query")
@views.page(SystemDisclosureOut)
def list_own_disclosures(query: dict[str, Any]) -> Page:
    """List which other systems were told of oneself, when and what for."""
    return usage.of_person(identity().person_id, **query)


def used(agreement: ExchangeAgreement, since: date | None) -> dict[str, Any]:
    """Return what both sides see of the usage."""
    begin = since or clock.today() - timedelta(days=30)
    items = usage.of_agreement(agreement.id, since=begin)
    return {"daily_quota": agreement.daily_quota, "items": items}
