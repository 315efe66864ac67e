"""Issuing what was approved in bulk: some at a time, each step for itself (批量制证)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import undefer

from certificates.errors import NoRuleInForce, OwnCertificate
from certificates.models import IssueBatch, IssueBatchLine
from certificates.services import batches, vetting
from certificates.services.making import Order, make_in_bulk
from certificates.services.vetting import Intent
from server.days import civil_day
from server.db import db
from server.errors import DomainError
from server.people.models import Person
from server.policy import Identity

#: Certificates made in one transaction: a fifth of a second, so that nobody beside waits long.
AT_ONCE = 200


def issue_some(batch_id: UUID, *, at: datetime) -> int:
    """Issue the next lines of an approved batch; return how many lines were done, 0 for none left.

    What stands in the way is asked again: a bar or another certificate may have come since. A line
    that is refused keeps the code, and is out of the way of the others.
    """
    batch = db.session.get_one(IssueBatch, batch_id)
    lines = _next(batch)
    if not lines:
        return 0
    refused = _refused(batch, lines, at=at)
    good = [line for line in lines if line.person_id not in refused]
    if good:
        intent = batches.intent_of(batch, on=civil_day(at))
        make_in_bulk(_orders(batch, good, intent), by=_decider(batch), at=at)
    _done(lines, refused, at=at)
    return len(lines)


def left(batch_id: UUID) -> int:
    """Return how many lines of a batch are not done yet."""
    statement = select(func.count()).where(
        IssueBatchLine.batch_id == batch_id, IssueBatchLine.done_at.is_(None)
    )
    return db.session.execute(statement).scalar_one()


def _next(batch: IssueBatch) -> Sequence[IssueBatchLine]:
    statement = (
        select(IssueBatchLine)
        .where(IssueBatchLine.batch_id == batch.id, IssueBatchLine.done_at.is_(None))
        .order_by(IssueBatchLine.place)
        .limit(AT_ONCE)
    )
    return db.session.execute(statement).scalars().all()


def _refused(
    batch: IssueBatch, lines: Sequence[IssueBatchLine], *, at: datetime
) -> dict[UUID, DomainError]:
    """Return what stands in the way, by person: as for one by hand, for both who decided."""
    people = {line.person_id: line.attempt_id for line in lines}
    today = civil_day(at)
    try:
        intent = batches.intent_of(batch, on=today)
    except NoRuleInForce as refusal:
        return dict.fromkeys(people, refusal)
    deciders = (_decider(batch), _proposer(batch))
    own = {by.person_id: OwnCertificate() for by in deciders if by.person_id in people}
    near = vetting.too_near(people, deciders=deciders, on=today)
    return vetting.refusals(people, intent, on=today) | near | own


def _orders(batch: IssueBatch, lines: Sequence[IssueBatchLine], intent: Intent) -> list[Order]:
    ids = [line.person_id for line in lines]
    named = select(Person).where(Person.id.in_(ids)).options(undefer(Person.document_cipher))
    people = {person.id: person for person in db.session.execute(named).scalars()}
    return [
        Order(
            certificate_id=line.certificate_id,
            person=people[line.person_id],
            qualification=batch.qualification,
            issuer=batch.issuer,
            rule=intent.rule,
            valid_from=batch.valid_from,
            attempt_id=line.attempt_id,
            reason=batch.reason,
            document=batch.document,
        )
        for line in lines
    ]


def _done(
    lines: Sequence[IssueBatchLine], refused: dict[UUID, DomainError], *, at: datetime
) -> None:
    rows = [
        {
            "id": line.id,
            "done_at": at,
            "refusal": refused[line.person_id].code if line.person_id in refused else None,
        }
        for line in lines
    ]
    db.session.execute(update(IssueBatchLine), rows)


def _decider(batch: IssueBatch) -> Identity:
    return _identity(batch.decided_by_id, batch.decided_by_person_id)


def _proposer(batch: IssueBatch) -> Identity:
    return _identity(batch.proposed_by_id, batch.proposed_by_person_id)


def _identity(account_id: UUID | None, person_id: UUID | None) -> Identity:
    """Return who somebody is who decided before; what they might do was asked then."""
    if account_id is None or person_id is None:
        raise ValueError("Nobody approved the batch.")
    return Identity(account_id=account_id, person_id=person_id)
