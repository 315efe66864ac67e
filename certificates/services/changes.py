"""What befalls a certificate: suspended, reviewed, revoked, cancelled, voided (证书变更)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy import select

from certificates import grounds, moves
from certificates.errors import EffectiveBeforeLast, MoveRefused, OwnCertificate
from certificates.grounds import Ground
from certificates.life_errors import GroundNotInForce, SecondPersonNeeded
from certificates.models import Certificate, CertificateEvent, EventKind
from certificates.models.certificates import status_of
from certificates.services import filing, finding, notices
from certificates.validity import Turn
from exams.models.standards import Qualification
from exams.services import bars
from server.audit import services as audit
from server.days import civil_day
from server.db import db
from server.policy import Identity, Permission

#: Turns that rest on a ground the law names.
GROUNDED = frozenset({Turn.REVOKED, Turn.CANCELLED})


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What is decided about a certificate."""

    turn: Turn
    #: Why, in words that can be shown to the holder.
    reason: str
    #: The day from which it counts.
    effective_on: date
    #: The ground of a revocation or cancellation, by its code.
    ground: str | None = None
    #: The document of the decision (文号).
    document: str | None = None


def change(certificate_id: UUID, decision: Decision, *, by: Identity, at: datetime) -> Certificate:
    """Record what is decided about a certificate, by whom and why.

    Saying the same again changes nothing. A revocation on a ground that bars the holder imposes
    the bar, too.

    Args:
        certificate_id: which one.
        decision: what, why and from when.
        by: who decides; must be allowed to at the issuer.
        at: the moment of recording.

    Raises:
        NotFound: there is no such certificate, or its issuer lies outside the asker's scope.
        OwnCertificate: the asker holds it.
        MoveRefused: where it stands on that day, the turn is not possible.
        EffectiveBeforeLast: an earlier change counts from a later day.
        GroundNotInForce: a ground is needed, and this is none on that day.
        SecondPersonNeeded: the asker suspended what they would reinstate.
    """
    certificate = finding.issued_within(
        certificate_id, scope=by.scope(Permission.REVOKE_CERTIFICATES)
    )
    if by.person_id == certificate.person_id:
        raise OwnCertificate
    if _is_same(certificate.events[-1], decision):
        return certificate
    decision = _dated(certificate, decision)
    check_move(certificate, decision.turn, on=decision.effective_on)
    ground = _ground(certificate, decision)
    if decision.turn is Turn.REINSTATED:
        _check_second_person(certificate, by)
    record(certificate, decision, by=by, at=at)
    if ground is not None:
        _bar(certificate, ground, decision, by=by, at=at)
    return certificate


def check_move(certificate: Certificate, turn: Turn, *, on: date) -> None:
    """Make sure that a turn may befall the certificate from the day `on`.

    Raises:
        MoveRefused: where it stands on that day, the turn is not possible.
        EffectiveBeforeLast: an earlier change counts from a later day.
    """
    last = certificate.events[-1]
    if turn is not Turn.VOIDED and on < last.effective_on:
        raise EffectiveBeforeLast(earliest=last.effective_on.isoformat())
    standing = status_of(certificate, on)
    if not moves.allowed(standing, turn):
        raise MoveRefused(
            standing=standing.value,
            standing_zh=moves.STATUS_ZH[standing],
            move=turn.value,
            move_zh=moves.TURN_ZH[turn],
            on=on.isoformat(),
        )


def record(
    certificate: Certificate, decision: Decision, *, by: Identity | None, at: datetime
) -> CertificateEvent:
    """Add the event to the life of the certificate, the holder's file and the audit."""
    happened = CertificateEvent(
        sequence=certificate.events[-1].sequence + 1,
        kind=EventKind(decision.turn.value),
        effective_on=decision.effective_on,
        reason=decision.reason,
        ground=decision.ground,
        document=decision.document,
        by_id=by.account_id if by else None,
        by_person_id=by.person_id if by else None,
        at=at,
    )
    before = status_of(certificate, decision.effective_on)
    certificate.events.append(happened)
    db.session.flush()
    filing.file_change(certificate, happened, at=at)
    notices.tell_change(certificate, happened, at=at)
    audit.append(
        f"certificate_{decision.turn.value}",
        by=by,
        at=at,
        subject_kind="certificate",
        subject_id=certificate.id,
        before={"status": before.value},
        after={
            "status": status_of(certificate, decision.effective_on).value,
            "effective_on": decision.effective_on.isoformat(),
            "ground": decision.ground,
            "document": decision.document,
        },
        reason=decision.reason,
        organisation_path=certificate.issuer.organisation.path,
    )
    return happened


def revoke_by_decision(
    certificate: Certificate, document: str | None, *, reason: str, at: datetime
) -> Certificate:
    """Revoke a certificate that falls by a decision on its holder; the fallen stay as they are."""
    today = max(civil_day(at), certificate.events[-1].effective_on)
    if moves.allowed(status_of(certificate, today), Turn.REVOKED):
        decision = Decision(
            turn=Turn.REVOKED,
            reason=reason,
            effective_on=today,
            ground="barred",
            document=document,
        )
        record(certificate, decision, by=None, at=at)
    return certificate


def suspend_by_itself(certificate: Certificate, *, reason: str, at: datetime) -> Certificate:
    """Suspend a certificate until a person decides; one that does not stand is left as it is."""
    today = max(civil_day(at), certificate.events[-1].effective_on)
    if moves.allowed(status_of(certificate, today), Turn.SUSPENDED):
        decision = Decision(turn=Turn.SUSPENDED, reason=reason, effective_on=today)
        record(certificate, decision, by=None, at=at)
    return certificate


def _is_same(last: CertificateEvent, decision: Decision) -> bool:
    told = (last.kind.value, last.reason, last.ground, last.document)
    asked = (decision.turn.value, decision.reason, decision.ground, decision.document)
    same_day = last.effective_on == decision.effective_on or decision.turn is Turn.VOIDED
    return told == asked and same_day


def _dated(certificate: Certificate, decision: Decision) -> Decision:
    """A voiding counts from the first day on which anything could be thought of it."""
    if decision.turn is not Turn.VOIDED:
        return decision
    first = min(certificate.valid_from, certificate.events[0].effective_on)
    return Decision(
        turn=decision.turn, reason=decision.reason, effective_on=first, document=decision.document
    )


def _ground(certificate: Certificate, decision: Decision) -> Ground | None:
    if decision.turn not in GROUNDED:
        return None
    found = grounds.find(
        decision.ground or "",
        decision.turn,
        role=certificate.qualification.role.value,
        on=decision.effective_on,
    )
    if found is None:
        raise GroundNotInForce(ground=decision.ground or "-", on=decision.effective_on.isoformat())
    return found


def _check_second_person(certificate: Certificate, by: Identity) -> None:
    suspended = [each for each in certificate.events if each.kind is EventKind.SUSPENDED][-1]
    if certificate.rule.two_to_lift and suspended.by_person_id == by.person_id:
        raise SecondPersonNeeded


def _bar(
    certificate: Certificate, ground: Ground, decision: Decision, *, by: Identity, at: datetime
) -> None:
    """Bar the holder from every qualification of the role for as long as the ground says."""
    until = ground.barred_until(decision.effective_on)
    if until is None:
        return
    role = certificate.qualification.role
    barred = select(Qualification).where(Qualification.role == role).order_by(Qualification.code)
    for qualification in db.session.execute(barred).scalars():
        bars.impose(
            uuid5(certificate.id, f"bar {qualification.code}"),
            person_id=certificate.person_id,
            qualification_id=qualification.id,
            from_on=decision.effective_on,
            until_on=until,
            reason=f"{ground.zh}（{ground.source_zh}）",
            document=decision.document,
            by=by,
            at=at,
        )
