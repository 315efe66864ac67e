"""Batches of certificates: proposed, looked at in samples, approved by another (批量发证)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, Select, func, insert, select
from sqlalchemy.orm import joinedload

from certificates import sampling
from certificates.batch_errors import BatchEmpty, BatchPeopleUnknown
from certificates.errors import NoIssuer
from certificates.models import Certificate, IssueBatch, IssueBatchLine, Issuer, Verdict
from certificates.services import issuers, rules, vetting
from certificates.services.vetting import Intent
from exams.models import Attempt, Exam, Outcome
from exams.models.standards import Qualification
from server.audit import services as audit
from server.days import civil_day
from server.db import db
from server.errors import IdTaken, NotFound
from server.organisations.models import Organisation, within
from server.paging import Page, narrowed, page
from server.people.models import Person
from server.policy import Identity, Permission
from server.scopes import Scope

Thing = TypeVar("Thing")

#: Ids that one statement names at most.
_AT_ONCE = 5_000


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What an officer proposes."""

    issuer_id: UUID
    qualification_id: UUID
    valid_from: date
    reason: str
    document: str | None = None
    #: The people, in the order of their numbers; or the exam whose successful candidates they are.
    people: Sequence[UUID] = ()
    exam_id: UUID | None = None


def propose(batch_id: UUID, proposal: Proposal, *, by: Identity, at: datetime) -> IssueBatch:
    """Propose certificates for many; each line already says what stands in its way.

    Raises:
        NotFound: there is no such issuer within the asker's scope, or no such qualification.
        IdTaken: another batch stands under this id.
        NoIssuer, NoRuleInForce: the issuer may not, or no rule says how long they stand.
        BatchEmpty, BatchPeopleUnknown: about the people.
    """
    issuer = issuers.get(proposal.issuer_id, scope=by.scope(Permission.ISSUE_CERTIFICATES))
    known = db.session.get(IssueBatch, batch_id)
    if known is not None:
        return _same(known, proposal, by)
    qualification = db.session.get(Qualification, proposal.qualification_id)
    if qualification is None:
        raise NotFound
    if not issuer.certifies(qualification.code):
        raise NoIssuer(qualification=qualification.code)
    people = _people(proposal)
    batch = IssueBatch(
        id=batch_id,
        issuer=issuer,
        qualification=qualification,
        exam_id=proposal.exam_id,
        valid_from=proposal.valid_from,
        reason=proposal.reason,
        document=proposal.document,
        line_count=len(people),
        proposed_by_id=by.account_id,
        proposed_by_person_id=by.person_id,
        proposed_at=at,
    )
    db.session.add(batch)
    db.session.flush()
    _add_lines(batch, people, on=civil_day(at))
    tell(
        "certificate_batch_proposed",
        batch,
        by=by,
        at=at,
        count=len(people),
        reason=proposal.reason,
    )
    return batch


def intent_of(batch: IssueBatch, *, on: date) -> Intent:
    """Return of what the certificates of a batch are, by the rule that counts.

    Raises:
        NoRuleInForce: no rule says how long they stand.
    """
    first = min(batch.valid_from, on)
    rule = rules.in_force(batch.qualification, on=first, issuer_id=batch.issuer_id)
    return Intent(qualification=batch.qualification, rule=rule, valid_from=batch.valid_from)


def get(batch_id: UUID, *, scope: Scope) -> IssueBatch:
    """Return a batch of an issuer within the scope.

    Raises:
        NotFound: there is none.
    """
    found = db.session.execute(seen(scope, IssueBatch.id == batch_id)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def counts(batch: IssueBatch) -> Mapping[str, int]:
    """Return how many of its lines were drawn, looked at, refused and issued."""
    line = IssueBatchLine
    issued = select(func.count(Certificate.id)).join(line, line.certificate_id == Certificate.id)
    row = db.session.execute(
        select(
            func.count().filter(line.sampled),
            func.count(line.inspected_at),
            func.count(line.refusal),
            issued.where(line.batch_id == batch.id).scalar_subquery(),
        ).where(line.batch_id == batch.id)
    ).one()
    names = ("sampled_count", "inspected_count", "refused_count", "issued_count")
    return dict(zip(names, row, strict=True))


def listed(
    scope: Scope,
    *,
    issuer_id: UUID | None = None,
    qualification_id: UUID | None = None,
    decided: bool | None = None,
    verdict: Verdict | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the batches of issuers within the scope, the newest first."""
    wanted = {
        IssueBatch.issuer_id: issuer_id,
        IssueBatch.qualification_id: qualification_id,
        IssueBatch.verdict: verdict,
    }
    statement = narrowed(seen(scope), wanted)
    if decided is not None:
        statement = statement.where(IssueBatch.verdict.is_not(None) == decided)
    order = [IssueBatch.proposed_at, IssueBatch.id]
    return page(statement, order, cursor=cursor, limit=limit, descending=True)


def lines(
    batch: IssueBatch,
    *,
    sampled: bool | None = None,
    refused: bool | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the lines of a batch, in their order."""
    wanted = [IssueBatchLine.batch_id == batch.id]
    if sampled is not None:
        wanted.append(IssueBatchLine.sampled.is_(sampled))
    if refused is not None:
        wanted.append(IssueBatchLine.refusal.is_not(None) == refused)
    statement = select(IssueBatchLine).where(*wanted).options(joinedload(IssueBatchLine.person))
    return page(statement, [IssueBatchLine.place], cursor=cursor, limit=limit)


def _same(known: IssueBatch, proposal: Proposal, by: Identity) -> IssueBatch:
    told = (known.issuer_id, known.qualification_id, known.exam_id, known.valid_from)
    asked = (
        proposal.issuer_id,
        proposal.qualification_id,
        proposal.exam_id,
        proposal.valid_from,
    )
    if told != asked or known.proposed_by_id != by.account_id:
        raise IdTaken
    return known


def _people(proposal: Proposal) -> dict[UUID, UUID | None]:
    if proposal.exam_id is not None:
        return _successful(proposal.exam_id, proposal.qualification_id)
    if not proposal.people:
        raise BatchEmpty
    registered: set[UUID] = set()
    for some in _some(proposal.people):
        found = select(Person.id).where(Person.id.in_(some))
        registered |= set(db.session.execute(found).scalars())
    wrong = len(proposal.people) - len(registered)
    if wrong:
        raise BatchPeopleUnknown(count=wrong)
    return dict.fromkeys(proposal.people)


def _successful(exam_id: UUID, qualification_id: UUID) -> dict[UUID, UUID | None]:
    """Return who passed an exam and has no certificate of it, each with the attempt."""
    statement = (
        select(Attempt.candidate_id, Attempt.id)
        .join(Outcome, Outcome.attempt_id == Attempt.id)
        .join(Exam, Exam.id == Attempt.exam_id)
        .outerjoin(Certificate, Certificate.attempt_id == Attempt.id)
        .where(
            Attempt.exam_id == exam_id,
            Exam.qualification_id == qualification_id,
            Attempt.counts.is_(True),
            Outcome.passed.is_(True),
            Outcome.announced_at.is_not(None),
            Certificate.id.is_(None),
        )
        .order_by(Outcome.announced_at, Attempt.id)
        .limit(sampling.MOST_LINES)
    )
    found: dict[UUID, UUID | None] = {who: what for who, what in db.session.execute(statement)}
    if not found:
        raise BatchEmpty
    return found


def _add_lines(batch: IssueBatch, people: Mapping[UUID, UUID | None], *, on: date) -> None:
    drawn = sampling.drawn(batch.id, len(people))
    intent = intent_of(batch, on=on)
    numbered = list(enumerate(people.items(), start=1))
    for some in _some(numbered):
        asked = dict(pair for _, pair in some)
        refused = vetting.refusals(asked, intent, on=on)
        rows = [
            {
                "id": uuid5(batch.id, f"line {place}"),
                "batch_id": batch.id,
                "place": place,
                "person_id": person_id,
                "attempt_id": attempt_id,
                "certificate_id": uuid5(batch.id, f"certificate {place}"),
                "sampled": place in drawn,
                "refusal": refused[person_id].code if person_id in refused else None,
            }
            for place, (person_id, attempt_id) in some
        ]
        db.session.execute(insert(IssueBatchLine), rows)


def _some(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    return (things[start : start + _AT_ONCE] for start in range(0, len(things), _AT_ONCE))


def seen(scope: Scope, *wanted: ColumnElement[bool]) -> Select[IssueBatch]:
    """Return the statement of the batches of issuers within the scope."""
    return (
        select(IssueBatch)
        .join(Issuer, Issuer.id == IssueBatch.issuer_id)
        .join(Organisation, Organisation.id == Issuer.organisation_id)
        .where(within(scope), *wanted)
    )


def tell(
    action: str,
    batch: IssueBatch,
    *,
    by: Identity,
    at: datetime,
    count: int,
    reason: str | None = None,
) -> None:
    """Tell the audit what became of a batch."""
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="certificate_batch",
        subject_id=batch.id,
        after={"qualification": batch.qualification.code, "count": count},
        reason=reason,
        organisation_path=batch.issuer.organisation.path,
    )
