"""Making one certificate: number, serial, frozen content, signature, first event (制证)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from certificates import freezing, keys, tokens
from certificates.models import Certificate, CertificateEvent, CertificateRule, EventKind, Issuer
from certificates.services import filing, numbers, trusting
from certificates.services.content import content_of
from certificates.tokens import Claims
from certificates.validity import Validity, validity
from exams.models.standards import Qualification
from server.audit import services as audit
from server.days import civil_day
from server.db import db
from server.people.models import Person
from server.policy import Identity


@dataclass(frozen=True, kw_only=True)
class Order:
    """Everything that decides what a certificate will say."""

    certificate_id: UUID
    person: Person
    qualification: Qualification
    issuer: Issuer
    rule: CertificateRule
    valid_from: date
    attempt_id: UUID | None = None
    previous_id: UUID | None = None
    #: On what it is issued.
    reason: str


def make(order: Order, *, by: Identity | None, at: datetime) -> Certificate:
    """Make the certificate ordered, with its number, its signed token and its first event.

    Raises:
        RangeExhausted: there is no number left.
    """
    today = civil_day(at)
    days = _days(order)
    found, number = numbers.take(order.issuer, year=today.year, letters=order.rule.letters)
    serial = numbers.fresh_serial()
    content = content_of(
        serial=serial,
        number=str(number),
        person=order.person,
        qualification=order.qualification,
        issuer=order.issuer,
        rule=order.rule,
        validity=days,
        issued_on=today,
    )
    status_index = numbers.free_status_index(order.issuer)
    certificate = Certificate(
        id=order.certificate_id,
        serial=serial,
        number=str(number),
        range_id=found.id,
        place=number.place,
        person_id=order.person.id,
        person=order.person,
        qualification_id=order.qualification.id,
        qualification=order.qualification,
        issuer_id=order.issuer.id,
        issuer=order.issuer,
        rule_id=order.rule.id,
        rule=order.rule,
        valid_from=days.first_day,
        valid_until=days.last_day,
        review_days=content["review_days"],
        attempt_id=order.attempt_id,
        previous_id=order.previous_id,
        content=content,
        content_hash=freezing.content_hash(content),
        status_index=status_index,
        token=_signed(order, days, serial, status_index),
        issued_at=at,
        events=[_issued(order, days, by=by, at=at)],
    )
    trusting.list_key_of(order.issuer, on=today)
    db.session.add(certificate)
    db.session.flush()
    _tell(certificate, order, by=by, at=at)
    return certificate


def _days(order: Order) -> Validity:
    return validity(
        order.valid_from,
        years=order.rule.years,
        review_every_years=order.rule.review_every_years,
        reviews_end_on=order.rule.reviews_end_on,
    )


def _issued(order: Order, days: Validity, *, by: Identity | None, at: datetime) -> CertificateEvent:
    return CertificateEvent(
        sequence=1,
        kind=EventKind.ISSUED,
        # What is entered late may have been changed between its first day and today.
        effective_on=min(days.first_day, civil_day(at)),
        reason=order.reason,
        by_id=by.account_id if by else None,
        at=at,
    )


def _signed(order: Order, days: Validity, serial: str, status_index: int) -> str:
    claims = Claims(
        issuer=order.issuer.code,
        serial=serial,
        holder=tokens.readable(order.person.name)[: tokens.LONGEST_NAME],
        document_masked=order.person.document_masked,
        qualification=order.qualification.code,
        valid_from=days.first_day,
        valid_until=days.last_day,
        status_index=status_index,
        status_list_uri=order.issuer.status_list_uri,
    )
    return tokens.write(claims, keys.current())


def _tell(certificate: Certificate, order: Order, *, by: Identity | None, at: datetime) -> None:
    filing.file_issue(certificate, at=at)
    audit.append(
        "certificate_issued",
        by=by,
        at=at,
        subject_kind="certificate",
        subject_id=certificate.id,
        after={
            "number": certificate.number,
            "person_id": str(certificate.person_id),
            "content_hash": certificate.content_hash,
        },
        reason=order.reason,
        organisation_path=order.issuer.organisation.path,
    )
