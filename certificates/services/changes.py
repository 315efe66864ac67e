"""What befalls a certificate: suspended, reinstated, reviewed, revoked (证书变更)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from certificates import moves
from certificates.errors import EffectiveBeforeLast, MoveRefused, OwnCertificate
from certificates.models import Certificate, CertificateEvent, EventKind
from certificates.models.certificates import status_of
from certificates.services import filing, finding
from certificates.validity import Turn
from exams.events import AttemptVoided
from server.audit import services as audit
from server.days import civil_day
from server.db import db
from server.policy import Identity, Permission


def change(
    certificate_id: UUID,
    turn: Turn,
    *,
    reason: str,
    effective_on: date,
    by: Identity,
    at: datetime,
) -> Certificate:
    """Record that a certificate is suspended, reinstated, reviewed or revoked, and why.

    Saying the same again changes nothing.

    Args:
        certificate_id: which one.
        turn: what befalls it.
        reason: why, in words that can be shown to the holder.
        effective_on: the day from which it counts.
        by: who decides; must be allowed to at the issuer.
        at: the moment of recording.

    Raises:
        NotFound: there is no such certificate, or its issuer lies outside the asker's scope.
        OwnCertificate: the asker holds it.
        MoveRefused: where it stands on that day, the turn is not possible.
        EffectiveBeforeLast: an earlier change counts from a later day.
    """
    certificate = finding.issued_within(
        certificate_id, scope=by.scope(Permission.REVOKE_CERTIFICATES)
    )
    if by.person_id == certificate.person_id:
        raise OwnCertificate
    last = certificate.events[-1]
    if _is_same(last, turn, reason, effective_on):
        return certificate
    if effective_on < last.effective_on:
        raise EffectiveBeforeLast(earliest=last.effective_on.isoformat())
    standing = status_of(certificate, effective_on)
    if not moves.allowed(standing, turn):
        raise MoveRefused(
            standing=standing.value,
            standing_zh=moves.STATUS_ZH[standing],
            move=turn.value,
            move_zh=moves.TURN_ZH[turn],
            on=effective_on.isoformat(),
        )
    _record(certificate, turn, reason=reason, effective_on=effective_on, by=by, at=at)
    return certificate


def suspend_on_void(event: AttemptVoided) -> Certificate | None:
    """Suspend the certificate that a voided attempt had earned, until a person decides.

    Told twice, or where the certificate no longer stands, it changes nothing.
    """
    certificate = finding.earned_by(event.attempt_id)
    if certificate is None:
        return None
    today = max(civil_day(event.at), certificate.events[-1].effective_on)
    if moves.allowed(status_of(certificate, today), Turn.SUSPENDED):
        reason = f"所依据的考试成绩已作废：{event.reason}"
        _record(
            certificate, Turn.SUSPENDED, reason=reason, effective_on=today, by=None, at=event.at
        )
    return certificate


def _is_same(last: CertificateEvent, turn: Turn, reason: str, effective_on: date) -> bool:
    return (last.kind.value, last.reason, last.effective_on) == (turn.value, reason, effective_on)


def _record(
    certificate: Certificate,
    turn: Turn,
    *,
    reason: str,
    effective_on: date,
    by: Identity | None,
    at: datetime,
) -> None:
    happened = CertificateEvent(
        sequence=certificate.events[-1].sequence + 1,
        kind=EventKind(turn.value),
        effective_on=effective_on,
        reason=reason,
        by_id=by.account_id if by else None,
        at=at,
    )
    before = status_of(certificate, effective_on)
    certificate.events.append(happened)
    db.session.flush()
    filing.file_change(certificate, happened, at=at)
    audit.append(
        f"certificate_{turn.value}",
        by=by,
        at=at,
        subject_kind="certificate",
        subject_id=certificate.id,
        before={"status": before.value},
        after={
            "status": status_of(certificate, effective_on).value,
            "effective_on": effective_on.isoformat(),
        },
        reason=reason,
        organisation_path=certificate.issuer.organisation.path,
    )
