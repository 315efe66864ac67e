"""Signing and reading access tokens; knows no request and no table (访问令牌)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

import jwt

from server.errors import NotSignedIn

#: The one algorithm. It is ours and never read from the token, whose writer may be an attacker.
ALGORITHM = "HS256"

#: Who signs, and for whom: a token of another installation's use is refused.
ISSUER = "safety-training-platform"
AUDIENCE = "safety-training-platform/v1"

#: Seconds by which the clocks of two of our own servers may differ.
CLOCK_DRIFT = timedelta(seconds=30)

#: Characters of a token we write are fewer; longer ones are not even parsed.
LONGEST_TOKEN = 1024

#: Claims without which a token is not one of ours.
_REQUIRED = ["iss", "aud", "sub", "sid", "jti", "iat", "exp"]


class TokenExpired(NotSignedIn):
    """The access token was good and its time is over: refresh it, then repeat the request."""

    code = "token_expired"
    en = "The access token has expired. Refresh it and repeat the request."
    zh = "访问令牌已过期，请刷新后重试。"


class AccessTokenRefused(NotSignedIn):
    """The access token is not one of ours, or was changed on its way."""

    code = "access_token_refused"
    en = "The access token cannot be accepted. Sign in again."
    zh = "访问令牌无效，请重新登录。"


@dataclass(frozen=True, kw_only=True)
class Keyring:
    """The keys that verify access tokens, by their `kid`, and the one that signs new ones.

    A key is rotated by making a new secret current and keeping the old one as retired for as
    long as its tokens live; afterwards it is dropped, and whatever it signed is refused.
    """

    keys: Mapping[str, bytes] = field(repr=False)
    current: str

    @classmethod
    def of(cls, secret: bytes, retired: Sequence[bytes] = ()) -> Keyring:
        """Return the keyring of a current secret and earlier ones that still verify."""
        keys = {kid_of(one): one for one in (*retired, secret)}
        return cls(keys=keys, current=kid_of(secret))


@dataclass(frozen=True, kw_only=True, slots=True)
class Claims:
    """What an access token says, once its signature was found good."""

    account_id: UUID
    #: The device that is signed in; revoking it ends the token before its time.
    sid: UUID
    #: The token's own number.
    jti: UUID
    issued_at: datetime
    #: The first moment at which the token no longer counts.
    expires_at: datetime


def kid_of(secret: bytes) -> str:
    """Return the public name of a key: a digest that tells nothing about the secret."""
    return hashlib.sha256(b"key id of an access token\x00" + secret).hexdigest()[:16]


def sign(
    account_id: UUID, sid: UUID, *, keyring: Keyring, at: datetime, lifetime: timedelta
) -> str:
    """Return an access token that says who signed in on which device, from `at` on."""
    issued = int(at.timestamp())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(account_id),
        "sid": str(sid),
        "jti": str(uuid4()),
        "iat": issued,
        "exp": issued + int(lifetime.total_seconds()),
    }
    headers = {"kid": keyring.current}
    return jwt.encode(claims, keyring.keys[keyring.current], ALGORITHM, headers=headers)


def read(token: str, *, keyring: Keyring, at: datetime) -> Claims:
    """Return what `token` says at the moment `at`.

    The token names its key and nothing else: the algorithm, the issuer and the audience are
    ours. Whether the device was signed out meanwhile is not in the token; ask
    `server.auth.services.identities`.

    Raises:
        TokenExpired: it was good, and its time is over.
        AccessTokenRefused: it is not one of ours, was changed, or comes from the future.
    """
    claims = _claims(content(token, keyring))
    if claims.issued_at > at + CLOCK_DRIFT:
        raise AccessTokenRefused
    if at >= claims.expires_at:
        raise TokenExpired
    return claims


def content(
    token: str, keyring: Keyring, *, audience: str = AUDIENCE, required: Sequence[str] = _REQUIRED
) -> Mapping[str, Any]:
    """Return what a token of ours for an audience says, whenever that was or will be.

    Raises:
        AccessTokenRefused: it is none of ours, was changed, or lacks what is required.
    """
    if len(token) > LONGEST_TOKEN:
        raise AccessTokenRefused
    try:
        key = keyring.keys[_kid(token.partition(".")[0])]
        # Time is judged by the caller's clock, not by the library's.
        return jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=audience,
            issuer=ISSUER,
            options={
                "require": list(required),
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except (jwt.InvalidTokenError, KeyError, ValueError, RecursionError):
        raise AccessTokenRefused from None


@lru_cache(64)
def _kid(head: str) -> str:
    """Return the key that the first part of a token names.

    All tokens of one key begin with the same part, so it is read once, and only once more by the
    library that verifies.
    """
    kid: str = jwt.get_unverified_header(f"{head}..")["kid"]
    return kid


def _claims(content: Mapping[str, Any]) -> Claims:
    try:
        return Claims(
            account_id=UUID(content["sub"]),
            sid=UUID(content["sid"]),
            jti=UUID(content["jti"]),
            issued_at=_moment(content["iat"]),
            expires_at=_moment(content["exp"]),
        )
    except (ValueError, TypeError, AttributeError, OverflowError, OSError):
        raise AccessTokenRefused from None


def _moment(seconds: object) -> datetime:
    if type(seconds) is not int:
        raise TypeError("A moment in a token is a whole number of seconds.")
    return datetime.fromtimestamp(seconds, UTC)
