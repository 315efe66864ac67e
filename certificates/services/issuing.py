"""Issuing certificates: upon a passed attempt, or by hand (发证)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from certificates.errors import (
    Barred,
    NoIssuer,
    NoRuleInForce,
    OwnCertificate,
    RangeExhausted,
)
from certificates.models import Certificate
from certificates.services import finding, issuers, rules, separation, vetting
from certificates.services.making import Order, make
from certificates.services.vetting import Intent
from certificates.validity import standing_spans
from exams.events import QualificationAttained
from exams.models import Exam
from exams.models.standards import Qualification
from server.audit import services as audit
from server.days import civil_day
from server.db import db
from server.errors import DomainError, IdTaken, NotFound
from server.people.models import Person
from server.policy import Identity, Permission

#: What may stand in the way of a certificate without standing in the way of the outcome.
_WITHHOLDING = (NoIssuer, NoRuleInForce, Barred, RangeExhausted)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is decided by who issues a certificate by hand."""

    person_id: UUID
    qualification_id: UUID
    issuer_id: UUID
    valid_from: date
    #: The passed attempt it rests on; None where it rests on what `reason` says.
    attempt_id: UUID | None = None
    #: On what it is issued: the file, the decision, the paper exam.
    reason: str
    #: The document of the decision (文号), where there is one.
    document: str | None = None


def issue_on_pass(event: QualificationAttained) -> Certificate | None:
    """Issue the certificate that somebody has earned by all that its standard asks for.

    Told twice, it issues once. Where no issuer or rule is there for it, or the person is barred,
    the outcome stands all the same and the audit says why there is no certificate; it can be
    issued by hand later. Who holds a standing certificate of the same qualification gets one
    that continues it from the morrow of its last day.
    """
    known = finding.earned_by(event.attempt_id)
    if known is not None:
        return known
    try:
        order = _order_upon(event)
        return make(order, by=None, at=event.at)
    except _WITHHOLDING as refusal:
        _tell_withheld(event, refusal)
        return None


def issue(certificate_id: UUID, draft: Draft, *, by: Identity, at: datetime) -> Certificate:
    """Issue a certificate by hand, under the id given; repeating the same changes nothing.

    The rule is that of its first day, or of today where that is earlier: a certificate of 2024
    entered today stands under the rule of 2024.

    Raises:
        NotFound: there is no such issuer in the asker's scope, no such person or qualification.
        IdTaken: another certificate stands under this id.
        OwnCertificate: the asker would certify themselves.
        NoIssuer: the issuer may not certify this qualification.
        NoRuleInForce: no rule says how long it stands.
        Barred: the person may not be certified.
        OutcomeMissing, AttemptSpent: about the attempt it should rest on.
        CertificateOverlaps: the person holds one of the same qualification on some of the days.
        TrainedHolder, SameEmployer: the asker is too near to the person.
    """
    issuer = issuers.get(draft.issuer_id, scope=by.scope(Permission.ISSUE_CERTIFICATES))
    person = db.session.get(Person, draft.person_id)
    qualification = db.session.get(Qualification, draft.qualification_id)
    if person is None or qualification is None:
        raise NotFound
    known = db.session.get(Certificate, certificate_id)
    if known is not None:
        return _same(known, draft)
    if by.person_id == draft.person_id:
        raise OwnCertificate
    if not issuer.certifies(qualification.code):
        raise NoIssuer(qualification=qualification.code)
    today = civil_day(at)
    rule = rules.in_force(qualification, on=min(draft.valid_from, today), issuer_id=issuer.id)
    order = Order(
        certificate_id=certificate_id,
        person=person,
        qualification=qualification,
        issuer=issuer,
        rule=rule,
        valid_from=draft.valid_from,
        attempt_id=draft.attempt_id,
        reason=draft.reason,
        document=draft.document,
    )
    separation.check(person.id, by=by, on=today, attempt_id=draft.attempt_id)
    check_person(order, on=today)
    return make(order, by=by, at=at)


def check_person(order: Order, *, on: date) -> None:
    """Make sure that nothing about the person stands in the way of what is ordered.

    Raises:
        Barred: the person may not be certified.
        OutcomeMissing, AttemptSpent: about the attempt it should rest on.
        CertificateOverlaps: the person holds one of the same qualification on some of the days.
    """
    intent = Intent(qualification=order.qualification, rule=order.rule, valid_from=order.valid_from)
    refusal = vetting.refusals({order.person.id: order.attempt_id}, intent, on=on)
    if refusal:
        raise refusal[order.person.id]


def _order_upon(event: QualificationAttained) -> Order:
    qualification = db.session.get_one(Qualification, event.qualification_id)
    exam = db.session.get_one(Exam, event.exam_id)
    today = civil_day(event.at)
    if vetting.barred([event.candidate_id], qualification.id, on=today):
        raise Barred(on=today.isoformat())
    last = _last_standing(event.candidate_id, qualification.id, on=today)
    issuer = issuers.responsible(qualification, exam.organisation)
    return Order(
        certificate_id=uuid4(),
        person=db.session.get_one(Person, event.candidate_id),
        qualification=qualification,
        issuer=issuer,
        rule=rules.in_force(qualification, on=today, issuer_id=issuer.id),
        valid_from=last.valid_until + timedelta(days=1) if last else today,
        attempt_id=event.attempt_id,
        previous_id=last.id if last else None,
        reason="考试合格，依成绩发证",
    )


def _same(known: Certificate, draft: Draft) -> Certificate:
    same = (
        known.person_id == draft.person_id
        and known.qualification_id == draft.qualification_id
        and known.issuer_id == draft.issuer_id
        and known.valid_from == draft.valid_from
        and known.attempt_id == draft.attempt_id
    )
    if not same:
        raise IdTaken
    return known


def _last_standing(person_id: UUID, qualification_id: UUID, *, on: date) -> Certificate | None:
    """Return the certificate of the person that reaches furthest and stands on or after `on`."""
    ahead = [
        certificate
        for certificate in finding.of(person_id)
        if certificate.qualification_id == qualification_id
        and any(
            span.until_on > on
            for span in standing_spans(certificate.validity, certificate.happenings)
        )
    ]
    return max(ahead, key=lambda certificate: certificate.valid_until, default=None)


def _tell_withheld(event: QualificationAttained, refusal: DomainError) -> None:
    audit.append(
        "certificate_withheld",
        by=None,
        at=event.at,
        subject_kind="attempt",
        subject_id=event.attempt_id,
        after={"code": refusal.code},
        reason=refusal.message.zh,
    )
