"""What a browser carries while it is away: a ticket that only we write, with one seed (登录凭条).

State, nonce and PKCE verifier are derived from the seed, so that nothing is stored here for
somebody who never comes back. The ticket lies in a cookie that no script reads; whoever sends a
victim a return of their own finds that the victim's browser has another ticket, or none.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import jwt

from server.federation.errors import OutsideSignInRefused
from server.tokens import ALGORITHM, ISSUER, AccessTokenRefused, Keyring, content

AUDIENCE: Final = "safety-training-platform/v1/outside-sign-in"

#: How long somebody may be away.
LIFETIME: Final = timedelta(minutes=10)

_REQUIRED: Final = ["iss", "aud", "iat", "exp", "seed", "provider", "device", "name", "page"]


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A sign-in from outside that was begun."""

    seed: str
    provider_id: UUID
    device_id: UUID
    device_name: str
    #: Which app it goes back to.
    page: str

    @property
    def state(self) -> str:
        """What the provider gives back unread."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """What the provider writes into its token."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """What proves that whoever began it fetches the token (RFC 7636)."""
        return self._derived("verifier")

    @property
    def digest(self) -> str:
        """Under which its return is noted."""
        return hashlib.sha256(self.state.encode()).hexdigest()

    def _derived(self, what: str) -> str:
        mark = hmac.new(self.seed.encode(), what.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(mark).decode().rstrip("=")


def new(provider_id: UUID, device_id: UUID, device_name: str, page: str) -> Ticket:
    """Return the ticket of a sign-in that begins."""
    return Ticket(
        seed=secrets.token_urlsafe(32),
        provider_id=provider_id,
        device_id=device_id,
        device_name=device_name,
        page=page,
    )


def written(ticket: Ticket, *, keyring: Keyring, at: datetime) -> str:
    """Return a ticket as the browser carries it."""
    issued = int(at.timestamp())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": issued,
        "exp": issued + int(LIFETIME.total_seconds()),
        "seed": ticket.seed,
        "provider": str(ticket.provider_id),
        "device": str(ticket.device_id),
        "name": ticket.device_name,
        "page": ticket.page,
    }
    key = keyring.keys[keyring.current]
    return jwt.encode(claims, key, ALGORITHM, headers={"kid": keyring.current})


def read(text: str, *, keyring: Keyring, at: datetime) -> Ticket:
    """Return the ticket that a browser carries.

    Raises:
        OutsideSignInRefused: it is none of ours, or its time is over.
    """
    try:
        said = content(text, keyring, audience=AUDIENCE, required=_REQUIRED)
        if not int(said["iat"]) <= at.timestamp() < int(said["exp"]):
            raise OutsideSignInRefused(reason="ticket")
        return Ticket(
            seed=str(said["seed"]),
            provider_id=UUID(said["provider"]),
            device_id=UUID(said["device"]),
            device_name=str(said["name"]),
            page=str(said["page"]),
        )
    except (AccessTokenRefused, ValueError, TypeError):
        raise OutsideSignInRefused(reason="ticket") from None
