"""Applications: handed in, accepted, decided, and what is done upon a grant (证书申请服务)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from certificates import applying
from certificates.applying import Purpose, State, Step
from certificates.errors import OwnCertificate
from certificates.life_errors import CertificateIdNeeded, StepRefused
from certificates.models import Application, ApplicationStep, Certificate, Issuer
from certificates.services import changes, continuing, finding, issuers, issuing, separation
from certificates.services.changes import Decision
from certificates.services.continuing import Cause, Following
from certificates.services.issuing import Draft
from certificates.validity import Turn
from server.audit import services as audit
from server.days import civil_day
from server.db import db
from server.errors import IdTaken, NotFound
from server.organisations.models import Organisation, within
from server.policy import Identity, Permission
from server.scopes import Scope


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody applies for."""

    issuer_id: UUID
    qualification_id: UUID
    purpose: Purpose
    certificate_id: UUID | None = None
    attempt_id: UUID | None = None
    documents: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Told:
    """What an officer says of an application."""

    reason: str
    document: str | None = None
    #: The id of the certificate that a grant makes.
    certificate_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """An application on a day: where it stands, and by when what is due."""

    application: Application
    on: date

    @property
    def state(self) -> State:
        """Where it stands."""
        return applying.state(self.application.submitted_on, self.application.done, on=self.on)

    @property
    def state_zh(self) -> str:
        """The same, as Chinese readers know it."""
        return applying.STATE_ZH[self.state]

    @property
    def accept_by(self) -> date:
        """The last day for saying whether it is accepted."""
        return applying.accept_by(self.application.submitted_on)

    @property
    def accepted_on(self) -> date | None:
        """The day from which it counts as accepted."""
        return applying.accepted_on(
            self.application.submitted_on, self.application.done, on=self.on
        )

    @property
    def decide_by(self) -> date | None:
        """The last day for the decision."""
        return applying.decide_by(self.application.submitted_on, self.application.done, on=self.on)

    @property
    def overdue(self) -> bool:
        """Whether the decision is late."""
        by = self.decide_by
        return self.state is State.ACCEPTED and by is not None and self.on > by


def submit(application_id: UUID, wanted: Wanted, *, by: Identity, at: datetime) -> Application:
    """Hand in an application of one's own; the same again changes nothing.

    Raises:
        NotFound: there is no such issuer or qualification, or no such certificate of one's own.
        IdTaken: another application stands under this id.
    """
    known = db.session.get(Application, application_id)
    if known is not None:
        return _same(known, wanted, by)
    issuers.get(wanted.issuer_id)
    if (wanted.certificate_id is None) is not (wanted.purpose is Purpose.FIRST):
        raise NotFound
    if wanted.certificate_id is not None:
        finding.of_person(wanted.certificate_id, by.person_id)
    made = Application(
        id=application_id,
        person_id=by.person_id,
        qualification_id=wanted.qualification_id,
        issuer_id=wanted.issuer_id,
        purpose=wanted.purpose,
        certificate_id=wanted.certificate_id,
        attempt_id=wanted.attempt_id,
        documents=list(wanted.documents),
        submitted_at=at,
        by_id=by.account_id,
    )
    db.session.add(made)
    db.session.flush()
    _tell("certificate_applied_for", made, by=by, at=at, reason=None)
    return made


def take_step(
    application_id: UUID, step: Step, told: Told, *, by: Identity, at: datetime
) -> Application:
    """Accept, refuse, grant or deny an application; a grant does what was applied for.

    Saying the same again changes nothing.

    Raises:
        NotFound: there is none at an issuer within the asker's scope.
        OwnCertificate: it is the asker's own.
        TrainedHolder, SameEmployer: the asker is bound to who applied.
        StepRefused: where it stands, the step is not possible.
        CertificateIdNeeded: a grant must name the certificate it makes.
        DomainError: whatever stands in the way of what a grant does.
    """
    found = _within(application_id, by.scope(Permission.ISSUE_CERTIFICATES))
    if found.person_id == by.person_id:
        raise OwnCertificate
    separation.check(found.person_id, by=by, on=civil_day(at))
    return _step(found, step, told, by=by, at=at)


def withdraw(application_id: UUID, told: Told, *, by: Identity, at: datetime) -> Application:
    """Take back an application of one's own.

    Raises:
        NotFound: there is none of one's own.
        StepRefused: it was decided.
    """
    found = db.session.get(Application, application_id, with_for_update=True)
    if found is None or found.person_id != by.person_id:
        raise NotFound
    return _step(found, Step.WITHDRAW, told, by=by, at=at)


def _step(found: Application, step: Step, told: Told, *, by: Identity, at: datetime) -> Application:
    last = found.steps[-1] if found.steps else None
    if last is not None and (last.step, last.reason) == (step, told.reason):
        return found
    today = civil_day(at)
    standing = applying.state(found.submitted_on, found.done, on=today)
    if (standing, step) not in applying.MOVES:
        raise StepRefused(
            state=standing.value,
            state_zh=applying.STATE_ZH[standing],
            step=step.value,
            step_zh=applying.STEP_ZH[step],
        )
    made = _granted(found, told, by=by, at=at) if step is Step.GRANT else None
    found.steps.append(
        ApplicationStep(
            sequence=len(found.steps) + 1,
            step=step,
            reason=told.reason,
            document=told.document,
            certificate_id=made.id if made is not None else None,
            by_id=by.account_id,
            by_person_id=by.person_id,
            at=at,
        )
    )
    db.session.flush()
    _tell(f"certificate_application_{step.value}", found, by=by, at=at, reason=told.reason)
    return found


def _granted(found: Application, told: Told, *, by: Identity, at: datetime) -> Certificate:
    """Do what was applied for."""
    if found.purpose in (Purpose.REVIEW, Purpose.CANCELLATION):
        return _changed(found, told, by=by, at=at)
    if told.certificate_id is None:
        raise CertificateIdNeeded
    if found.certificate_id is None:
        draft = Draft(
            person_id=found.person_id,
            qualification_id=found.qualification_id,
            issuer_id=found.issuer_id,
            valid_from=civil_day(at),
            attempt_id=found.attempt_id,
            reason=told.reason,
            document=told.document,
        )
        return issuing.issue(told.certificate_id, draft, by=by, at=at)
    following = Following(
        certificate_id=told.certificate_id,
        reason=told.reason,
        document=told.document,
        attempt_id=found.attempt_id,
    )
    if found.purpose is Purpose.RENEWAL:
        return continuing.renew(found.certificate_id, following, by=by, at=at)
    if found.purpose is Purpose.EXTENSION:
        return continuing.extend(found.certificate_id, following, by=by, at=at)
    cause = Cause(found.purpose.value)
    return continuing.replace_with(found.certificate_id, following, cause, by=by, at=at)


def _changed(found: Application, told: Told, *, by: Identity, at: datetime) -> Certificate:
    cancels = found.purpose is Purpose.CANCELLATION
    decision = Decision(
        turn=Turn.CANCELLED if cancels else Turn.REVIEWED,
        reason=told.reason,
        effective_on=civil_day(at),
        ground="holder_applied" if cancels else None,
        document=told.document,
    )
    if found.certificate_id is None:
        raise NotFound
    return changes.change(found.certificate_id, decision, by=by, at=at)


def _within(application_id: UUID, scope: Scope) -> Application:
    statement = (
        select(Application)
        .join(Issuer, Issuer.id == Application.issuer_id)
        .join(Organisation, Organisation.id == Issuer.organisation_id)
        .where(Application.id == application_id, within(scope))
        .with_for_update(of=Application)
    )
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _same(known: Application, wanted: Wanted, by: Identity) -> Application:
    told = (known.person_id, known.issuer_id, known.qualification_id, known.purpose)
    asked = (by.person_id, wanted.issuer_id, wanted.qualification_id, wanted.purpose)
    if told != asked or known.certificate_id != wanted.certificate_id:
        raise IdTaken
    return known


def _tell(
    action: str, found: Application, *, by: Identity, at: datetime, reason: str | None
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="certificate_application",
        subject_id=found.id,
        after={"purpose": found.purpose.value},
        reason=reason,
    )
