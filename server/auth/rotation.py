"""Refresh tokens that change at every use, and how a stolen one shows (刷新令牌).

Each device that signs in starts a family of refresh tokens. Every use replaces the token by its
successor, which is computed from it with a key of the family: `next = HMAC(key, token)`. So

* only a digest of the newest token is stored, and the database alone gives no token away: the
  key leads forwards from a token, never from a digest to a token;
* a client that repeats a refresh because the reply was lost is given **the same** successor
  again, so that nothing has to be kept and nobody holds two;
* an older token of the family proves itself by leading to the newest one in as many steps as
  its number says. Whoever shows one after the leeway, or from another device, shows that two
  parties hold tokens of one family, and the whole family dies (RFC 9700, section 4.14.2).
  A forged token leads nowhere and harms nobody.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

#: How long after a refresh the same device may repeat it, because the reply may have been lost.
LEEWAY = timedelta(seconds=30)

#: Bytes of the secret in a token.
SECRET_BYTES = 32

#: Steps that are walked at most to recognise an old token; more are refused as unknown.
#: A device that refreshes every ten minutes for 30 days makes 4,320.
MOST_STEPS = 20_000

_NUMBER_BYTES = 4
_TOKEN_BYTES = 16 + _NUMBER_BYTES + SECRET_BYTES


class Verdict(StrEnum):
    """What a refresh token that was shown deserves."""

    #: It is the newest: replace it.
    ROTATE = "rotate"
    #: It was replaced a moment ago, and the same device asks: give the same successor again.
    REPLAY = "replay"
    #: It is an old one: two parties hold this family, end it.
    REUSED = "reused"
    #: It says nothing to us.
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class RefreshToken:
    """One token of a family: whose it is, its number from 0, and its secret."""

    sid: UUID
    number: int
    secret: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """The token as the client keeps it: opaque, URL-safe."""
        raw = self.sid.bytes + self.number.to_bytes(_NUMBER_BYTES, "big") + self.secret
        return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")

    @property
    def digest(self) -> str:
        """What is stored of it. The secret has 256 random bits, so a plain digest is enough."""
        return hashlib.sha256(self.secret).hexdigest()

    def successor(self, key: bytes) -> RefreshToken:
        """Return the token that replaces this one in the family that owns `key`."""
        secret = hmac.digest(key, self.secret, "sha256")
        return RefreshToken(sid=self.sid, number=self.number + 1, secret=secret)


@dataclass(frozen=True, kw_only=True)
class Family:
    """Where the refresh tokens of one device stand."""

    device_id: UUID
    #: Makes successors.
    key: bytes = field(repr=False)
    #: Of the newest token: its number and its digest.
    number: int
    digest: str
    #: When the newest token was made.
    rotated_at: datetime


def read(text: str) -> RefreshToken | None:
    """Return the token that `text` spells, None where it spells none."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != _TOKEN_BYTES:
        return None
    return RefreshToken(
        sid=UUID(bytes=raw[:16]),
        number=int.from_bytes(raw[16 : 16 + _NUMBER_BYTES], "big"),
        secret=raw[16 + _NUMBER_BYTES :],
    )


def judge(token: RefreshToken, family: Family, *, device_id: UUID, at: datetime) -> Verdict:
    """Say what the token deserves that `device_id` shows to its living family at `at`.

    The newest token is taken from its own device only: shown by another one it was carried
    away, which is reuse as well.
    """
    steps = family.number - token.number
    if not 0 <= steps <= MOST_STEPS or not _leads_to(token, family, steps):
        return Verdict.UNKNOWN
    if device_id != family.device_id:
        return Verdict.REUSED
    if steps == 0:
        return Verdict.ROTATE
    if steps == 1 and at - family.rotated_at <= LEEWAY:
        return Verdict.REPLAY
    return Verdict.REUSED


def _leads_to(token: RefreshToken, family: Family, steps: int) -> bool:
    secret = token.secret
    for _ in range(steps):
        secret = hmac.digest(family.key, secret, "sha256")
    return hmac.compare_digest(hashlib.sha256(secret).hexdigest(), family.digest)
