"""Exchanging an issuer's key, and what is done when it is in wrong hands (密钥轮换与泄露处置)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select

from certificates import errors, keys, tokens, trust
from certificates.claims import Claims
from certificates.models import AllowedPayload, Certificate, Issuer, SigningKey
from certificates.services import making, trusting
from certificates.trust import KeyState
from server.audit import services as audit
from server.days import civil_day
from server.db import db, upsert


def rotate(issuer: Issuer, *, at: datetime) -> str:
    """Give an issuer a fresh key; the old one is believed as long as what it signed lasts.

    Returns:
        The id of the new key.
    """
    today = civil_day(at)
    old = keys.ring().of(issuer.code).public_key
    trusting.list_key_of(issuer, on=today)
    # First, because it waits for those who are signing with the old one.
    _set_state(issuer, trust.kid_of(old).hex(), KeyState.RETIRED)
    made = keys.ring().exchange(issuer.code).public_key
    trusting.list_key_of(issuer, on=today)
    _tell("signing_key_rotated", issuer, at=at, kid=trust.kid_of(made).hex())
    return trust.kid_of(made).hex()


def declare(issuer: Issuer, kid: str, *, at: datetime) -> None:
    """State that a key is in wrong hands: nothing it signed is believed, whenever it says it did.

    If it is the one in use, it is exchanged at once.

    Raises:
        KeyNotTrusted: the issuer never had such a key.
    """
    if keys.ring().of(issuer.code).kid.hex() == kid:
        rotate(issuer, at=at)
    if not _set_state(issuer, kid, KeyState.COMPROMISED):
        raise errors.KeyNotTrusted
    _tell("signing_key_compromised", issuer, at=at, kid=kid)


def sign_again(issuer: Issuer, kid: str, *, at: datetime, limit: int = 500) -> int:
    """Sign certificates anew that a key had signed; return how many, 0 when all are done.

    What they say stays: only the signature, made of it, is another. What the old key had signed
    of them goes on being believed, by its content, so that printed cards need not be thrown away.
    """
    statement = (
        select(Certificate)
        .where(
            Certificate.issuer_id == issuer.id,
            Certificate.token_kid.in_([kid, ""]),
            Certificate.valid_until >= civil_day(at),
        )
        .limit(limit)
    )
    found = list(db.session.execute(statement).scalars())
    if found:
        trusting.list_key_of(issuer, on=civil_day(at))
        _allow(found, kid, at=at)
        _sign(found, issuer)
        _tell("certificates_signed_again", issuer, at=at, kid=kid, count=len(found))
    return len(found)


def _sign(certificates: Iterable[Certificate], issuer: Issuer) -> None:
    kid = keys.ring().of(issuer.code).kid.hex()
    for certificate in certificates:
        content = certificate.content
        claims = Claims(
            issuer=issuer.code,
            serial=certificate.serial,
            holder=making.shown_name(content["holder"]["name"]),
            document_masked=content["holder"]["document_masked"],
            qualification=content["qualification"]["code"],
            valid_from=certificate.valid_from,
            valid_until=certificate.valid_until,
            status_index=certificate.status_index,
            status_list_uri=issuer.status_list_uri,
        )
        certificate.token, certificate.token_kid = making.sign(claims), kid
    db.session.flush()


def _allow(certificates: Iterable[Certificate], kid: str, *, at: datetime) -> None:
    rows = [
        {
            "hash": trust.payload_hash(shown.payload).hex(),
            "kid": kid,
            "until": each.valid_until,
            "added_at": at,
        }
        for each in certificates
        if (shown := tokens.opened(each.token)).kid.hex() == kid
    ]
    if rows:
        db.session.execute(upsert(AllowedPayload).on_conflict_do_nothing(), rows)


def _set_state(issuer: Issuer, kid: str, state: KeyState) -> bool:
    key = db.session.execute(
        select(SigningKey).where(SigningKey.issuer_id == issuer.id, SigningKey.kid == kid)
    ).scalar_one_or_none()
    if key is None:
        return False
    key.state = state
    db.session.flush()
    if state is KeyState.RETIRED:
        last = select(func.max(Certificate.valid_until)).where(
            Certificate.issuer_id == issuer.id, Certificate.token_kid.in_([kid, ""])
        )
        key.not_after = db.session.execute(last).scalar_one() or key.not_before
    db.session.flush()
    return True


def _tell(action: str, issuer: Issuer, *, at: datetime, **after: object) -> None:
    audit.append(
        action,
        by=None,
        at=at,
        subject_kind="issuer",
        subject_id=issuer.id,
        after=after,
        organisation_path=issuer.organisation.path,
    )
