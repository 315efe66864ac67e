"""Bars: who may not be examined, from when to when (禁止申请)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, and_, or_, select, true, update

from exams import barring
from exams.bar_errors import BarGroundUnfit, BarLifted, LiftedByImposer
from exams.events import BarImposed
from exams.models import Attempt, Bar, Enrolment, Exam, Qualification
from server import days
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.events import publish
from server.paging import Page, page
from server.people.services import people
from server.policy import Identity, Permission
from server.records import services as records
from server.records.entries import RecordKind
from server.records.models import Record
from server.scopes import EVERYWHERE, Scope
from server.training.errors import LearnerBarred
from server.training.events import LearnerEntering
from server.training.kinds import QUALIFYING


def impose(
    bar_id: UUID,
    *,
    person_id: UUID,
    qualification_id: UUID | None,
    from_on: date,
    until_on: date | None,
    reason: str,
    ground: str | None = None,
    document: str | None = None,
    by: Identity | None,
    at: datetime,
    scope: Scope = EVERYWHERE,
) -> Bar:
    """Bar a person from exams. Sending the same twice is harmless.

    Args:
        bar_id: made by who asks.
        person_id: who is barred.
        qualification_id: from what; None for everything.
        from_on: the first day.
        until_on: the last day, included; None for life.
        reason: the decision it rests on.
        ground: the case of the law; it then says how long the bar lasts, and what follows.
        document: the document of the decision (文号).
        by: who imposes it; None for the platform itself.
        at: the moment.
        scope: where the asker may impose it.

    Raises:
        NotFound: the person is not there, or out of scope.
        IdTaken: another bar stands under this id.
        BarGroundUnfit: what is decided does not fit the ground.
        NumberNotMasked: an identity number stands in it in clear.
    """
    person = people.get(person_id, scope=scope)
    case = None
    if ground is not None:
        case = barring.checked(ground, from_on=from_on, until_on=until_on, document=document)
        until_on = case.until(from_on)
    values: dict[str, Any] = {
        "person_id": person.id,
        "qualification_id": qualification_id,
        "from_on": from_on,
        "until_on": until_on,
        "reason": reason,
        "ground": ground,
        "document": document,
    }
    known = db.session.get(Bar, bar_id)
    if known is not None:
        if any(getattr(known, name) != value for name, value in values.items()):
            raise IdTaken
        return known
    made = Bar(id=bar_id, imposed_at=at, imposed_by_id=by.account_id if by else None, **values)
    db.session.add(made)
    db.session.flush()
    _withdraw_places(made, at=at)
    _file(made, line_id=bar_id, by=by, at=at)
    audit.append(
        "bar_imposed",
        by=by,
        at=at,
        subject_kind="person",
        subject_id=person.id,
        after={
            "bar_id": bar_id,
            "from_on": from_on,
            "until_on": until_on,
            "ground": ground,
            "document": document,
        },
        reason=reason,
    )
    publish(
        BarImposed(
            bar_id=made.id,
            person_id=person.id,
            qualification_id=qualification_id,
            from_on=from_on,
            until_on=until_on,
            reason=reason,
            document=document,
            revokes=case is not None and case.revokes,
            at=at,
        )
    )
    return made


def lift(
    bar_id: UUID,
    *,
    lifted_on: date,
    reason: str,
    document: str | None,
    by: Identity,
    at: datetime,
) -> Bar:
    """Lift a bar from a day: the decision was annulled, or the law allows it earlier.

    A bar for life needs the document of the decision that annuls it. What fell by the bar does
    not come back by itself: certificates are earned anew.

    Raises:
        NotFound: there is no such bar of a person within the asker's scope.
        LiftedByImposer: the asker imposed it.
        BarLifted: it was lifted otherwise, or is over by that day.
        BarGroundUnfit: it is for life, and no document is named.
    """
    found = db.session.get(Bar, bar_id)
    if found is None:
        raise NotFound
    people.get(found.person_id, scope=by.scope(Permission.REVOKE_CERTIFICATES))
    if found.lifted_on is not None or (found.until_on or date.max) < lifted_on:
        if (found.lifted_on, found.lift_reason) == (lifted_on, reason):
            return found
        raise BarLifted
    if found.imposed_by_id == by.account_id:
        raise LiftedByImposer
    if found.until_on is None and not document:
        raise BarGroundUnfit(
            reason="a bar for life is lifted by a document only", reason_zh="终身限制须凭文号解除"
        )
    found.lifted_on, found.lift_reason, found.lift_document = lifted_on, reason, document
    db.session.flush()
    _file(found, line_id=uuid5(bar_id, "lifted"), corrects_id=bar_id, by=by, at=at)
    audit.append(
        "bar_lifted",
        by=by,
        at=at,
        subject_kind="person",
        subject_id=found.person_id,
        after={"bar_id": bar_id, "lifted_on": lifted_on, "document": document},
        reason=reason,
    )
    return found


def _withdraw_places(bar: Bar, *, at: datetime) -> None:
    """Take back places in exams that have not begun, of what the person is barred from."""
    begun = select(Attempt.id).where(Attempt.enrolment_id == Enrolment.id).exists()
    concerned = select(Exam.id).where(
        Exam.closes_at > at,
        true() if bar.qualification_id is None else Exam.qualification_id == bar.qualification_id,
    )
    db.session.execute(
        update(Enrolment)
        .where(
            Enrolment.candidate_id == bar.person_id,
            Enrolment.withdrawn_at.is_(None),
            Enrolment.exam_id.in_(concerned),
            ~begun,
        )
        .values(withdrawn_at=at)
    )


def _file(
    bar: Bar,
    *,
    line_id: UUID,
    corrects_id: UUID | None = None,
    by: Identity | None,
    at: datetime,
) -> None:
    """Add the bar, or that it was lifted, to the person's file."""
    of = db.session.get(Qualification, bar.qualification_id) if bar.qualification_id else None
    until_on = bar.until_on if bar.lifted_on is None else bar.lifted_on - timedelta(days=1)
    earlier = corrects_id is not None and db.session.get(Record, corrects_id) is not None
    records.add(
        bar.person_id,
        RecordKind.BAR,
        record_id=line_id,
        subject_id=bar.id,
        happened_at=days.beginning_of(bar.from_on),
        content={
            "ground": bar.ground,
            "reason": bar.reason,
            "document": bar.document,
            "from_on": bar.from_on,
            "until_on": until_on,
            "lifted_on": bar.lifted_on,
            "lift_document": bar.lift_document,
        },
        source="发证机关 the issuing authority" if by else "平台 the platform",
        role=of.role.value if of else None,
        item=of.operation_item if of else None,
        corrects_id=corrects_id if earlier else None,
        reason=bar.lift_reason,
        by=by,
        at=at,
    )


def listed(person_id: UUID, *, scope: Scope, cursor: str | None, limit: int) -> Page:
    """Return a page of every bar of a person there ever was, the oldest first.

    Raises:
        NotFound: there is no such person within the scope.
    """
    people.get(person_id, scope=scope)
    statement = select(Bar).where(Bar.person_id == person_id)
    return page(statement, [Bar.from_on, Bar.id], cursor=cursor, limit=limit)


def stands(person_id: UUID, qualification_id: UUID, *, on: date) -> bool:
    """Say whether a person is barred from a qualification on a day."""
    return person_id in standing([person_id], qualification_id, on=on)


def standing(person_ids: Collection[UUID], qualification_id: UUID, *, on: date) -> set[UUID]:
    """Return who of these people is barred from a qualification on a day."""
    statement = select(Bar.person_id).where(
        Bar.person_id.in_(person_ids),
        or_(Bar.qualification_id.is_(None), Bar.qualification_id == qualification_id),
        hold(on),
    )
    return set(db.session.scalars(statement))


def refuse_barred(event: LearnerEntering) -> None:
    """Keep whoever is barred from a qualification out of classes that end in it (a reaction).

    Raises:
        LearnerBarred: a bar stands on the first day of the class.
    """
    if event.type not in QUALIFYING:
        return
    sought = select(Qualification.id).where(
        Qualification.role == event.role, Qualification.operation_item == event.item
    )
    statement = select(Bar.id).where(
        Bar.person_id == event.person_id,
        or_(Bar.qualification_id.is_(None), Bar.qualification_id.in_(sought)),
        hold(event.on),
    )
    if db.session.execute(statement.limit(1)).first() is not None:
        raise LearnerBarred


def hold(on: date) -> ColumnElement[bool]:
    """Return the condition that a bar holds on a day."""
    return and_(
        Bar.from_on <= on,
        or_(Bar.until_on.is_(None), Bar.until_on >= on),
        or_(Bar.lifted_on.is_(None), Bar.lifted_on > on),
    )


def grounds_of(person_id: UUID, *, on: date) -> list[str | None]:
    """Return the grounds of the bars that hold for a person on a day."""
    statement = select(Bar.ground).where(Bar.person_id == person_id, hold(on))
    return list(db.session.execute(statement).scalars())
