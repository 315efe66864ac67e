"""Selecting experts, authors and examiners by grade, term and conflicts (专家选聘)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from certificates.competence import terms
from certificates.competence.errors import GradeNotHeld, SelectionConflict
from certificates.competence.kinds import WITH_RESULT
from certificates.competence.models import CompetenceAppraisal
from certificates.competence.services import frameworks, standing
from certificates.competence.terms import ConflictKind, SelectionRule
from server.db import db
from server.organisations import services as organisations
from server.paging import Page, page
from server.people.models import Person, within
from server.policy import Identity, Permission
from server.records.services import ledger
from server.training.kinds import Function
from server.training.models import ExpertAppointment
from server.training.services import experts
from server.training.services import terms as training_terms
from server.training.services.experts import AppointmentDraft


@dataclass(frozen=True, kw_only=True)
class Selectable:
    """Somebody who may be appointed, or why not."""

    person_id: UUID
    name: str
    #: The grade that is held, by framework.
    grades: dict[str, str]
    #: Whether one of them is enough.
    graded: bool
    #: The last day of the latest term in this function; None where there was none.
    term_until: date | None
    #: How many terms follow one another up to today.
    terms_count: int
    conflicts: tuple[ConflictKind, ...]


def candidates(
    function: Function, *, on: date, by: Identity, cursor: str | None, limit: int
) -> Page:
    """Return a page of those who reached a grade, as they stand for an appointment on a day.

    Args:
        function: for which function.
        on: the first day of the term.
        by: who asks; whoever lies outside of where they appoint is left out.
        cursor: where the page begins.
        limit: people on the page.
    """
    scope = by.scope(Permission.APPROVE_TRAINING)
    reached = select(CompetenceAppraisal.person_id).where(
        CompetenceAppraisal.state.in_(WITH_RESULT), CompetenceAppraisal.reached.is_not(None)
    )
    statement = select(Person).where(
        Person.id.in_(reached), Person.merged_into_id.is_(None), within(scope)
    )
    found = page(statement, [Person.name, Person.id], cursor=cursor, limit=limit)
    asked = terms.rule(function, on=on)
    return replace(found, items=[_selectable(each, asked, on=on) for each in found.items])


def appoint(
    appointment_id: UUID, draft: AppointmentDraft, *, by: Identity, at: datetime
) -> ExpertAppointment:
    """Appoint somebody of the list to the expert pool. The same again changes nothing.

    Raises:
        NotFound: the authority lies outside the asker's scope, or there is no such person.
        TermUnfit: it ends before it begins.
        TermTooLong: it is longer than a term may be, or one too many in a row.
        GradeNotHeld: the grade asked for is not held on the first day.
        SelectionConflict: something stands against it.
        IdTaken: another appointment stands under this id.
    """
    organisations.get(draft.authority_id, scope=by.scope(Permission.APPROVE_TRAINING))
    if db.session.get(ExpertAppointment, appointment_id) is None:
        _check(draft)
    return experts.appoint(appointment_id, draft, by=by, at=at)


def _check(draft: AppointmentDraft) -> None:
    asked = terms.rule(draft.function, on=draft.valid_from)
    before = training_terms.of(draft.person_id, draft.function)
    terms.check(asked, draft.valid_from, draft.valid_until, before)
    grades = _grades(draft.person_id, asked, on=draft.valid_from)
    if not _is_enough(grades, asked, on=draft.valid_from):
        raise GradeNotHeld
    conflicts = _conflicts(draft.person_id, asked, first=draft.valid_from, last=draft.valid_until)
    if conflicts:
        raise SelectionConflict(conflicts=", ".join(each.value for each in conflicts))


def _selectable(person: Person, asked: SelectionRule, *, on: date) -> Selectable:
    grades = _grades(person.id, asked, on=on)
    before = training_terms.of(person.id, asked.function)
    latest = max((last for _, last in before), default=None)
    next_first = max(on, _day_after(latest)) if latest else on
    return Selectable(
        person_id=person.id,
        name=person.name,
        grades=grades,
        graded=_is_enough(grades, asked, on=on),
        term_until=latest,
        terms_count=terms.followed(before, next_first),
        conflicts=_conflicts(person.id, asked, first=on, last=on),
    )


def _day_after(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day


def _grades(person_id: UUID, asked: SelectionRule, *, on: date) -> dict[str, str]:
    held = {key: standing.held(person_id, key, on=on) for key in asked.grades}
    return {key: grade for key, grade in held.items() if grade is not None}


def _is_enough(grades: dict[str, str], asked: SelectionRule, *, on: date) -> bool:
    for key, held in grades.items():
        order = [each.key for each in frameworks.in_force(key, on=on).framework.grades]
        if terms.reaches(order, held, asked.grades[key]):
            return True
    return False


def _conflicts(
    person_id: UUID, asked: SelectionRule, *, first: date, last: date
) -> tuple[ConflictKind, ...]:
    span = {"first": first, "last": last}
    teaching = training_terms.teaches(person_id, **span) or training_terms.overlapping(
        person_id, [Function.TEACHER], **span
    )
    setting = training_terms.overlapping(person_id, [Function.AUTHOR, Function.EXAMINER], **span)
    met = {
        ConflictKind.BARRED: bool(ledger.barred([person_id], on=first)),
        ConflictKind.TEACHES: teaching,
        ConflictKind.SETS_OR_EXAMINES: setting,
    }
    return tuple(kind for kind, is_so in met.items() if is_so and kind in asked.conflicts)
