"""Certificates, frozen at issue, and everything that befell them (证书、证书事件)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    Text,
    UniqueConstraint,
    event,
    inspect,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import (
    Mapped,
    Mapper,
    deferred,
    mapped_column,
    object_session,
    relationship,
)

from certificates.models.issuing import CertificateRule, Issuer
from certificates.validity import (
    Happening,
    Phase,
    Status,
    Turn,
    Validity,
    phases,
    review_due_on,
    status,
)
from exams.models.standards import Qualification
from server.audit.naming import called_by_person
from server.db import Base, IdColumn, text_enum
from server.people.models import Person


class EventKind(StrEnum):
    """What can be recorded of a certificate."""

    ISSUED = "issued"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    REVIEWED = "reviewed"
    REVOKED = "revoked"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    VOIDED = "voided"


@called_by_person("certificate")
class Certificate(Base):
    """Proof that a person holds a qualification (证书).

    What it says is frozen when it is issued: a later change of name, rule or issuer changes
    nothing here. Where it stands on a day is computed from its days and its events.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("range_id", "place", "edition"),
        CheckConstraint("valid_until >= valid_from", name="days"),
        CheckConstraint("edition >= 1", name="edition"),
    )

    #: Only the signature over what it says may be made anew, with another key.
    CHANGEABLE: ClassVar[frozenset[str]] = frozenset({"token", "token_kid"})

    id: Mapped[IdColumn]
    #: The platform's own serial: in the QR code and in addresses; says nothing of the holder.
    serial: Mapped[str] = mapped_column(unique=True)
    #: The number of its range. Printed, too, unless the number of the holder's document is.
    number: Mapped[str] = mapped_column(index=True)
    #: 1 for the first under its number; a re-issue keeps the number and is the next (补发、换发).
    edition: Mapped[int] = mapped_column(default=1, server_default="1")
    #: Why it was issued again under its number, as it is printed; None for the first.
    remark: Mapped[str | None]
    #: The document number that is printed after a "T", encrypted for the holder, with the key
    #: and the blind index it is found by; None where the number of the range is printed.
    number_cipher: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    number_key_id: Mapped[str | None]
    number_index: Mapped[str | None] = mapped_column(index=True)
    range_id: Mapped[UUID] = mapped_column(ForeignKey("number_range.id"))
    #: The place of the number in its range, from 1.
    place: Mapped[int]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    qualification_id: Mapped[UUID] = mapped_column(ForeignKey("qualification.id"), index=True)
    issuer_id: Mapped[UUID] = mapped_column(ForeignKey("issuer.id"), index=True)
    rule_id: Mapped[UUID] = mapped_column(ForeignKey("certificate_rule.id"))
    #: First and last day, both included.
    valid_from: Mapped[date]
    valid_until: Mapped[date] = mapped_column(index=True)
    #: Days by which reviews must be passed, as ISO text; empty where none is asked for.
    review_days: Mapped[list[str]]
    #: The earliest of them, for who looks for certificates whose review was missed.
    first_review_on: Mapped[date | None]
    #: The passed attempt that earned it; None where it was issued by hand. After a voiding, the
    #: same attempt may earn another.
    attempt_id: Mapped[UUID | None] = mapped_column(ForeignKey("attempt.id"), index=True)
    #: The certificate it continues.
    previous_id: Mapped[UUID | None] = mapped_column(ForeignKey("certificate.id"), index=True)
    #: What it says, as it was on the day of issue; document numbers masked.
    content: Mapped[dict[str, Any]]
    #: SHA-256 of `content` in its canonical form.
    content_hash: Mapped[str]
    #: Place on the status list; neighbours were not issued together.
    status_index: Mapped[int] = mapped_column(unique=True)
    #: The signed content of the QR code, and the id of the key that signed it.
    token: Mapped[str] = deferred(mapped_column(Text))
    token_kid: Mapped[str] = mapped_column(default="", server_default="")
    issued_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    qualification: Mapped[Qualification] = relationship(lazy="joined", innerjoin=True)
    issuer: Mapped[Issuer] = relationship(lazy="joined", innerjoin=True)
    rule: Mapped[CertificateRule] = relationship(lazy="joined", innerjoin=True)
    events: Mapped[list[CertificateEvent]] = relationship(
        lazy="selectin", order_by="CertificateEvent.sequence", back_populates="certificate"
    )

    @property
    def validity(self) -> Validity:
        """Its days, as the rules see them."""
        days = tuple(date.fromisoformat(day) for day in self.review_days)
        return Validity(first_day=self.valid_from, last_day=self.valid_until, review_days=days)

    @property
    def happenings(self) -> list[Happening]:
        """What befell it since its issue, as the rules see it."""
        return [each.happening for each in self.events if each.kind is not EventKind.ISSUED]

    @property
    def review_due_on(self) -> date | None:
        """The day by which the next review must be passed; None where none is open."""
        passed = [each.effective_on for each in self.events if each.kind is EventKind.REVIEWED]
        return review_due_on(self.validity, passed)


class CertificateEvent(Base):
    """Something that befell a certificate (证书事件): added, never changed, never deleted."""

    __tablename__ = "certificate_event"
    __table_args__ = (UniqueConstraint("certificate_id", "sequence"),)

    #: An event is added and never changed.
    CHANGEABLE: ClassVar[frozenset[str]] = frozenset()

    id: Mapped[IdColumn]
    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"))
    #: 1 for the issue; two changes at once meet the unique key.
    sequence: Mapped[int]
    kind: Mapped[EventKind] = mapped_column(text_enum(EventKind), index=True)
    #: The day from which it counts.
    effective_on: Mapped[date]
    reason: Mapped[str]
    #: The statutory ground (see data/grounds.csv), and the document of the decision (文号).
    ground: Mapped[str | None]
    document: Mapped[str | None]
    #: The account that did it, and whose it was then; None for the platform itself.
    by_id: Mapped[UUID | None]
    by_person_id: Mapped[UUID | None]
    at: Mapped[datetime]

    certificate: Mapped[Certificate] = relationship(back_populates="events", lazy="raise_on_sql")

    @property
    def happening(self) -> Happening:
        """The event as the rules see it."""
        return Happening(turn=Turn(self.kind.value), effective_on=self.effective_on)


class HistoryIsFixed(RuntimeError):
    """Somebody tried to change or delete what may only be added to."""


def _refuse_update(_mapper: Mapper[Any], _connection: Connection, target: object) -> None:
    # A certificate is visited, too, when an event was added to it: no column of it changed then.
    session = object_session(target)
    if session is None or not session.is_modified(target, include_collections=False):
        return
    changed = {each.key for each in inspect(target).attrs if each.history.has_changes()}
    if changed - type(target).CHANGEABLE - {"events"}:  # type: ignore[attr-defined]  # both have it
        raise HistoryIsFixed(f"{type(target).__name__} is written once and never changed.")


def _refuse_delete(_mapper: Mapper[Any], _connection: Connection, target: object) -> None:
    raise HistoryIsFixed(f"{type(target).__name__} is kept for ever.")


for _model in (Certificate, CertificateEvent):
    event.listen(_model, "before_update", _refuse_update)
    event.listen(_model, "before_delete", _refuse_delete)


def status_of(certificate: Certificate, on: date) -> Status:
    """Return where the certificate stands on the day `on`."""
    return status(
        certificate.validity,
        on,
        happenings=certificate.happenings,
        warn=timedelta(days=certificate.rule.warn_days),
    )


def phases_of(certificate: Certificate) -> list[Phase]:
    """Return the whole life of the certificate, each day in one phase."""
    return phases(
        certificate.validity,
        happenings=certificate.happenings,
        warn=timedelta(days=certificate.rule.warn_days),
    )
