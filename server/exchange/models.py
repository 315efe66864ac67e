"""Tables of other systems: agreements, secrets, usage, disclosures (共享协议、密钥、用量、告知)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import Base, IdColumn, text_enum
from server.exchange.terms import Ability, PersonField, Purpose
from server.organisations.models import Organisation
from server.regions.models import Region


class ExchangeAgreement(Base):
    """What one system of an organisation may know, where, what for, until when (共享协议)."""

    __tablename__ = "exchange_agreement"
    __table_args__ = (
        CheckConstraint("valid_until >= valid_from", name="days"),
        CheckConstraint("daily_quota > 0", name="quota"),
    )

    #: The `client_id` of the system.
    id: Mapped[IdColumn]
    #: Whose system it is.
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: What lies beneath is what it may know of.
    region_id: Mapped[UUID] = mapped_column(ForeignKey("region.id"), index=True)
    #: What the system is called.
    name: Mapped[str]
    purpose: Mapped[Purpose] = mapped_column(text_enum(Purpose))
    #: Values of `Ability` and of `PersonField`, sorted.
    abilities: Mapped[list[str]]
    fields: Mapped[list[str]]
    #: Units of each ability in a day: people looked up, entries read, rows handed in.
    daily_quota: Mapped[int]
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    #: The document it rests on (文号), and who answers for it there.
    document: Mapped[str]
    contact: Mapped[str]
    concluded_at: Mapped[datetime]
    concluded_by_id: Mapped[UUID]
    #: The first day on which it no longer counts, where it was ended before its time.
    ended_on: Mapped[date | None]

    region: Mapped[Region] = relationship(lazy="joined", innerjoin=True)
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")

    def may(self, ability: Ability) -> bool:
        """Say whether it gives an ability."""
        return ability.value in self.abilities

    def tells(self, field: PersonField) -> bool:
        """Say whether a personal field may leave by it."""
        return field.value in self.fields


class ExchangeSecret(Base):
    """What a system proves itself with; several may stand at once, for changing them (密钥)."""

    __tablename__ = "exchange_secret"

    id: Mapped[IdColumn]
    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("exchange_agreement.id"), index=True)
    #: SHA-256 of 256 random bits: nothing to guess, so nothing to slow down.
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    #: When it was last used for a token, to the minute.
    used_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]


class ExchangeUsage(Base):
    """How much of an ability a system used in a day, and how often it was refused (用量)."""

    __tablename__ = "exchange_usage"
    __table_args__ = (Index(None, "agreement_id", "day"),)

    #: Agreement, day and ability as one text, by which many are locked in one statement.
    key: Mapped[str] = mapped_column(primary_key=True)
    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("exchange_agreement.id"))
    day: Mapped[date]
    ability: Mapped[str]
    units: Mapped[int]
    refused_count: Mapped[int]


class ExchangeDisclosure(Base):
    """That a system was told of a person on a day, and how often: the person may see it (告知)."""

    __tablename__ = "exchange_disclosure"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    agreement_id: Mapped[UUID] = mapped_column(
        ForeignKey("exchange_agreement.id"), primary_key=True
    )
    ability: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int]
