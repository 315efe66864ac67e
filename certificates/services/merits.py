"""Certificates of merit: issued to who stands among the first of a contest (竞赛荣誉证书).

A kind of certificate like any other: numbered, frozen, signed, and verified by anybody.
"""

from __future__ import annotations

from uuid import uuid5

from certificates.errors import NoIssuer, NoRuleInForce, RangeExhausted
from certificates.models import Certificate
from certificates.services import issuers, rules
from certificates.services.making import Order, make
from exams.contests.events import MeritEarned
from exams.services import standards
from server.audit import services as audit
from server.days import civil_day
from server.db import db
from server.errors import NotFound
from server.organisations import services as organisations
from server.people.models import Person


def issue_on_merit(event: MeritEarned) -> Certificate | None:
    """Issue the certificate of merit that somebody has earned; told twice, it issues once.

    Where no authority issues it, or no rule is there, the place stands all the same, and the audit
    says why there is no certificate.
    """
    certificate_id = uuid5(event.entry_id, "merit")
    known = db.session.get(Certificate, certificate_id)
    if known is not None:
        return known
    qualification = standards.find(standards.MERIT)
    if qualification is None:
        raise NotFound
    today = civil_day(event.at)
    try:
        issuer = issuers.responsible(qualification, organisations.get(event.organisation_id))
        order = Order(
            certificate_id=certificate_id,
            person=db.session.get_one(Person, event.person_id),
            qualification=qualification,
            issuer=issuer,
            rule=rules.in_force(qualification, on=today, issuer_id=issuer.id),
            valid_from=today,
            reason=f"{event.contest_name} 第 {event.place} 名",
            remark=f"{event.contest_name} 第 {event.place} 名",
        )
        return make(order, by=None, at=event.at)
    except (NoIssuer, NoRuleInForce, RangeExhausted) as refusal:
        audit.append(
            "certificate_withheld",
            by=None,
            at=event.at,
            subject_kind="contest_entry",
            subject_id=event.entry_id,
            after={"code": refusal.code},
            reason=refusal.message.zh,
        )
        return None
