"""Tables of identities that others keep: providers, links, returns (外部身份)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from server.audit.naming import called
from server.db import Base, IdColumn, text_enum
from server.people.documents import DocumentType


@called("identity_provider", "name_zh")
class IdentityProvider(Base):
    """Whose word about who somebody is counts here, and what of it (外部身份平台)."""

    __tablename__ = "identity_provider"

    id: Mapped[IdColumn]
    #: As it calls itself: found under `/.well-known/openid-configuration`, named in its tokens.
    issuer: Mapped[str] = mapped_column(unique=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    #: What this platform is called there.
    client_id: Mapped[str]
    #: What it proves itself with there, encrypted; None for a client that PKCE alone protects.
    client_secret: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    #: Words by spaces; `openid` among them.
    scope: Mapped[str]
    #: The claim that holds the document number, and the one that is true where it was verified.
    number_claim: Mapped[str]
    verified_claim: Mapped[str | None]
    document_type: Mapped[DocumentType] = mapped_column(text_enum(DocumentType))
    #: The document that the trust rests on (文号).
    document: Mapped[str]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class OutsideIdentity(Base):
    """That somebody outside is an account here; found by their verified number (身份关联)."""

    __tablename__ = "outside_identity"
    __table_args__ = (UniqueConstraint("provider_id", "account_id"),)

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("identity_provider.id"), primary_key=True)
    #: Their `sub` there.
    subject: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    linked_at: Mapped[datetime]
    used_at: Mapped[datetime]


class OutsideReturn(Base):
    """That a sign-in came back from outside: it does so once (防重放)."""

    __tablename__ = "outside_return"

    #: SHA-256 of its state.
    digest: Mapped[str] = mapped_column(primary_key=True)
    returned_at: Mapped[datetime] = mapped_column(index=True)
