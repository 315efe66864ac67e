"""The trust list made of the keys that issuers sign with (信任名单服务)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from certificates import keys, trust
from certificates.models import Issuer, SigningKey
from certificates.trust import TrustedKey, TrustList
from server.db import db


def trust_list() -> TrustList:
    """Return every key with which certificates of this platform are or were signed."""
    statement = select(SigningKey).join(Issuer).order_by(Issuer.code, SigningKey.kid)
    return TrustList(keys=tuple(_trusted(key) for key in db.session.execute(statement).scalars()))


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


def _trusted(key: SigningKey) -> TrustedKey:
    codes = key.issuer.qualifications
    return TrustedKey(
        issuer=key.issuer.code,
        issuer_name=key.issuer.organisation.name,
        public_key=trust.key_of(key.jwk),
        qualifications=None if codes is None else frozenset(codes),
        not_before=key.not_before,
        not_after=key.not_after,
        state=key.state,
        status_list_uri=key.issuer.status_list_uri,
    )
