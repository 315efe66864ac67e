"""Who learns in a class: places, one by one, a gang at once, or by workbook (学员)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy import select

from server.db import db
from server.errors import DomainError, NotFound
from server.events import publish
from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.people.models import Person
from server.people.services import people
from server.policy import Identity, Permission
from server.training import study_rules
from server.training.errors import ClassFull, LearnerTooYoung, OwnClass
from server.training.events import LearnerEntering
from server.training.models import ClassLearner, ClassLesson, Teacher, TrainingClass
from server.training.services import classes


@dataclass(frozen=True, kw_only=True)
class Placing:
    """What became of one person of a gang."""

    person_id: UUID
    learner_id: UUID | None
    #: Why not; None where there is a place.
    refusal: DomainError | None


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A learner with the name."""

    learner: ClassLearner
    name: str
    document_masked: str
    #: The name of the employer; None where nobody sent the learner.
    employer_name: str | None


def add(
    class_id: UUID,
    person_id: UUID,
    *,
    employer_id: UUID | None = None,
    document_number: str | None = None,
    by: Identity,
    at: datetime,
) -> ClassLearner:
    """Give somebody a place in a class. The same again changes nothing.

    The provider does, for whom it sees or whose document it knows; an employer does, for its own
    people, in any class that has a place.

    Raises:
        NotFound: the class or the person lies outside the asker's scope.
        ClassOver: the class is closed or cancelled.
        ClassFull: it has no free place.
        LearnerTooYoung, LearnerBarred, OwnClass: about the person.
    """
    found = _enterable(class_id, by=by)
    person = _person(person_id, document_number, found, by=by)
    if employer_id is not None:
        organisations.get(employer_id)
    return place(found, person, employer_id, by=by, at=at)


def add_all(
    class_id: UUID,
    person_ids: Sequence[UUID],
    *,
    employer_id: UUID | None,
    by: Identity,
    at: datetime,
) -> list[Placing]:
    """Give a whole gang places, each judged by itself: one refusal takes nobody else's place.

    Raises:
        NotFound: the class lies outside the asker's scope.
        ClassOver: it is closed or cancelled.
    """
    return add_each(class_id, dict.fromkeys(person_ids, employer_id), by=by, at=at)


def add_each(
    class_id: UUID, employers: Mapping[UUID, UUID | None], *, by: Identity, at: datetime
) -> list[Placing]:
    """Give many people places, each for an employer of their own, in the order given.

    Raises:
        NotFound: the class lies outside the asker's scope.
        ClassOver: it is closed or cancelled.
    """
    _enterable(class_id, by=by)
    return [_try(class_id, one, employer, by=by, at=at) for one, employer in employers.items()]


def withdraw(
    class_id: UUID, person_id: UUID, *, reason: str, by: Identity, at: datetime
) -> ClassLearner:
    """Take somebody's place back. The same again changes nothing.

    Raises:
        NotFound: the class lies outside the asker's scope, or the person has no place in it.
        ClassOver: the class is closed or cancelled.
    """
    found = _enterable(class_id, by=by)
    _person(person_id, None, found, by=by)
    learner = find(class_id, person_id)
    if learner is None:
        raise NotFound
    if learner.withdrawn_at is None:
        learner.withdrawn_at, learner.reason = at, reason
        db.session.flush()
        after = {"person_id": person_id}
        classes.tell("learner_withdrawn", found, by=by, at=at, after=after, reason=reason)
    return learner


def find(class_id: UUID, person_id: UUID) -> ClassLearner | None:
    """Return the place of somebody in a class, withdrawn or not; None where there never was one."""
    statement = select(ClassLearner).where(
        ClassLearner.class_id == class_id, ClassLearner.person_id == person_id
    )
    return db.session.execute(statement).scalar_one_or_none()


def get(class_id: UUID, person_id: UUID) -> ClassLearner:
    """Return the place of somebody in a class, withdrawn or not.

    Raises:
        NotFound: there never was one.
    """
    found = find(class_id, person_id)
    if found is None:
        raise NotFound
    return found


def of(class_id: UUID) -> list[Listed]:
    """Return the learners of a class who have a place, by name."""
    statement = (
        select(ClassLearner, Person.name, Person.document_masked, Organisation.name)
        .join(Person, Person.id == ClassLearner.person_id)
        .outerjoin(Organisation, Organisation.id == ClassLearner.employer_id)
        .where(ClassLearner.class_id == class_id, ClassLearner.withdrawn_at.is_(None))
        .order_by(Person.name, ClassLearner.id)
    )
    return [
        Listed(learner=learner, name=name, document_masked=masked, employer_name=employer)
        for learner, name, masked, employer in db.session.execute(statement)
    ]


def _enterable(class_id: UUID, *, by: Identity) -> TrainingClass:
    """Return a class, locked, into which the asker may bring somebody."""
    if by.may(Permission.ENROL_CANDIDATES):
        found = db.session.get(TrainingClass, class_id, with_for_update=True)
        if found is None:
            raise NotFound
    else:
        found = classes.planned_by(class_id, by=by, locked=True)
    classes.check_open(found)
    return found


def _person(
    person_id: UUID, document_number: str | None, found: TrainingClass, *, by: Identity
) -> Person:
    """Return somebody whom the asker may bring in."""
    try:
        classes.planned_by(found.id, by=by)
    except NotFound:
        return people.get(person_id, scope=by.scope(Permission.ENROL_CANDIDATES))
    scope = by.scope(Permission.PLAN_TRAINING)
    if document_number is None and find(found.id, person_id) is not None:
        return people.get(person_id)
    return people.get_proven(person_id, document_number, scope=scope)


def _try(
    class_id: UUID, person_id: UUID, employer_id: UUID | None, *, by: Identity, at: datetime
) -> Placing:
    try:
        with db.session.begin_nested():
            learner = add(class_id, person_id, employer_id=employer_id, by=by, at=at)
    except DomainError as refusal:
        return Placing(person_id=person_id, learner_id=None, refusal=refusal)
    return Placing(person_id=person_id, learner_id=learner.id, refusal=None)


def place(
    found: TrainingClass, person: Person, employer_id: UUID | None, *, by: Identity, at: datetime
) -> ClassLearner:
    """Give somebody a place in a class that was locked. The same again changes nothing.

    Raises:
        ClassFull: it has no free place.
        LearnerTooYoung, LearnerBarred, OwnClass: about the person.
    """
    known = find(found.id, person.id)
    if known is not None and known.withdrawn_at is None:
        return known
    _check(found, person)
    if classes.places_taken(found.id) >= found.capacity:
        raise ClassFull
    if known is not None:
        known.withdrawn_at, known.reason, known.employer_id = None, None, employer_id
        known.added_at = at
    else:
        known = ClassLearner(
            id=uuid5(found.id, str(person.id)),
            class_id=found.id,
            person_id=person.id,
            employer_id=employer_id,
            added_at=at,
        )
        db.session.add(known)
    db.session.flush()
    classes.tell("learner_entered", found, by=by, at=at, after={"person_id": person.id})
    return known


def _check(found: TrainingClass, person: Person) -> None:
    programme = classes.programme_of(found)
    years = study_rules.of(found.starts_on).minimum_age_of(programme.role)
    if person.birth_on is not None and not _is_of_age(person.birth_on, years, found.starts_on):
        raise LearnerTooYoung(years=years)
    taught = select(Teacher.person_id).join(ClassLesson, ClassLesson.teacher_id == Teacher.id)
    teachers = taught.where(ClassLesson.class_id == found.id, ClassLesson.withdrawn_at.is_(None))
    if person.id in {found.run_by_id, *db.session.execute(teachers).scalars()}:
        raise OwnClass
    publish(
        LearnerEntering(
            person_id=person.id,
            class_id=found.id,
            type=programme.type,
            role=programme.role,
            item=programme.item,
            on=found.starts_on,
        )
    )


def _is_of_age(birth_on: date, years: int, on: date) -> bool:
    lived = on.year - birth_on.year - ((on.month, on.day) < (birth_on.month, birth_on.day))
    return lived >= years
