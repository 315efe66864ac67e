"""Who is bound to whom: gathered for the rule of separation, for many at once (考培分离).

Judged of people: registrations with the same name and date of birth are taken for one human
being, as somebody may be registered twice, with a passport and an identity card. Who merely has a
namesake born on the same day gets an exception (`exams.services.overriding`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from exams import separation
from exams.models import SeparationOverride
from exams.separation import Bonds, Facts, Job, Lesson, Training
from exams.separation_errors import NotSeparated
from server import days
from server.auth.models import Account
from server.db import db
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.people.models import Person, Post
from server.policy import Identity
from server.records.entries import RecordKind
from server.records.models import Record
from server.training.models import ClassLearner, TrainingClass
from server.training.services import ties
from server.training.services.ties import TieKind

#: Pairs that a refusal names.
_NAMED = 20

#: Candidates asked about in one statement: databases limit what a statement may name.
_AT_ONCE = 5_000

#: Whom a statement asks about. Each statement is built once: this rule stands before every move of
#: an exam, and building its statements cost more than answering them.
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)

_Statement = Select[*tuple[Any, ...]]


def bonds(staff_ids: Collection[UUID], candidate_ids: Collection[UUID], *, on: date) -> Bonds:
    """Return every pair of staff and candidate that something binds, and what; no exceptions.

    Args:
        staff_ids: people who would plan, set, invigilate, score or certify.
        candidate_ids: people whose examination it is.
        on: the day of asking.
    """
    found: Bonds = {}
    everybody = sorted(set(candidate_ids))
    for first in range(0, len(everybody) if staff_ids else 0, _AT_ONCE):
        found |= _bonds(staff_ids, everybody[first : first + _AT_ONCE], on=on)
    return found


def _bonds(staff_ids: Collection[UUID], candidate_ids: Collection[UUID], *, on: date) -> Bonds:
    same = _registrations({*staff_ids, *candidate_ids})
    staff, candidates = _all_of(staff_ids, same), _all_of(candidate_ids, same)
    facts = Facts(
        lessons=[*_lessons(staff, candidates), *_recorded(staff, candidates)],
        trainings=[*_provided(candidates), *_classes(candidates)],
        jobs=_jobs(staff | candidates),
        same=same,
    )
    found = separation.bonds(staff_ids, candidate_ids, facts, separation.terms_on(on), on=on)
    return _without_exceptions(found, on=on) if found else found


def check(staff_ids: Collection[UUID], candidate_ids: Collection[UUID], *, on: date) -> None:
    """Make sure that nobody who examines is bound to anybody who is examined.

    Raises:
        NotSeparated: somebody is, and no exception was granted.
    """
    found = bonds(staff_ids, candidate_ids, on=on)
    if found:
        raise refusal(found)


def check_acting(by: Identity, candidate_ids: Collection[UUID], *, at: datetime) -> None:
    """Make sure that who acts now is bound to nobody whose examination it is.

    Raises:
        NotSeparated: they are, and no exception was granted.
    """
    check({by.person_id}, candidate_ids, on=days.civil_day(at))


def refusal(found: Bonds) -> NotSeparated:
    """Return the refusal that names who is bound to whom."""
    pairs: list[dict[str, object]] = [
        {"staff_id": str(one), "candidate_id": str(other), "bonds": sorted(why)}
        for (one, other), why in sorted(found.items(), key=lambda pair: str(pair[0]))
    ]
    named = ", ".join(sorted({bond for why in found.values() for bond in why}))
    return NotSeparated(pairs=pairs[:_NAMED], named=named, count=len(pairs))


def registrations_of(person_id: UUID) -> set[UUID]:
    """Return everything under which one human being is registered."""
    return _all_of({person_id}, _registrations({person_id}))


def _registrations(ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return for each registration the one that stands for its human being."""
    same: dict[UUID, UUID] = {}
    for asked, twin in _rows(_twins(), ids):
        first = min(same.get(asked, asked), same.get(twin, twin), asked, twin)
        same[asked] = same[twin] = first
    return same


def _rows(statement: _Statement, ids: Collection[UUID]) -> Iterable[Any]:
    return db.session.execute(statement, {"ids": list(ids)})


@cache
def _twins() -> _Statement:
    one, other = aliased(Person), aliased(Person)
    return (
        select(one.id, other.id)
        .join(other, (other.name == one.name) & (other.birth_on == one.birth_on))
        .where(one.id.in_(_IDS), other.id != one.id)
    )


def _all_of(ids: Collection[UUID], same: Mapping[UUID, UUID]) -> set[UUID]:
    wanted = {same.get(one, one) for one in ids}
    return {*ids, *(one for one, first in same.items() if first in wanted)}


def _lessons(staff: set[UUID], candidates: set[UUID]) -> Iterator[Lesson]:
    for tie in ties.between(staff, candidates):
        ran = tie.kind is TieKind.RAN_THE_CLASS
        yield Lesson(tie.trainer_id, tie.learner_id, tie.on, ran)


def _recorded(staff: set[UUID], candidates: set[UUID]) -> Iterator[Lesson]:
    """Yield who recorded a training, and whom it names as trainer."""
    names: dict[str, list[UUID]] = {}
    for person_id, name in _rows(_names(), staff):
        names.setdefault(name, []).append(person_id)
    for row in _rows(_trainings(), candidates):
        trainers = row.trainers if isinstance(row.trainers, list) else []
        named = [one for name in trainers for one in names.get(str(name), ())]
        for teacher in {row.recorder_id, *named} & staff:
            yield Lesson(teacher, row.person_id, row.happened_on)


@cache
def _names() -> _Statement:
    return select(Person.id, Person.name).where(Person.id.in_(_IDS))


@cache
def _trainings() -> _Statement:
    return (
        select(
            Record.person_id,
            Record.happened_on,
            Record.content["trainers"].label("trainers"),
            Account.person_id.label("recorder_id"),
        )
        .outerjoin(Account, Account.id == Record.recorded_by_id)
        .where(*_standing())
    )


def _provided(candidates: set[UUID]) -> Iterator[Training]:
    for learner_id, on, provider_id in _rows(_providers(), candidates):
        if provider_id is not None:
            yield Training(UUID(provider_id), learner_id, on)


@cache
def _providers() -> _Statement:
    provider_id = Record.content["provider_id"].as_string()
    return select(Record.person_id, Record.happened_on, provider_id).where(*_standing())


def _standing() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a training that was not corrected since."""
    correction = aliased(Record)
    return (
        Record.person_id.in_(_IDS),
        Record.kind == RecordKind.TRAINING,
        ~exists().where(correction.corrects_id == Record.id),
    )


def _classes(candidates: set[UUID]) -> Iterator[Training]:
    for learner_id, provider_id, on in _rows(_attended(), candidates):
        yield Training(provider_id, learner_id, on)


@cache
def _attended() -> _Statement:
    return (
        select(ClassLearner.person_id, TrainingClass.provider_id, TrainingClass.starts_on)
        .join(TrainingClass, TrainingClass.id == ClassLearner.class_id)
        .where(
            ClassLearner.person_id.in_(_IDS),
            ClassLearner.withdrawn_at.is_(None),
            TrainingClass.cancelled_at.is_(None),
        )
    )


def _jobs(everybody: set[UUID]) -> list[Job]:
    held = list(_rows(_posts(), everybody))
    kinds = _kinds({path for _, _, _, path in held})
    found = []
    for person_id, until_on, organisation_id, path in held:
        employer = _employer(organisation_id, path, kinds)
        binds = kinds.get(employer) is not OrganisationKind.AUTHORITY
        found.append(Job(person_id, employer, until_on, binds))
    return found


@cache
def _posts() -> _Statement:
    return (
        select(Post.person_id, Post.until_on, Organisation.id, Organisation.path)
        .join(Organisation, Organisation.id == Post.organisation_id)
        # A post that ended on the day it began was held on no day.
        .where(
            Post.person_id.in_(_IDS),
            or_(Post.until_on.is_(None), Post.until_on > Post.from_on),
        )
    )


def _kinds(paths: Collection[str]) -> dict[UUID, OrganisationKind]:
    ids = {UUID(part) for path in paths for part in path.strip("/").split("/")}
    return {row.id: row.kind for row in _rows(_organisations(), ids)}


@cache
def _organisations() -> _Statement:
    return select(Organisation.id, Organisation.kind).where(Organisation.id.in_(_IDS))


def _employer(organisation_id: UUID, path: str, kinds: Mapping[UUID, OrganisationKind]) -> UUID:
    """Return what a department belongs to; anything else is an employer itself."""
    above: Sequence[UUID] = [UUID(part) for part in path.strip("/").split("/")]
    for one in reversed(above):
        if kinds.get(one) is not OrganisationKind.DEPARTMENT:
            return one
    return organisation_id


def _without_exceptions(found: Bonds, *, on: date) -> Bonds:
    """Leave out the pairs for which another authority granted an exception."""
    statement = select(SeparationOverride.staff_id, SeparationOverride.candidate_id).where(
        SeparationOverride.staff_id.in_({one for one, _ in found}),
        SeparationOverride.granted.is_(True),
        SeparationOverride.until_on >= on,
    )
    granted = {(row.staff_id, row.candidate_id) for row in db.session.execute(statement)}
    return {pair: why for pair, why in found.items() if pair not in granted}
