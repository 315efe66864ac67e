"""Secrets of other systems: made, proved, changed without a gap (系统密钥服务)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.exchange.errors import LastSecret, TooManySecrets
from server.exchange.models import ExchangeAgreement, ExchangeSecret
from server.policy import Identity

#: The one in use, the next one, and one more for a machine that was forgotten.
MOST = 3

#: The time of the last use is kept no finer: what nobody needs is not written each time.
_GRAIN = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Made:
    """A secret, told once: only its digest is kept."""

    id: UUID
    client_id: UUID
    client_secret: str | None = field(repr=False)
    made_at: datetime


def make(
    secret_id: UUID, agreement: ExchangeAgreement, *, by: Identity | None, at: datetime
) -> Made:
    """Give a system another secret beside those that stand. Asked again, it is not told again.

    Args:
        secret_id: made by who asks.
        agreement: of the system.
        by: who keeps the agreement; None where the system itself changes its secret.
        at: the moment.

    Raises:
        TooManySecrets: so many stand already.
        IdTaken: a secret of another system stands under this id.
    """
    known = db.session.get(ExchangeSecret, secret_id)
    if known is not None:
        if known.agreement_id != agreement.id:
            raise IdTaken
        return Made(id=known.id, client_id=agreement.id, client_secret=None, made_at=known.made_at)
    if len(_standing(agreement.id, at)) >= MOST:
        raise TooManySecrets(most=MOST)
    secret = secrets.token_urlsafe(32)
    keep(secret_id, agreement, secret, at=at)
    _note("exchange_secret_made", agreement, secret_id, by=by, at=at)
    return Made(id=secret_id, client_id=agreement.id, client_secret=secret, made_at=at)


def keep(
    secret_id: UUID, agreement: ExchangeAgreement, secret: str, *, at: datetime
) -> ExchangeSecret:
    """Keep the digest of a secret: of one just made, or of the try-out one that docs print."""
    made = ExchangeSecret(
        id=secret_id, agreement_id=agreement.id, digest=_digest(secret), made_at=at
    )
    db.session.add(made)
    db.session.flush()
    return made


def end(
    secret_id: UUID,
    agreement: ExchangeAgreement,
    *,
    by: Identity | None,
    at: datetime,
) -> ExchangeSecret:
    """Take a secret out of use; taken before, it changes nothing.

    Raises:
        NotFound: the system has no such secret.
        LastSecret: the system itself would be left without one; who keeps the agreement may.
    """
    found = db.session.get(ExchangeSecret, secret_id)
    if found is None or found.agreement_id != agreement.id:
        raise NotFound
    if found.ends_at is not None and found.ends_at <= at:
        return found
    if by is None and len(_standing(agreement.id, at)) == 1:
        raise LastSecret
    found.ends_at = at
    db.session.flush()
    _note("exchange_secret_ended", agreement, secret_id, by=by, at=at)
    return found


def proves(agreement_id: UUID, secret: str, *, at: datetime) -> bool:
    """Say whether a secret stands for the system, and note its use."""
    digest = _digest(secret)
    for each in _standing(agreement_id, at):
        if hmac.compare_digest(each.digest, digest):
            if each.used_at is None or at - each.used_at >= _GRAIN:
                each.used_at = at
                db.session.flush()
            return True
    return False


def keys_of(agreement_id: UUID, *, at: datetime) -> list[bytes]:
    """Return the keys with which a system may sign what it sends: SHA-256 of its secrets."""
    return [each.digest for each in _standing(agreement_id, at)]


def of(agreement_id: UUID) -> list[ExchangeSecret]:
    """Return the secrets of a system, those out of use among them, the oldest first."""
    statement = select(ExchangeSecret).where(ExchangeSecret.agreement_id == agreement_id)
    return list(
        db.session.execute(statement.order_by(ExchangeSecret.made_at, ExchangeSecret.id)).scalars()
    )


def _standing(agreement_id: UUID, at: datetime) -> list[ExchangeSecret]:
    statement = select(ExchangeSecret).where(
        ExchangeSecret.agreement_id == agreement_id,
        or_(ExchangeSecret.ends_at.is_(None), ExchangeSecret.ends_at > at),
    )
    return list(db.session.execute(statement).scalars())


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _note(
    action: str,
    agreement: ExchangeAgreement,
    secret_id: UUID,
    *,
    by: Identity | None,
    at: datetime,
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="exchange_agreement",
        subject_id=agreement.id,
        after={"secret_id": secret_id, "by_system": by is None},
        region_path=agreement.region.path,
    )
