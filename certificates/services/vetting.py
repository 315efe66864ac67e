"""What stands in the way of certificates for people, asked for many at once (发证审核).

Each question is one statement, however many people it is about; a single certificate asks the
same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from certificates import spans
from certificates.errors import AttemptSpent, Barred, CertificateOverlaps, OutcomeMissing
from certificates.models import Certificate, CertificateRule, EventKind
from certificates.services import separation
from certificates.validity import standing_spans, validity
from exams.models import Attempt, Bar, Exam, ExamStandard, Outcome
from exams.models.standards import Qualification
from exams.services import attainments, bars
from server.db import db
from server.errors import DomainError
from server.policy import Identity


@dataclass(frozen=True, kw_only=True)
class Intent:
    """Of what certificates are to be, for whoever they are."""

    qualification: Qualification
    rule: CertificateRule
    valid_from: date

    @property
    def days(self) -> spans.Span:
        """The days on which they are to stand."""
        return validity(self.valid_from, years=self.rule.years).span


def refusals(
    people: Mapping[UUID, UUID | None], intent: Intent, *, on: date
) -> dict[UUID, DomainError]:
    """Return what stands in the way, by person; who is not in it may be certified.

    Args:
        people: who, each with the passed attempt it rests on, or None.
        intent: of what.
        on: the day of the decision.

    Returns:
        `Barred`, `OutcomeMissing`, `AttemptSpent` or `CertificateOverlaps`, in that order.
    """
    found: dict[UUID, DomainError] = {}
    for told in (
        _overlapping(people, intent),
        _without_outcome(people, intent.qualification.id),
        dict.fromkeys(barred(people, intent.qualification.id, on=on), Barred(on=on.isoformat())),
    ):
        found |= told
    return found


def too_near(
    people: Mapping[UUID, UUID | None],
    *,
    deciders: Iterable[Identity],
    on: date,
) -> dict[UUID, DomainError]:
    """Return to whom any of those who decide is too near, by person."""
    near = separation.too_near(people, deciders=list(deciders), on=on)
    return {person_id: refusal() for person_id, refusal in near.items()}


def barred(people: Iterable[UUID], qualification_id: UUID, *, on: date) -> set[UUID]:
    """Return who may not be certified of a qualification on a day."""
    holding = select(Bar.person_id).where(
        Bar.person_id.in_(list(people)),
        or_(Bar.qualification_id.is_(None), Bar.qualification_id == qualification_id),
        bars.hold(on),
    )
    return set(db.session.execute(holding).scalars())


def _without_outcome(
    people: Mapping[UUID, UUID | None], qualification_id: UUID
) -> dict[UUID, DomainError]:
    named = {person: attempt for person, attempt in people.items() if attempt is not None}
    if not named:
        return {}
    passed = (
        select(Attempt.id, Attempt.candidate_id)
        .join(Outcome, Outcome.attempt_id == Attempt.id)
        .join(Exam, Attempt.exam_id == Exam.id)
        .join(ExamStandard, ExamStandard.id == Exam.standard_id)
        .where(
            Attempt.id.in_(named.values()),
            Attempt.counts.is_(True),
            Exam.qualification_id == qualification_id,
            Outcome.passed.is_(True),
            Outcome.announced_at.is_not(None),
            attainments.is_complete(),
        )
        # Two at once would both find it unspent.
        .with_for_update(of=Attempt)
    )
    good = {(row.candidate_id, row.id) for row in db.session.execute(passed)}
    spent = _spent(named.values())
    found: dict[UUID, DomainError] = {}
    for person, attempt in named.items():
        if (person, attempt) not in good:
            found[person] = OutcomeMissing()
        elif attempt in spent:
            found[person] = AttemptSpent(number=spent[attempt])
    return found


def _spent(attempts: Iterable[UUID]) -> dict[UUID, str]:
    """Return the attempts that have earned a certificate already, with its number."""
    earned = select(Certificate).where(Certificate.attempt_id.in_(list(attempts)))
    return {
        each.attempt_id: each.number
        for each in db.session.execute(earned).scalars()
        if each.attempt_id and all(one.kind is not EventKind.VOIDED for one in each.events)
    }


def _overlapping(people: Iterable[UUID], intent: Intent) -> dict[UUID, DomainError]:
    held = select(Certificate).where(
        Certificate.person_id.in_(list(people)),
        Certificate.qualification_id == intent.qualification.id,
        Certificate.valid_until >= intent.valid_from,
    )
    found: dict[UUID, DomainError] = {}
    for other in db.session.execute(held).scalars():
        if spans.intersection([intent.days], standing_spans(other.validity, other.happenings)):
            found[other.person_id] = CertificateOverlaps(
                number=other.number, valid_until=other.valid_until.isoformat()
            )
    return found
