"""The keys that issuers sign with: the register, and the trust list made of it (信任名单服务)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from sqlalchemy import Connection, Row, bindparam, select

from certificates import keys, trust
from certificates.models import AllowedPayload, Issuer, SigningKey
from certificates.trust import STATUS_LIST_URI, KeyState, TrustedKey, TrustList
from server.db import db
from server.organisations.models import Organisation

_COLUMNS = select(
    SigningKey.jwk,
    SigningKey.not_before,
    SigningKey.not_after,
    SigningKey.state,
    Issuer.code,
    Issuer.qualifications,
    Organisation.name,
).select_from(SigningKey)

_EVERY = (
    _COLUMNS.join(Issuer, Issuer.id == SigningKey.issuer_id)
    .join(Organisation, Organisation.id == Issuer.organisation_id)
    .order_by(Issuer.code, SigningKey.kid)
)

_UNDER = _EVERY.where(SigningKey.kid == bindparam("kid"))

_ALLOWED = select(AllowedPayload.hash).where(AllowedPayload.hash == bindparam("hash"))


class Register:
    """The keys of this platform as they are believed now, each looked up by its id.

    For one token it asks for one key, where a trust list would be made of all.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def under(self, kid: bytes) -> Sequence[TrustedKey]:
        """Return every key with this key id; two keys may share one by chance."""
        return [_trusted(row) for row in self._connection.execute(_UNDER, {"kid": kid.hex()})]

    def allows(self, hashed: bytes) -> bool:
        """Say whether a content was issued before its key fell into wrong hands."""
        return self._connection.execute(_ALLOWED, {"hash": hashed.hex()}).first() is not None


class Found:
    """Keys that came along with what a token is about: `Register`, without asking for them."""

    def __init__(self, connection: Connection, rows: Sequence[Any]) -> None:
        self._connection = connection
        self._rows = rows

    def under(self, kid: bytes) -> Sequence[TrustedKey]:
        """Return the keys that were found; whoever asked for them asked for this key id."""
        del kid
        return [_key(*row) for row in self._rows]

    def allows(self, hashed: bytes) -> bool:
        """Say whether a content was issued before its key fell into wrong hands."""
        return Register(self._connection).allows(hashed)


def register() -> Register:
    """Return the keys as the transaction that is open sees them."""
    return Register(db.session.connection())


def trust_list() -> TrustList:
    """Return every key with which certificates of this platform are or were signed."""
    return TrustList(keys=tuple(_trusted(row) for row in db.session.execute(_EVERY)))


def list_key_of(issuer: Issuer, *, on: date) -> None:
    """Put the issuer's signing key on the trust list, if it is not there already.

    The list vouches for the key from the day on which the issuer is registered with it; of a key
    exchanged since, from the day on which it is registered again or first signs.
    """
    public_key = keys.ring().of(issuer.code).public_key
    kid = trust.kid_of(public_key).hex()
    known = select(SigningKey.id).where(SigningKey.issuer_id == issuer.id, SigningKey.kid == kid)
    if db.session.execute(known).first() is None:
        db.session.add(
            SigningKey(issuer_id=issuer.id, kid=kid, jwk=trust.jwk_of(public_key), not_before=on)
        )
        db.session.flush()


def _trusted(row: Row[Any]) -> TrustedKey:
    days = (row.not_before.isoformat(), row.not_after and row.not_after.isoformat())
    return _key(row.code, row.name, row.jwk, row.qualifications, *days, row.state)


def _key(
    issuer: str,
    issuer_name: str,
    jwk: dict[str, str],
    codes: Sequence[str] | None,
    not_before: str,
    not_after: str | None,
    state: str,
) -> TrustedKey:
    return TrustedKey(
        issuer=issuer,
        issuer_name=issuer_name,
        public_key=_public_key(*sorted(jwk.items())),
        qualifications=None if codes is None else frozenset(codes),
        not_before=date.fromisoformat(not_before),
        not_after=None if not_after is None else date.fromisoformat(not_after),
        state=KeyState(state),
        status_list_uri=STATUS_LIST_URI,
    )


@lru_cache(4_096)
def _public_key(*jwk: tuple[str, str]) -> EllipticCurvePublicKey:
    return trust.key_of(dict(jwk))
