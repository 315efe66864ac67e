"""The Ping'an card that a worker shows at a gate, on the phone (平安卡接口)."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from certificates.schemas.cards import CardOut, CardQuery
from certificates.services import cards
from certificates.services.cards import Card
from certificates.views.parts import certificate_views as views
from server import clock
from server.access import identity, signed_in_only
from server.auth import doorkeeper


def marks_secret() -> bytes:
    """Return the secret from which the marks of sites are made: for this use alone."""
    secret = doorkeeper.settings().token_secret
    return hmac.new(secret, b"marks of sites by day", hashlib.sha256).digest()


@views.route("/me/card")
@signed_in_only
@views.arguments(CardQuery, location="query")
@views.response(200, CardOut)
def show_my_card(query: dict[str, Any]) -> Card:
    """Show one's own card: photo, masked name, what one may do, today's verdict on each site.

    It says of which day and moment it is; a phone without a network shows its age beside it.
    """
    return cards.of(identity().person_id, **query, secret=marks_secret(), at=clock.now())
