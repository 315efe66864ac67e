"""Signing and reading the tokens of other systems; knows no request and no table (系统令牌)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import jwt

from server.exchange.errors import SystemTokenRefused
from server.exchange.terms import Ability
from server.tokens import (
    ALGORITHM,
    CLOCK_DRIFT,
    ISSUER,
    AccessTokenRefused,
    Keyring,
    content,
)

#: For whom: a token of a person is none of a system, nor the other way round.
AUDIENCE = "safety-training-platform/v1/exchange"

#: How long one counts.
LIFETIME = timedelta(minutes=10)

#: What kind of JWT it is (RFC 9068).
TYP = "at+jwt"

_REQUIRED = ["iss", "aud", "sub", "jti", "iat", "exp", "scope"]


@dataclass(frozen=True, kw_only=True)
class SystemClaims:
    """What the token of a system says, once its signature was found good."""

    agreement_id: UUID
    abilities: frozenset[Ability]


def sign(agreement_id: UUID, scope: str, *, keyring: Keyring, at: datetime) -> str:
    """Return a token of a system for the abilities that `scope` names."""
    issued = int(at.timestamp())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(agreement_id),
        "client_id": str(agreement_id),
        "jti": str(uuid4()),
        "iat": issued,
        "exp": issued + int(LIFETIME.total_seconds()),
        "scope": scope,
    }
    headers = {"kid": keyring.current, "typ": TYP}
    return jwt.encode(claims, keyring.keys[keyring.current], ALGORITHM, headers=headers)


def read(token: str, *, keyring: Keyring, at: datetime) -> SystemClaims:
    """Return what a token says at the moment.

    Raises:
        SystemTokenRefused: it is none of ours, was changed, is of a person, or its time is over.
    """
    try:
        said = content(token, keyring, audience=AUDIENCE, required=_REQUIRED)
        begins = at.timestamp() + CLOCK_DRIFT.total_seconds()
        if not (int(said["iat"]) <= begins and at.timestamp() < int(said["exp"])):
            raise SystemTokenRefused
        named = frozenset(map(Ability, str(said["scope"]).split()))
        return SystemClaims(agreement_id=UUID(said["sub"]), abilities=named)
    except (AccessTokenRefused, ValueError, TypeError):
        raise SystemTokenRefused from None
