"""Tables of other systems: agreements, secrets, usage, disclosures (共享协议、密钥、用量、告知)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    text,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from server.audit.naming import called
from server.db import Base, IdColumn, text_enum
from server.exchange.terms import Ability, PersonField, Purpose
from server.organisations.models import Organisation
from server.regions.models import Region


@called("exchange_agreement")
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


#: A key that grows by itself: SQLite numbers only what is called INTEGER.
_Growing = BigInteger().with_variant(Integer(), "sqlite")


class ExchangePending(Base):
    """A fact noted with itself, by a trigger, that has no number in the feed yet (待编号)."""

    __tablename__ = "exchange_pending"

    place: Mapped[int] = mapped_column(_Growing, primary_key=True)
    #: The table it stands in.
    kind: Mapped[str]
    #: Its id there, or its number where it has none.
    subject_id: Mapped[UUID | None]
    number: Mapped[int | None]


class ExchangeEntry(Base):
    """A fact with its number in the feed: 1, 2, 3 … in the order of commits (数据流条目)."""

    __tablename__ = "exchange_entry"
    __table_args__ = (
        # Few entries have one; those of coverage are looked for by it.
        Index(
            None,
            "number",
            sqlite_where=text("number IS NOT NULL"),
            postgresql_where=text("number IS NOT NULL"),
        ),
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str]
    subject_id: Mapped[UUID | None]
    number: Mapped[int | None]
    #: Where it belongs; None for what concerns every region.
    region_id: Mapped[UUID | None]
    entered_at: Mapped[datetime]


class ExchangeHead(Base):
    """The end of the feed: one row, locked by whoever gives numbers."""

    __tablename__ = "exchange_head"

    #: Always 1.
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)


class ExchangeHook(Base):
    """Where a system is told that its feed has moved, and how far it was told (对接通知地址)."""

    __tablename__ = "exchange_hook"

    id: Mapped[IdColumn]
    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("exchange_agreement.id"), index=True)
    address: Mapped[str]
    #: Sign what it is sent: this one, and until a moment the one before; both encrypted.
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    former_secret: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    former_until: Mapped[datetime | None]
    #: The last entry it was told of.
    position: Mapped[int] = mapped_column(BigInteger)
    tries: Mapped[int]
    next_at: Mapped[datetime]
    #: The last entry that the webhook under way tells of; None where none is.
    told_until: Mapped[int | None] = mapped_column(BigInteger)
    #: Why the last try failed, in the name of its exception.
    failure: Mapped[str | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class ExchangeDeadLetter(Base):
    """A webhook that was given up (死信); the entries it spoke of are in the feed all the same."""

    __tablename__ = "exchange_dead_letter"

    id: Mapped[IdColumn]
    hook_id: Mapped[UUID] = mapped_column(ForeignKey("exchange_hook.id"), index=True)
    from_seq: Mapped[int] = mapped_column(BigInteger)
    until_seq: Mapped[int] = mapped_column(BigInteger)
    failure: Mapped[str]
    given_up_at: Mapped[datetime]
    #: When it came through after all, sent again by hand.
    sent_at: Mapped[datetime | None]


class ExchangeArrival(Base):
    """That a webhook of a system arrived: sent again, it is not heeded again (防重放)."""

    __tablename__ = "exchange_arrival"

    agreement_id: Mapped[UUID] = mapped_column(
        ForeignKey("exchange_agreement.id"), primary_key=True
    )
    #: Its `webhook-id`.
    message_id: Mapped[str] = mapped_column(primary_key=True)
    arrived_at: Mapped[datetime]


class ExchangeRecordStore(Base):
    """A learning record store (LRS) that is sent xAPI statements, and how far (学习记录库)."""

    __tablename__ = "exchange_record_store"

    id: Mapped[IdColumn]
    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("exchange_agreement.id"), index=True)
    #: Where its `statements` resource lies.
    endpoint: Mapped[str]
    #: The key by which it knows us, and its secret, encrypted.
    key: Mapped[str]
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    #: The last entry of the feed that it took, or that said nothing to it.
    position: Mapped[int] = mapped_column(BigInteger)
    #: Entries up to this one are sent one by one: among them is one that it refuses.
    singly_until: Mapped[int] = mapped_column(BigInteger)
    tries: Mapped[int]
    next_at: Mapped[datetime]
    #: Why the last try failed.
    failure: Mapped[str | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class ExchangeRefusedStatement(Base):
    """An entry whose statements a learning record store refused; those after it went on (拒收)."""

    __tablename__ = "exchange_refused_statement"

    id: Mapped[IdColumn]
    store_id: Mapped[UUID] = mapped_column(ForeignKey("exchange_record_store.id"), index=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    failure: Mapped[str]
    refused_at: Mapped[datetime]
