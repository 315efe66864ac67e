"""Classes: planned, shown to whom they concern, cancelled (培训班)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from server import days
from server.db import db
from server.errors import NotAllowed, NotFound
from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.organisations.models import within as organisations_within
from server.paging import Page, page
from server.people.services import people
from server.policy import Identity, Permission
from server.training import study_rules, timetable
from server.training.errors import ClassOver, ClassRunning
from server.training.kinds import Mode
from server.training.models import (
    ClassLearner,
    ClassLesson,
    Programme,
    Teacher,
    TrainingClass,
)
from server.training.services import programmes, providers, putting

#: What a list of classes shows of whom and what they name.
_WITH_NAMES = (
    joinedload(TrainingClass.provider),
    joinedload(TrainingClass.programme),
    joinedload(TrainingClass.run_by),
)


@dataclass(frozen=True, kw_only=True)
class ClassDraft:
    """What is said of a class to plan it."""

    provider_id: UUID
    programme_id: UUID
    name: str
    mode: Mode
    starts_on: date
    ends_on: date
    capacity: int
    run_by_id: UUID


def plan(class_id: UUID, draft: ClassDraft, *, by: Identity, at: datetime) -> TrainingClass:
    """Plan a class under the id given. The same again changes nothing.

    Raises:
        NotFound: the provider lies outside the asker's scope, or there is no such programme or
            person to run it.
        ProgrammeUnfit: the programme is not in force on the first day.
        ProviderNotApproved: no approval covers the training on its first and last day.
        ClassHoursTooMany: the days cannot hold the hours of the programme.
        IdTaken: another class stands under this id.
    """
    provider = organisations.get(draft.provider_id, scope=by.scope(Permission.PLAN_TRAINING))
    values = asdict(draft)
    known = putting.known(TrainingClass, class_id, values)
    if known is not None:
        return known
    programme = programmes.get(draft.programme_id)
    people.get(draft.run_by_id)
    programmes.check_in_force(programme, draft.starts_on)
    span = (draft.starts_on, draft.ends_on)
    providers.check_approved(
        provider, programme.type, role=programme.role, item=programme.item, days=span
    )
    rules = study_rules.of(draft.starts_on)
    timetable.check_span(programme.tenths, starts_on=span[0], ends_on=span[1], rules=rules)
    made = putting.made(TrainingClass(id=class_id, **values, planned_at=at))
    tell("training_class_planned", made, by=by, at=at, after={"name": draft.name})
    return made


def cancel(class_id: UUID, *, reason: str, by: Identity, at: datetime) -> TrainingClass:
    """Cancel a class that has not begun. The same again changes nothing.

    Raises:
        NotFound: it lies outside the asker's scope.
        ClassRunning: somebody was taught already.
        ClassOver: it is closed.
    """
    found = planned_by(class_id, by=by)
    if found.cancelled_at is not None:
        return found
    check_open(found)
    begun = select(ClassLesson.id).where(
        ClassLesson.class_id == class_id,
        ClassLesson.withdrawn_at.is_(None),
        ClassLesson.starts_at <= at,
    )
    if db.session.execute(begun).first() is not None:
        raise ClassRunning
    found.cancelled_at, found.reason = at, reason
    db.session.flush()
    tell("training_class_cancelled", found, by=by, at=at, reason=reason)
    return found


def get(class_id: UUID) -> TrainingClass:
    """Return a class.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(TrainingClass, class_id)
    if found is None:
        raise NotFound
    return found


def planned_by(class_id: UUID, *, by: Identity, locked: bool = False) -> TrainingClass:
    """Return a class that the asker may plan.

    Raises:
        NotFound: its provider lies outside the asker's scope.
    """
    found = db.session.get(TrainingClass, class_id, with_for_update=locked or None)
    if found is None:
        raise NotFound
    organisations.get(found.provider_id, scope=by.scope(Permission.PLAN_TRAINING))
    return found


def taught_by(class_id: UUID, *, by: Identity) -> TrainingClass:
    """Return a class that the asker plans, runs or teaches.

    Raises:
        NotFound: the asker does none of these.
    """
    found = get(class_id)
    if by.may(Permission.TEACH) and _teaches(found, by.person_id):
        return found
    return planned_by(class_id, by=by)


def seen_by(class_id: UUID, *, by: Identity) -> TrainingClass:
    """Return a class that the asker may see: in scope, taught by them, or attended.

    Raises:
        NotFound: none of these.
    """
    found = get(class_id)
    if _teaches(found, by.person_id) or _learns(found, by.person_id):
        return found
    organisations.get(found.provider_id, scope=by.scope(Permission.SEE_TRAINING))
    return found


def listed(
    *,
    by: Identity,
    provider_id: UUID | None = None,
    programme_id: UUID | None = None,
    on: date | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the classes the asker may see or teaches, the latest first.

    Args:
        by: who asks.
        provider_id: only of this provider.
        programme_id: only by this programme.
        on: only those that run on this day.
        cursor: where the page begins.
        limit: classes on the page.
    """
    statement = select(TrainingClass).options(*_WITH_NAMES).where(_visible(by))
    if provider_id is not None:
        statement = statement.where(TrainingClass.provider_id == provider_id)
    if programme_id is not None:
        statement = statement.where(TrainingClass.programme_id == programme_id)
    if on is not None:
        statement = statement.where(TrainingClass.starts_on <= on, TrainingClass.ends_on >= on)
    keys = [TrainingClass.starts_on, TrainingClass.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def check_open(found: TrainingClass) -> None:
    """Refuse to change what is over.

    Raises:
        ClassOver: it is closed or cancelled.
    """
    if found.closed_at is not None or found.cancelled_at is not None:
        raise ClassOver


def programme_of(found: TrainingClass) -> Programme:
    """Return what a class is taught."""
    return db.session.get_one(Programme, found.programme_id)


def places_taken(class_id: UUID) -> int:
    """Return how many learners have a place."""
    statement = select(func.count()).where(
        ClassLearner.class_id == class_id, ClassLearner.withdrawn_at.is_(None)
    )
    return int(db.session.execute(statement).scalar_one())


def tell(
    action: str,
    found: TrainingClass,
    *,
    by: Identity,
    at: datetime,
    after: dict[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Write into the audit what was done to a class."""
    place = organisations.get(found.provider_id)
    putting.tell(
        action, found.id, place, kind="training_class", by=by, at=at, after=after, reason=reason
    )


def is_over(found: TrainingClass, at: datetime) -> bool:
    """Say whether the last day of a class has passed."""
    return days.civil_day(at) > found.ends_on


def check_may_teach(by: Identity) -> None:
    """Refuse whoever neither teaches nor plans anywhere.

    Raises:
        NotAllowed: the asker does neither.
    """
    if not (by.may(Permission.TEACH) or by.may(Permission.PLAN_TRAINING)):
        raise NotAllowed


def _teaches(found: TrainingClass, person_id: UUID) -> bool:
    statement = (
        select(ClassLesson.id)
        .join(Teacher, Teacher.id == ClassLesson.teacher_id)
        .where(
            ClassLesson.class_id == found.id,
            ClassLesson.withdrawn_at.is_(None),
            Teacher.person_id == person_id,
        )
    )
    return found.run_by_id == person_id or db.session.execute(statement).first() is not None


def _learns(found: TrainingClass, person_id: UUID) -> bool:
    statement = select(ClassLearner.id).where(
        ClassLearner.class_id == found.id,
        ClassLearner.person_id == person_id,
        ClassLearner.withdrawn_at.is_(None),
    )
    return db.session.execute(statement).first() is not None


def _visible(by: Identity) -> ColumnElement[bool]:
    places = select(Organisation.id).where(organisations_within(by.scope(Permission.SEE_TRAINING)))
    taught = (
        select(ClassLesson.class_id)
        .join(Teacher, Teacher.id == ClassLesson.teacher_id)
        .where(Teacher.person_id == by.person_id)
    )
    mine = select(ClassLearner.class_id).where(
        ClassLearner.person_id == by.person_id, ClassLearner.withdrawn_at.is_(None)
    )
    return or_(
        TrainingClass.provider_id.in_(places),
        TrainingClass.run_by_id == by.person_id,
        TrainingClass.id.in_(taught),
        TrainingClass.id.in_(mine),
    )
