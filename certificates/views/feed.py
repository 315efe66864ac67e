"""The address of the feed for other systems (数据流接口)."""

from __future__ import annotations

from typing import Any

from certificates.schemas.feed import FeedOut, FeedQuery
from certificates.services import feeding
from certificates.services.feeding import FeedPage
from certificates.views.parts import system_views as views
from server import clock
from server.exchange import gatekeeper
from server.exchange.errors import (
    AgreementOver,
    BadFeedCursor,
    ForeignCursor,
    OutsideAgreement,
    QuotaSpent,
)
from server.exchange.gatekeeper import for_systems


@views.route("/exchange/feed")
@for_systems(*feeding.FOLLOWING)
@views.arguments(FeedQuery, location="query")
@views.response(200, FeedOut)
@views.refuses(AgreementOver, OutsideAgreement, QuotaSpent, BadFeedCursor, ForeignCursor)
def follow_feed(query: dict[str, Any]) -> FeedPage:
    """Hand on what became of certificates, outcomes and coverage, in order, each once."""
    return feeding.followed(gatekeeper.agreement(), gatekeeper.abilities(), **query, at=clock.now())
