"""Who may issue, by which rule, under which numbers and keys (发证机关、规则、号段、公钥)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certificates.numbering import Numbering
from certificates.trust import STATUS_LIST_URI, KeyState
from server.audit.naming import called
from server.db import Base, IdColumn, text_enum
from server.organisations.models import Organisation
from server.people.roster import PostRole


@called("certificate_rule", "code")
class CertificateRule(Base):
    """How long a certificate of a role stands, between two days (证书有效期规则).

    Rules change by date: the row that counts is the one whose days hold the day of issue, so
    that certificates under Order 30 live on beside those under Order 19.
    """

    __tablename__ = "certificate_rule"
    __table_args__ = (
        CheckConstraint("years BETWEEN 1 AND 60", name="years"),
        CheckConstraint("warn_days >= 0", name="warn_days"),
    )

    id: Mapped[IdColumn]
    #: A name for programs that never changes: `special_operations_order_19`.
    code: Mapped[str] = mapped_column(unique=True)
    #: A name of the kind for programs: `special_operations`, `knowledge_and_ability`, …
    kind: Mapped[str]
    #: What is printed as its title, such as 特种作业操作证.
    kind_zh: Mapped[str] = mapped_column(default="", server_default="")
    kind_en: Mapped[str] = mapped_column(default="", server_default="")
    #: The letters that stand for the kind in its numbers.
    letters: Mapped[str]
    #: What is printed as its number.
    numbering: Mapped[Numbering] = mapped_column(
        text_enum(Numbering), default=Numbering.RANGE, server_default=Numbering.RANGE.value
    )
    #: The role whose qualifications it is for.
    role: Mapped[PostRole] = mapped_column(text_enum(PostRole), index=True)
    #: The one qualification it is for; None for all of the role.
    qualification_code: Mapped[str | None]
    #: The issuer that added it and for whose certificates alone it counts; None for all.
    issuer_id: Mapped[UUID | None] = mapped_column(ForeignKey("issuer.id"))
    #: Years a certificate stands, to the eve of the anniversary.
    years: Mapped[int]
    #: Years between reviews (复审); None where none is asked for.
    review_every_years: Mapped[int | None]
    #: The first day on which reviews are no longer due, whatever was printed.
    reviews_end_on: Mapped[date | None]
    #: Days before its end from which a certificate is called expiring.
    warn_days: Mapped[int]
    #: Days before its end from which a renewal may be decided; None for at any time.
    renewal_window_days: Mapped[int | None]
    #: Whether it is extended under its number (延期) instead of being renewed under a new one.
    extendable: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: Whether a suspension is lifted by another person than the one who imposed it.
    two_to_lift: Mapped[bool] = mapped_column(default=True, server_default=true())
    #: The first day on which the rule counts.
    effective_from: Mapped[date]
    #: The last day on which it counts, included; None while no other follows.
    effective_until: Mapped[date | None]
    #: The regulation it comes from, in both languages.
    order_zh: Mapped[str]
    order_en: Mapped[str]


@called("issuer", "code")
class Issuer(Base):
    """An authority that issues certificates (发证机关)."""

    __tablename__ = "issuer"

    id: Mapped[IdColumn]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), unique=True)
    #: What stands for it in numbers and tokens: capital letters and digits, never changed.
    code: Mapped[str] = mapped_column(unique=True)
    #: Codes of the qualifications it may certify; None for all.
    qualifications: Mapped[list[str] | None]
    registered_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)

    def certifies(self, qualification: str) -> bool:
        """Say whether it may issue certificates of this qualification."""
        return self.qualifications is None or qualification in self.qualifications

    @property
    def status_list_uri(self) -> str:
        """The name of the list of certificates that no longer stand: one for all issuers."""
        return STATUS_LIST_URI


class SigningKey(Base):
    """The public half of a key that an issuer has signed with (签名公钥).

    The private half is a file in the data directory and never in the database.
    """

    __tablename__ = "signing_key"
    __table_args__ = (UniqueConstraint("issuer_id", "kid"),)

    id: Mapped[IdColumn]
    issuer_id: Mapped[UUID] = mapped_column(ForeignKey("issuer.id"))
    #: The key id, as hexadecimal digits.
    kid: Mapped[str] = mapped_column(index=True)
    jwk: Mapped[dict[str, Any]]
    #: The days on which verifiers may rely on it, both included; an open end is None.
    not_before: Mapped[date]
    not_after: Mapped[date | None]
    state: Mapped[KeyState] = mapped_column(text_enum(KeyState), default=KeyState.ACTIVE)

    issuer: Mapped[Issuer] = relationship(lazy="joined", innerjoin=True)


class StatusBlock(Base):
    """Consecutive places of the status list, given out in an order that says nothing (状态名单区).

    The order is a permutation made of the seed, so that neighbours on the list were not issued
    together, and yet no place has to be looked for.
    """

    __tablename__ = "status_block"

    #: Counted from 0; its first place on the list is `number` × the size of a block.
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seed: Mapped[bytes] = mapped_column(LargeBinary)
    #: How many of its places are given out.
    given: Mapped[int] = mapped_column(default=0)


class NumberRange(Base):
    """The numbers of one issuer, year and kind (号段): given out one by one, without gaps.

    The row is locked while a number is taken, and a certificate that is rolled back gives its
    number back with it.
    """

    __tablename__ = "number_range"
    __table_args__ = (
        UniqueConstraint("issuer_id", "year", "letters"),
        CheckConstraint("last_place >= 0", name="last_place"),
    )

    id: Mapped[IdColumn]
    issuer_id: Mapped[UUID] = mapped_column(ForeignKey("issuer.id"))
    #: The year of issue, in Asia/Shanghai.
    year: Mapped[int]
    #: The letters of the kind.
    letters: Mapped[str]
    #: The highest place given out so far; 0 for none.
    last_place: Mapped[int] = mapped_column(default=0)
