"""Issuers, certificates and files: each valid, told only what the test is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from certificates.commands import load_rules_and_indicators
from certificates.models import Certificate, Issuer
from certificates.services import changes, issuers, issuing
from certificates.services.changes import Decision
from certificates.services.issuing import Draft
from certificates.validity import Turn
from exams.events import AttemptVoided, QualificationAttained
from exams.models import Attempt, Outcome, Qualification
from server.days import beginning_of
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.people.models import Person
from server.people.roster import PostRole
from server.policy import Grant, Identity, Role
from server.records import services as records
from server.records.entries import RecordKind
from server.regions.models import Region
from server.scopes import EVERYWHERE
from tests.factories.exams import a_qualification
from tests.factories.rosters import a_person, an_organisation, stored
from tests.moments import NOON

TODAY = NOON.date()

#: An issuer and everything else, everywhere, who holds no certificate.
REGISTRAR = Identity(
    account_id=UUID(int=11),
    person_id=UUID(int=12),
    grants=tuple(Grant(role=role, scope=EVERYWHERE) for role in Role),
)

#: Another such.
SECOND = Identity(account_id=UUID(int=21), person_id=UUID(int=22), grants=REGISTRAR.grants)


def an_issuer(
    region: Region | None = None,
    *,
    code: str = "371300",
    qualifications: Sequence[str] | None = None,
    organisation: Organisation | None = None,
) -> Issuer:
    """Store an authority that issues, with the rules and indicators loaded."""
    load_rules_and_indicators()
    authority = organisation or an_organisation(
        region, kind=OrganisationKind.AUTHORITY, name="某市应急管理局"
    )
    return issuers.register(
        uuid4(),
        organisation_id=authority.id,
        code=code,
        qualifications=qualifications,
        by=None,
        at=NOON,
    )


def a_draft(
    person: Person,
    issuer: Issuer,
    *,
    code: str = "low_voltage_electrician",
    valid_from: date = TODAY,
    attempt_id: UUID | None = None,
    reason: str = "纸质考试合格档案",
) -> Draft:
    """Decide on a certificate."""
    return Draft(
        person_id=person.id,
        qualification_id=qualification(code).id,
        issuer_id=issuer.id,
        valid_from=valid_from,
        attempt_id=attempt_id,
        reason=reason,
    )


def a_certificate(
    person: Person | None = None,
    issuer: Issuer | None = None,
    *,
    qualification: str = "low_voltage_electrician",
    valid_from: date = TODAY,
    at: datetime = NOON,
) -> Certificate:
    """Issue a certificate by hand."""
    draft = a_draft(
        person or a_person(),
        issuer or an_issuer(),
        code=qualification,
        valid_from=valid_from,
    )
    return issuing.issue(uuid4(), draft, by=REGISTRAR, at=at)


def befallen(
    certificate: Certificate, turn: Turn, on: date = TODAY, *, reason: str = "核查发现问题"
) -> Certificate:
    """Let something befall a certificate; what was suspended is lifted by another officer."""
    ground = {Turn.REVOKED: "responsible_for_accident", Turn.CANCELLED: "holder_applied"}.get(turn)
    decision = Decision(turn=turn, reason=reason, effective_on=on, ground=ground)
    by = SECOND if turn is Turn.REINSTATED else REGISTRAR
    return changes.change(certificate.id, decision, by=by, at=NOON)


def a_training(
    person: Person,
    purpose: str,
    *,
    on: date = date(2026, 3, 1),
    role: PostRole | None = None,
    item: str | None = None,
    passed: bool | None = None,
    corrects_id: UUID | None = None,
    provider_id: UUID | None = None,
    level: str | None = None,
    hours: str = "24.0",
) -> UUID:
    """Store that somebody finished a training."""
    record = records.add(
        person.id,
        RecordKind.TRAINING,
        subject_id=uuid4(),
        happened_at=beginning_of(on),
        content={
            "hours": hours,
            "passed": passed,
            "provider_id": str(provider_id) if provider_id else None,
            "level": level,
        },
        source="某培训机构",
        at=NOON,
        purpose=purpose,
        role=role,
        item=item,
        corrects_id=corrects_id,
    )
    return record.id


def an_assessment(
    person: Person,
    *,
    passed: bool,
    role: PostRole = PostRole.PRINCIPAL,
    item: str | None = None,
    on: date = date(2026, 3, 1),
) -> UUID:
    """Store that somebody passed or failed an exam."""
    record = records.add(
        person.id,
        RecordKind.EXAM,
        subject_id=uuid4(),
        happened_at=beginning_of(on),
        content={"passed": passed},
        source="某考试点",
        at=NOON,
        role=role,
        item=item,
    )
    return record.id


def attained(attempt: Attempt, *, at: datetime = NOON) -> QualificationAttained:
    """Say that all is passed that the qualification of an attempt asks for."""
    return QualificationAttained(
        attempt_id=attempt.id,
        exam_id=attempt.exam_id,
        qualification_id=attempt.exam.qualification_id,
        candidate_id=attempt.candidate_id,
        practical_id=None,
        at=at,
    )


def voided(attempt: Attempt, *, at: datetime = NOON) -> AttemptVoided:
    """Say that an attempt no longer counts."""
    return AttemptVoided(
        attempt_id=attempt.id,
        exam_id=attempt.exam_id,
        qualification_id=attempt.exam.qualification_id,
        candidate_id=attempt.candidate_id,
        announced=True,
        reason="替考",
        at=at,
    )


def an_outcome(
    attempt: Attempt, *, passed: bool = True, announced_at: datetime | None = NOON
) -> Outcome:
    """Store an outcome."""
    return stored(
        Outcome(
            attempt_id=attempt.id,
            score="83",
            max_score="100",
            passed=passed,
            graded_at=NOON,
            released_at=NOON,
            announced_at=announced_at,
        )
    )


def qualification(code: str = "low_voltage_electrician") -> Qualification:
    """Return a qualification that comes with the platform."""
    return a_qualification(code)
