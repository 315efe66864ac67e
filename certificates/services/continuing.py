"""Certificates that follow another: renewed, extended, or issued again (换证、延期、补发)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from certificates import moves
from certificates.errors import NoIssuer, OwnCertificate
from certificates.life_errors import NameUnchanged, NotContinued, NotExtendable, TooEarly
from certificates.models import Certificate
from certificates.models.certificates import status_of
from certificates.services import changes, finding, issuing, making, rules, separation
from certificates.services.changes import Decision
from certificates.services.making import Order
from certificates.validity import Turn, Validity
from server.days import civil_day
from server.db import db
from server.errors import IdTaken
from server.people.models import Person
from server.policy import Identity, Permission


class Cause(StrEnum):
    """Why a certificate is issued again under its number (补发、换发原因)."""

    LOST = "lost"
    DAMAGED = "damaged"
    NAME_CHANGED = "name_changed"


#: What is printed on a certificate that was issued again.
REMARKS: dict[Cause, str] = {
    Cause.LOST: "补发（原证遗失）",
    Cause.DAMAGED: "补发（原证损毁）",
    Cause.NAME_CHANGED: "换发（姓名变更）",
}

#: What is printed on a certificate that was extended.
EXTENDED = "延期"


@dataclass(frozen=True, kw_only=True)
class Following:
    """What is decided about a certificate that follows another."""

    #: The id of the new certificate, made by who asks.
    certificate_id: UUID
    reason: str
    document: str | None = None
    #: The passed attempt it rests on, where one is asked for.
    attempt_id: UUID | None = None


def replace_with(
    old_id: UUID, following: Following, cause: Cause, *, by: Identity, at: datetime
) -> Certificate:
    """Issue a certificate again under its number, from today; the old one is replaced.

    Raises:
        NotFound, OwnCertificate, TrainedHolder, SameEmployer, IdTaken: as when issuing.
        MoveRefused: the old one does not stand.
        NameUnchanged: the holder's name is the one on the old one.
    """
    old, known = _prepared(old_id, following, by=by, at=at)
    if known is not None:
        return known
    person = db.session.get_one(Person, old.person_id)
    if cause is Cause.NAME_CHANGED and person.name == old.content["holder"]["name"]:
        raise NameUnchanged
    today = civil_day(at)
    changes.check_move(old, Turn.REPLACED, on=today)
    first = max(today, old.valid_from)
    done = sum(1 for each in old.events if each.kind.value == Turn.REVIEWED.value)
    days = Validity(
        first_day=first,
        last_day=old.valid_until,
        review_days=old.validity.review_days[done:],
    )
    order = _order(old, following, by_rule_of=first)
    changes.record(
        old,
        Decision(
            turn=Turn.REPLACED,
            reason=following.reason,
            effective_on=today,
            document=following.document,
        ),
        by=by,
        at=at,
    )
    order = replace(order, rule=old.rule, keeps=old, remark=REMARKS[cause], days=days)
    return making.make(order, by=by, at=at)


def renew(old_id: UUID, following: Following, *, by: Identity, at: datetime) -> Certificate:
    """Issue the certificate that continues another from the morrow of its last day (换证).

    The rule is that of the day of the decision: what was issued under Order 30 is renewed under
    Order 19.

    Raises:
        NotFound, OwnCertificate, TrainedHolder, SameEmployer, IdTaken: as when issuing.
        NotContinued: the old one does not stand; a first certificate must be applied for.
        TooEarly: the window for the renewal has not begun.
        NoRuleInForce, Barred, OutcomeMissing, AttemptSpent, CertificateOverlaps: as when issuing.
    """
    old, known = _prepared(old_id, following, by=by, at=at)
    return known or _continued(old, following, by=by, at=at)


def extend(old_id: UUID, following: Following, *, by: Identity, at: datetime) -> Certificate:
    """Issue the certificate that continues another under the same number (延期).

    Raises:
        NotExtendable: certificates of this kind are renewed.
        NotFound, NotContinued, TooEarly and others: as `renew`.
    """
    old, known = _prepared(old_id, following, by=by, at=at)
    if known is not None:
        return known
    if not old.rule.extendable:
        raise NotExtendable
    return _continued(old, following, keeps=True, by=by, at=at)


def _prepared(
    old_id: UUID, following: Following, *, by: Identity, at: datetime
) -> tuple[Certificate, Certificate | None]:
    """Return the old certificate, locked, and the new one where it was made before."""
    old = finding.issued_within(old_id, scope=by.scope(Permission.ISSUE_CERTIFICATES))
    known = db.session.get(Certificate, following.certificate_id)
    if known is not None:
        if known.previous_id != old.id or known.attempt_id != following.attempt_id:
            raise IdTaken
        return old, known
    if by.person_id == old.person_id:
        raise OwnCertificate
    if not old.issuer.certifies(old.qualification.code):
        raise NoIssuer(qualification=old.qualification.code)
    separation.check(old.person_id, by=by, on=civil_day(at), attempt_id=following.attempt_id)
    return old, None


def _order(old: Certificate, following: Following, *, by_rule_of: date) -> Order:
    return Order(
        certificate_id=following.certificate_id,
        person=db.session.get_one(Person, old.person_id),
        qualification=old.qualification,
        issuer=old.issuer,
        rule=rules.in_force(old.qualification, on=by_rule_of, issuer_id=old.issuer_id),
        valid_from=by_rule_of,
        attempt_id=following.attempt_id,
        previous_id=old.id,
        reason=following.reason,
        document=following.document,
    )


def _continued(
    old: Certificate, following: Following, *, keeps: bool = False, by: Identity, at: datetime
) -> Certificate:
    today = civil_day(at)
    _check_time(old, on=today)
    order = replace(
        _order(old, following, by_rule_of=today),
        valid_from=old.valid_until + timedelta(days=1),
        keeps=old if keeps else None,
        remark=EXTENDED if keeps else None,
    )
    issuing.check_person(order, on=today)
    return making.make(order, by=by, at=at)


def _check_time(old: Certificate, *, on: date) -> None:
    standing = status_of(old, on)
    if standing not in moves.CONTINUED_FROM:
        raise NotContinued(
            standing=standing.value, standing_zh=moves.STATUS_ZH[standing], on=on.isoformat()
        )
    window = old.rule.renewal_window_days
    from_on = None if window is None else old.valid_until - timedelta(days=window)
    if from_on is not None and on < from_on:
        raise TooEarly(from_on=from_on.isoformat())
