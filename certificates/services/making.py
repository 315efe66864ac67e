"""Making one certificate: number, serial, frozen content, signature, first event (制证)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from certificates import claims, freezing, keys, tokens
from certificates.claims import Claims
from certificates.models import Certificate, CertificateEvent, CertificateRule, EventKind, Issuer
from certificates.numbering import Numbering
from certificates.services import filing, notices, numbers, trusting
from certificates.services.content import content_of
from certificates.services.counts import waiting
from certificates.services.filing import Issued
from certificates.signing import Signer
from certificates.trust import KeyState
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
    #: The document of the decision (文号), where there is one.
    document: str | None = None
    #: The certificate whose number it keeps, and why, as printed; None for a number of its own.
    keeps: Certificate | None = None
    remark: str | None = None
    #: Its days, where they do not follow from the first day and the rule.
    days: Validity | None = None


def make(order: Order, *, by: Identity | None, at: datetime) -> Certificate:
    """Make the certificate ordered, with its number, its signed token and its first event.

    Raises:
        RangeExhausted: there is no number left.
    """
    (made,) = make_many([order], by=by, at=at)
    return made


def make_many(orders: Sequence[Order], *, by: Identity | None, at: datetime) -> list[Certificate]:
    """Make all certificates ordered, with their numbers, signed tokens and first events.

    Raises:
        RangeExhausted: there are not numbers enough left; none is made.
    """
    written = _written(orders, at=at)
    made = [
        Certificate(
            **values,
            person=order.person,
            qualification=order.qualification,
            issuer=order.issuer,
            rule=order.rule,
            events=[CertificateEvent(**_first_event(order, values, by=by, at=at))],
        )
        for order, values in written
    ]
    db.session.add_all(made)
    db.session.flush()
    _tell([Issued.of(values, order) for order, values in written], orders, by=by, at=at)
    return made


def make_in_bulk(orders: Sequence[Order], *, by: Identity | None, at: datetime) -> None:
    """Make the certificates ordered as rows, without objects: ten thousand in a breath.

    They are the same as `make_many` makes. Coverage counts their holders right after.

    Raises:
        RangeExhausted: there are not numbers enough left; none is made.
    """
    written = _written(orders, at=at)
    events = [
        _first_event(order, values, by=by, at=at) | {"certificate_id": values["id"]}
        for order, values in written
    ]
    db.session.execute(insert(Certificate), [values for _, values in written])
    db.session.execute(insert(CertificateEvent), events)
    waiting.wait((order.person.id for order in orders), (), at=at)
    _tell([Issued.of(values, order) for order, values in written], orders, by=by, at=at)


def _written(orders: Sequence[Order], *, at: datetime) -> list[tuple[Order, dict[str, Any]]]:
    """Return what the row of each says, its number and place on the status list taken."""
    today = civil_day(at)
    indexes = numbers.take_status_indexes(len(orders))
    places = _places(orders, year=today.year)
    issuers = {order.issuer.id: order.issuer for order in orders}
    signers = {key: trusting.signer_of(issuer, on=today) for key, issuer in issuers.items()}
    written = [
        (order, _row(order, place, index, signers[order.issuer.id][0], at=at))
        for order, place, index in zip(orders, places, indexes, strict=True)
    ]
    for key, (signer, state) in signers.items():
        if state is not KeyState.ACTIVE:
            last = max(values["valid_until"] for order, values in written if order.issuer.id == key)
            trusting.believe_until(issuers[key], signer.kid.hex(), last)
    return written


def _row(
    order: Order, place: dict[str, Any], status_index: int, signer: Signer, *, at: datetime
) -> dict[str, Any]:
    today = civil_day(at)
    days = order.days or days_of(order.rule, order.valid_from)
    serial = numbers.fresh_serial()
    content = content_of(
        serial=serial,
        number=place["number"],
        person=order.person,
        qualification=order.qualification,
        issuer=order.issuer,
        rule=order.rule,
        validity=days,
        issued_on=today,
        remark=order.remark,
        first_issued_on=_first_issued_on(order),
    )
    if order.keeps is not None:
        content["number"] = order.keeps.content["number"]
    return {
        "id": order.certificate_id,
        "serial": serial,
        **place,
        **_printed(order),
        "person_id": order.person.id,
        "qualification_id": order.qualification.id,
        "issuer_id": order.issuer.id,
        "rule_id": order.rule.id,
        "valid_from": days.first_day,
        "valid_until": days.last_day,
        "review_days": content["review_days"],
        "first_review_on": min(days.review_days, default=None),
        "attempt_id": order.attempt_id,
        "previous_id": order.previous_id,
        "remark": order.remark,
        "content": content,
        "content_hash": freezing.content_hash(content),
        "status_index": status_index,
        "token": tokens.write(_claimed(order, days, serial, status_index), signer),
        "token_kid": signer.kid.hex(),
        "issued_at": at,
    }


def days_of(rule: CertificateRule, valid_from: date) -> Validity:
    """Return the days of a certificate that begins on a day, by a rule."""
    return validity(
        valid_from,
        years=rule.years,
        review_every_years=rule.review_every_years,
        reviews_end_on=rule.reviews_end_on,
    )


def _places(orders: Sequence[Order], *, year: int) -> list[dict[str, Any]]:
    """Return number and place of each: the next of its range, or those of the one it replaces."""
    fresh: dict[tuple[UUID, str], list[Order]] = defaultdict(list)
    for order in orders:
        if order.keeps is None:
            fresh[order.issuer.id, order.rule.letters].append(order)
    found = {id(order): _kept_place(order.keeps) for order in orders if order.keeps is not None}
    for (_, letters), group in fresh.items():
        taken, given = numbers.take_many(group[0].issuer, len(group), year=year, letters=letters)
        for order, number in zip(group, given, strict=True):
            place = {"number": str(number), "range_id": taken.id, "place": number.place}
            found[id(order)] = {**place, "edition": 1}
    return [found[id(order)] for order in orders]


def _kept_place(kept: Certificate) -> dict[str, Any]:
    return {
        "number": kept.number,
        "range_id": kept.range_id,
        "place": kept.place,
        "edition": numbers.next_edition(kept),
    }


def _printed(order: Order) -> dict[str, Any]:
    """Return the encrypted document number that is printed, where one is."""
    kept, person = order.keeps, order.person
    if kept is not None:
        return {
            "number_cipher": kept.number_cipher,
            "number_key_id": kept.number_key_id,
            "number_index": kept.number_index,
        }
    if order.rule.numbering is Numbering.RANGE:
        return {}
    return {
        "number_cipher": person.document_cipher,
        "number_key_id": person.document_key_id,
        "number_index": person.document_index,
    }


def _first_issued_on(order: Order) -> date | None:
    kept = order.keeps
    if kept is None:
        return None
    return date.fromisoformat(kept.content.get("first_issued_on") or kept.content["valid_from"])


def _first_event(
    order: Order, values: dict[str, Any], *, by: Identity | None, at: datetime
) -> dict[str, Any]:
    return {
        "sequence": 1,
        "kind": EventKind.ISSUED,
        # What is entered late may have been changed between its first day and today.
        "effective_on": min(values["valid_from"], civil_day(at)),
        "reason": order.reason,
        "document": order.document,
        "by_id": by.account_id if by else None,
        "by_person_id": by.person_id if by else None,
        "at": at,
    }


def _claimed(order: Order, days: Validity, serial: str, status_index: int) -> Claims:
    return Claims(
        issuer=order.issuer.code,
        serial=serial,
        holder=shown_name(order.person.name),
        document_masked=order.person.document_masked,
        qualification=order.qualification.code,
        valid_from=days.first_day,
        valid_until=days.last_day,
        status_index=status_index,
        status_list_uri=order.issuer.status_list_uri,
    )


def shown_name(name: str) -> str:
    """Return a name as a token carries it: what is seen of it, as long as fits."""
    return claims.readable(name)[: claims.LONGEST_NAME]


def sign(said: Claims) -> str:
    """Return the token of a certificate, signed for its issuer."""
    return tokens.write(said, keys.ring().of(said.issuer))


def _tell(
    issued: Sequence[Issued], orders: Sequence[Order], *, by: Identity | None, at: datetime
) -> None:
    """Tell the files, the holders and the audit of what was made."""
    filing.file_issues(issued, at=at)
    notices.tell_issued(issued, at=at)
    for each, order in zip(issued, orders, strict=True):
        audit.append(
            "certificate_issued",
            by=by,
            at=at,
            subject_kind="certificate",
            subject_id=each.id,
            after={
                "number": each.number,
                "person_id": str(each.person_id),
                "content_hash": each.content_hash,
            },
            reason=order.reason,
            organisation_path=order.issuer.organisation.path,
        )
