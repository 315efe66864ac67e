"""Whose word about who somebody is counts: opening, changing, closing (外部身份平台服务)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.federation import claims
from server.federation.models import IdentityProvider
from server.jobs import sealing
from server.messages import sending
from server.messages.reaching import Reach
from server.paging import Page, page
from server.people.documents import DocumentType
from server.policy import Identity, Permission

SEALED_AS: Final = "identity_provider"

_OPENID: Final = "openid"


@dataclass(frozen=True, kw_only=True)
class Trust:
    """What is agreed with whoever keeps an identity provider."""

    issuer: str
    name_zh: str
    name_en: str
    client_id: str
    scope: str
    number_claim: str
    verified_claim: str | None
    document_type: DocumentType
    document: str
    #: Told once; None leaves the one that is there.
    client_secret: str | None = field(default=None, repr=False)


def open_(
    provider_id: UUID,
    trust: Trust,
    *,
    may_be_plain: bool,
    reach: Reach,
    by: Identity,
    at: datetime,
) -> IdentityProvider:
    """Believe a provider, or believe it by other terms; its issuer stays what it is.

    Raises:
        NotFound: the asker does not keep the whole platform.
        ChannelUnfit: nothing may be asked there.
        ClaimUnfit: a number would be believed that nobody verified.
        IdTaken: the id is that of another issuer, or the issuer has another id.
    """
    _keeper(by)
    claims.check(trust.number_claim, trust.verified_claim)
    sending.check_webhook(trust.issuer, may_be_plain=may_be_plain, reach=reach)
    found = db.session.get(IdentityProvider, provider_id) or _of(trust.issuer)
    if found is not None and (found.id, found.issuer) != (provider_id, trust.issuer):
        raise IdTaken
    if found is None:
        found = IdentityProvider(id=provider_id, issuer=trust.issuer, opened_at=at)
        db.session.add(found)
    for name, value in _columns(trust).items():
        setattr(found, name, value)
    if trust.client_secret is not None:
        found.client_secret = sealing.current().seal(
            trust.client_secret.encode(), job_id=provider_id, name=SEALED_AS
        )
    db.session.flush()
    _note("identity_provider_believed", found, by=by, at=at)
    return found


def close(provider_id: UUID, *, reason: str, by: Identity, at: datetime) -> IdentityProvider:
    """Believe a provider no longer; links stay, and lead nowhere.

    Raises:
        NotFound: there is none, or the asker does not keep the whole platform.
    """
    _keeper(by)
    found = db.session.get(IdentityProvider, provider_id)
    if found is None:
        raise NotFound
    if found.closed_at is None:
        found.closed_at = at
        db.session.flush()
        _note("identity_provider_closed", found, by=by, at=at, reason=reason)
    return found


def get(provider_id: UUID) -> IdentityProvider:
    """Return a provider that is believed.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(IdentityProvider, provider_id)
    if found is None or found.closed_at is not None:
        raise NotFound
    return found


def shown(provider_id: UUID) -> IdentityProvider:
    """Return a provider, believed or not.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(IdentityProvider, provider_id)
    if found is None:
        raise NotFound
    return found


def listed(*, cursor: str | None, limit: int) -> Page:
    """Return a page of the providers that are believed, the earliest first."""
    statement = select(IdentityProvider).where(IdentityProvider.closed_at.is_(None))
    order = [IdentityProvider.opened_at, IdentityProvider.id]
    return page(statement, order, cursor=cursor, limit=limit)


def secret_of(provider: IdentityProvider) -> str | None:
    """Return what the platform proves itself with at a provider."""
    if provider.client_secret is None:
        return None
    opened = sealing.current().open(provider.client_secret, job_id=provider.id, name=SEALED_AS)
    return opened.decode()


def _keeper(by: Identity) -> None:
    # Whoever is believed here signs people in everywhere.
    if not by.scope(Permission.MANAGE_EXCHANGE).everywhere:
        raise NotFound


def _of(issuer: str) -> IdentityProvider | None:
    statement = select(IdentityProvider).where(IdentityProvider.issuer == issuer)
    return db.session.execute(statement).scalar_one_or_none()


def _columns(trust: Trust) -> dict[str, Any]:
    words = dict.fromkeys([_OPENID, *trust.scope.split()])
    columns = {**vars(trust), "scope": " ".join(words)}
    return {name: columns[name] for name in columns.keys() - {"issuer", "client_secret"}}


def _note(
    action: str, of: IdentityProvider, *, by: Identity, at: datetime, reason: str | None = None
) -> None:
    told: dict[str, object] = {"issuer": of.issuer, "number_claim": of.number_claim}
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="identity_provider",
        subject_id=of.id,
        after=told | ({"reason": reason} if reason else {}),
    )
