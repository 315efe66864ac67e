"""Addresses for other government systems: subscriptions, packages, keys (数据交换接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from certificates import keys, trust
from certificates.exchange_errors import ReceiverUnfit
from certificates.models import CoverageSubscription
from certificates.schemas.exchanges import (
    CoveragePackageOut,
    CoverageSubscriptionIn,
    CoverageSubscriptionOut,
    ExchangeKeysOut,
)
from certificates.services import exchanging
from certificates.views.coverage import views
from server import clock
from server.access import identity, open_to_all, requires
from server.db import transaction
from server.errors import IdTaken
from server.paging import Page, PageQuery
from server.policy import Permission


@views.route("/coverage-subscriptions")
@requires(Permission.SEE_COVERAGE)
@views.arguments(PageQuery, location="query")
@views.page(CoverageSubscriptionOut)
def list_subscriptions(query: dict[str, Any]) -> Page:
    """List which authorities are handed figures, the latest first."""
    return exchanging.listed(identity().scope(Permission.SEE_COVERAGE), **query)


@views.route("/coverage-subscriptions/<uuid:subscription_id>", methods=["PUT"])
@requires(Permission.ACT_ON_COVERAGE)
@views.arguments(CoverageSubscriptionIn)
@views.response(200, CoverageSubscriptionOut)
@views.refuses(ReceiverUnfit, IdTaken)
def subscribe_to_coverage(body: dict[str, Any], subscription_id: UUID) -> CoverageSubscription:
    """Hand an authority the figures of a region, as signed packages, from now on."""
    by = identity()
    with transaction():
        return exchanging.subscribe(subscription_id, **body, by=by, at=clock.now())


@views.route("/coverage-subscriptions/<uuid:subscription_id>/closing", methods=["PUT"])
@requires(Permission.ACT_ON_COVERAGE)
@views.response(200, CoverageSubscriptionOut)
def close_subscription(subscription_id: UUID) -> CoverageSubscription:
    """Hand nothing more."""
    by = identity()
    with transaction():
        return exchanging.close(subscription_id, by=by, at=clock.now())


@views.route("/coverage-subscriptions/<uuid:subscription_id>/packages")
@requires(Permission.SEE_COVERAGE)
@views.arguments(PageQuery, location="query")
@views.page(CoveragePackageOut)
def list_packages(query: dict[str, Any], subscription_id: UUID) -> Page:
    """List the packages that can be fetched, the latest first."""
    scope = identity().scope(Permission.SEE_COVERAGE)
    return exchanging.packages(subscription_id, scope, **query)


@views.route("/coverage-packages/<uuid:package_id>/file")
@requires(Permission.SEE_COVERAGE)
@views.response(200, {"type": "string", "format": "binary"}, content_type="application/zip")
def fetch_package(package_id: UUID) -> Response:
    """Fetch a package: tables, manifest, signature. It is kept for seven days."""
    found = exchanging.file_of(package_id, identity().scope(Permission.SEE_COVERAGE))
    reply = Response(found.content, mimetype=found.media_type)
    reply.headers.set("Content-Disposition", "attachment", filename=found.name)
    reply.headers["Cache-Control"] = "private, no-store"
    return reply


@views.route("/exchange-keys")
@open_to_all
@views.response(200, ExchangeKeysOut)
def show_signing_keys() -> dict[str, Any]:
    """Show the keys that sign packages and answers: receivers keep them, and take none from those.

    The next one stands here before it is used, a former one as long as what it signed counts.
    """
    return {"keys": [trust.jwk_of(each) for each in keys.ring().shown(keys.EXCHANGE)]}


@views.route("/coverage-exchange-keys")
@open_to_all
@views.response(200, ExchangeKeysOut)
def show_exchange_keys() -> dict[str, Any]:
    """Show the same keys under their former address."""
    return show_signing_keys()
