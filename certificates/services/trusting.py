"""The keys that issuers sign with: the register, and the trust list made of it (信任名单服务)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from sqlalchemy import Connection, Row, bindparam, select, update

from certificates import errors, keys, trust
from certificates.models import AllowedPayload, Issuer, SigningKey
from certificates.signing import Signer
from certificates.trust import STATUS_LIST_URI, KeyState, TrustedKey, TrustList
from server.db import db, upsert
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


def signer_of(issuer: Issuer, *, on: date) -> tuple[Signer, KeyState]:
    """Return who signs for an issuer now, its key on the trust list, and how that key stands.

    While the key is exchanged this waits, and then returns the new one. A key that does not go on
    signs only where the new one has not come yet: on another machine than that of the exchange.

    Raises:
        KeyCompromised: only a key in wrong hands is here; the new one must be brought first.
    """
    while True:
        signer = keys.ring().of(issuer.code)
        state = list_key_of(issuer, on=on)
        if keys.ring().of(issuer.code).kid != signer.kid:
            continue
        if state is KeyState.COMPROMISED:
            raise errors.KeyCompromised
        return signer, state


def list_key_of(issuer: Issuer, *, on: date) -> KeyState:
    """Put the issuer's signing key on the trust list, if it is not there already.

    The list vouches for the key from the day on which the issuer is registered with it; of a key
    exchanged since, from the day on which it is registered again or first signs. The key is not
    exchanged before the transaction ends.

    Returns:
        How the key stands.
    """
    public_key = keys.ring().of(issuer.code).public_key
    kid = trust.kid_of(public_key).hex()
    known = select(SigningKey.state).where(SigningKey.issuer_id == issuer.id, SigningKey.kid == kid)
    while True:
        state = db.session.execute(known.with_for_update(read=True)).scalar()
        state = state or _listed(issuer, public_key, on=on)
        if state is not None:
            return state
        # Somebody else listed it meanwhile: only who has found it has locked it.


def _listed(issuer: Issuer, public_key: EllipticCurvePublicKey, *, on: date) -> KeyState | None:
    """List a key; return how it stands, None where it is listed already."""
    jwk = trust.jwk_of(public_key)
    row = {"id": uuid4(), "issuer_id": issuer.id, "kid": jwk["kid"], "jwk": jwk, "not_before": on}
    insert = upsert(SigningKey).values(row).on_conflict_do_nothing()
    return db.session.execute(insert.returning(SigningKey.state)).scalar()


def believe_until(issuer: Issuer, kid: str, last: date) -> None:
    """Let a key that does not go on be believed as long as what it has signed all the same."""
    shorter = (
        SigningKey.issuer_id == issuer.id,
        SigningKey.kid == kid,
        SigningKey.not_after < last,
    )
    db.session.execute(update(SigningKey).where(*shorter).values(not_after=last))


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
