"""What follows for certificates from what happens beneath: voided attempts, bars (联动)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased, joinedload

from certificates.models import Certificate, CertificateEvent, EventKind, Issuer
from certificates.services import changes, finding
from exams.events import AttemptVoided, BarImposed, OutcomeCorrected, PracticalVoided
from exams.models import RegradeEffect
from server.days import civil_day
from server.organisations.models import Organisation, within
from server.paging import Page, narrowed, page
from server.scopes import Scope


def suspend_on_void(event: AttemptVoided | PracticalVoided) -> Certificate | None:
    """Suspend what a voided attempt, or a voided practical after it, had earned, until decided.

    Where it was replaced since, its newest edition is suspended. Told twice, or where the
    certificate no longer stands, it changes nothing.
    """
    earned = finding.earned_by(event.attempt_id)
    if earned is None:
        return None
    reason = f"所依据的考试成绩已作废：{event.reason}"
    return changes.suspend_by_itself(finding.last_edition(earned), reason=reason, at=event.at)


def suspend_on_correction(event: OutcomeCorrected) -> Certificate | None:
    """Suspend what an outcome had earned that is no pass any more, until a person decides.

    A correction that leaves it a pass, or makes it one, suspends nothing.
    """
    earned = finding.earned_by(event.attempt_id)
    if earned is None or event.passed_after or not event.passed_before:
        return None
    reason = f"所依据的考试成绩已更正为不合格：{event.reason}"
    return changes.suspend_by_itself(finding.last_edition(earned), reason=reason, at=event.at)


def touched_by(regrade_id: UUID, scope: Scope, *, cursor: str | None, limit: int) -> Page:
    """Return a page of the certificates within the scope that a regrade would take the ground from.

    They rest on attempts that pass now and, by its preview, would not.
    """
    issuers = (
        select(Issuer.id)
        .join(Organisation, Issuer.organisation_id == Organisation.id)
        .where(within(scope))
    )
    statement = (
        select(Certificate)
        .join(RegradeEffect, RegradeEffect.attempt_id == Certificate.attempt_id)
        .where(
            RegradeEffect.regrade_id == regrade_id,
            RegradeEffect.passed_before,
            ~RegradeEffect.passed_after,
            Certificate.issuer_id.in_(issuers),
        )
        .options(joinedload(Certificate.person))
    )
    return page(statement, [Certificate.number, Certificate.edition], cursor=cursor, limit=limit)


def suspend_on_bar(event: BarImposed) -> list[Certificate]:
    """Suspend what a barred person holds of what they are barred from, until a person decides.

    Where the law lets certificates fall by the decision itself, they are revoked by its document.
    A bar that begins later or is over already does nothing by itself.
    """
    today = civil_day(event.at)
    if event.from_on > today or (event.until_on is not None and event.until_on < today):
        return []
    reason = f"持证人被禁止任职或申请：{event.reason}"
    return [
        changes.revoke_by_decision(certificate, event.document, reason=reason, at=event.at)
        if event.revokes
        else changes.suspend_by_itself(certificate, reason=reason, at=event.at)
        for certificate in finding.of(event.person_id)
        if event.qualification_id in (None, certificate.qualification_id)
    ]


def undecided(
    scope: Scope,
    *,
    number: str | None = None,
    qualification_id: UUID | None = None,
    issuer_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the certificates within the scope that the platform has suspended.

    Somebody must decide: reinstate or revoke.
    """
    issuers = (
        select(Issuer.id)
        .join(Organisation, Issuer.organisation_id == Organisation.id)
        .where(within(scope))
    )
    statement = (
        select(Certificate)
        .join(CertificateEvent, CertificateEvent.certificate_id == Certificate.id)
        .where(_awaits_decision(), Certificate.issuer_id.in_(issuers))
        .options(joinedload(Certificate.person))
    )
    wanted = {
        Certificate.number: None if number is None else finding.as_kept(number),
        Certificate.qualification_id: qualification_id,
        Certificate.issuer_id: issuer_id,
    }
    order = [Certificate.number, Certificate.edition]
    return page(narrowed(statement, wanted), order, cursor=cursor, limit=limit)


def told_to(person_id: UUID, *, cursor: str | None = None, limit: int = 50) -> Page:
    """Return a page of everything that befell the certificates of a person, the newest first."""
    statement = (
        select(CertificateEvent)
        .join(Certificate, Certificate.id == CertificateEvent.certificate_id)
        .where(Certificate.person_id == person_id)
        .options(joinedload(CertificateEvent.certificate))
    )
    order = [CertificateEvent.at, CertificateEvent.id]
    return page(statement, order, cursor=cursor, limit=limit, descending=True)


def _awaits_decision() -> ColumnElement[bool]:
    later = aliased(CertificateEvent)
    last = (
        select(func.max(later.sequence))
        .where(later.certificate_id == CertificateEvent.certificate_id)
        .scalar_subquery()
    )
    return (
        (CertificateEvent.kind == EventKind.SUSPENDED)
        & CertificateEvent.by_id.is_(None)
        & (CertificateEvent.sequence == last)
    )
