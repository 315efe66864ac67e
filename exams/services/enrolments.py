"""Places in exams: taking one for oneself or for others, giving it up (报名)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from exams.admission_errors import BelongsToSitting
from exams.errors import AlreadyEnrolled, AttemptBegun, ExamOver, Withdrawn
from exams.lifecycle import ExamState
from exams.models import Attempt, Enrolment, Exam, Paper, Sitting
from exams.services import allotting, candidacy, forms, planning
from exams.services.reach import held_within, rules_of
from server import days
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.paging import Page, page
from server.people.models import Person
from server.people.models import within as people_within
from server.people.services import people
from server.policy import Identity, Permission
from server.scopes import Scope

#: The packages of all places of a list, in one statement.
_PACKAGE = joinedload(Enrolment.paper).joinedload(Paper.package)

_EXAM = joinedload(Enrolment.exam).joinedload(Exam.standard)


def get(enrolment_id: UUID, *, by: Identity, permission: Permission) -> Enrolment:
    """Return an enrolment: one's own, or one within the reach of a permission.

    It is within reach where the test centre of the exam is, or where the candidate is.

    Raises:
        NotFound: there is none that the asker may see.
    """
    found = db.session.execute(
        select(Enrolment).where(Enrolment.id == enrolment_id)
    ).scalar_one_or_none()
    if found is None or not may(found.exam_id, found.candidate_id, by, permission):
        raise NotFound
    return found


def enrol(
    enrolment_id: UUID, *, exam_id: UUID, candidate_id: UUID, by: Identity, at: datetime
) -> Enrolment:
    """Ask for a place in an exam, for oneself or for others within one's scope.

    What stands in the way is stored with the enrolment, all of it; without hindrances the
    candidate has the place. Sending the same again looks anew at what stood in the way.

    Raises:
        NotFound: there is no such published exam, or no such candidate within the scope.
        ExamOver: nobody may start the exam any more.
        AlreadyEnrolled: the candidate has another enrolment in this exam.
        Withdrawn: this enrolment was given up; ask under a new id.
        IdTaken: another enrolment stands under this id.
        BelongsToSitting: the exam is a sitting, which is applied for there.
    """
    exam = planning.get(exam_id)
    if exam.state is not ExamState.PUBLISHED:
        raise NotFound
    if not may(exam_id, candidate_id, by, Permission.ENROL_CANDIDATES):
        raise NotFound
    _check_no_sitting(exam_id)
    known = _known(enrolment_id, exam_id=exam_id, candidate_id=candidate_id)
    if known is not None and known.accepted:
        return known
    standard = rules_of(exam)
    if at > exam.window.last_start(standard.allowed):
        raise ExamOver
    found = candidacy.hindrances(
        candidate_id, exam.qualification, standard, on=days.civil_day(exam.opens_at), at=at
    )
    if known is None:
        known = Enrolment(
            id=enrolment_id,
            exam_id=exam_id,
            candidate_id=candidate_id,
            enrolled_by_id=by.account_id,
            enrolled_at=at,
        )
        db.session.add(known)
    known.hindrances = [hindrance.value for hindrance in found]
    known.checked_at = at
    known.paper_id = _prepared(known, at)
    db.session.flush()
    _tell("candidate_enrolled", known, by=by, at=at)
    return known


def withdraw(enrolment_id: UUID, *, by: Identity, at: datetime) -> Enrolment:
    """Give up a place. Doing so again changes nothing.

    Raises:
        NotFound: there is no such enrolment that the asker may give up.
        AttemptBegun: the candidate has started.
    """
    enrolment = get(enrolment_id, by=by, permission=Permission.ENROL_CANDIDATES)
    if enrolment.withdrawn_at is not None:
        return enrolment
    db.session.refresh(enrolment, with_for_update={"of": Enrolment})
    check_not_begun(enrolment_id)
    enrolment.withdrawn_at = at
    db.session.flush()
    _tell("enrolment_withdrawn", enrolment, by=by, at=at)
    return enrolment


def seat(enrolment_id: UUID, *, room: str, by: Identity, at: datetime) -> Enrolment:
    """Say in which room the candidate of a place sits. Saying it again changes nothing.

    Raises:
        NotFound: there is no such place in an exam that the asker plans.
        BelongsToSitting: the exam is a sitting, whose seats are given there.
        AttemptBegun: the candidate has started.
    """
    enrolment = get(enrolment_id, by=by, permission=Permission.PLAN_EXAMS)
    planning.get(enrolment.exam_id, scope=by.scope(Permission.PLAN_EXAMS))
    _check_no_sitting(enrolment.exam_id)
    if enrolment.room == room:
        return enrolment
    db.session.refresh(enrolment, with_for_update={"of": Enrolment})
    check_not_begun(enrolment_id)
    enrolment.room = room
    db.session.flush()
    _tell("candidate_seated", enrolment, by=by, at=at)
    return enrolment


def of_candidate(candidate_id: UUID, *, cursor: str | None, limit: int) -> Page:
    """Return a page of a candidate's enrolments with their exams, the newest first."""
    statement = (
        select(Enrolment).where(Enrolment.candidate_id == candidate_id).options(_PACKAGE, _EXAM)
    )
    keys = [Enrolment.enrolled_at, Enrolment.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def listed(scope: Scope, *, exam_id: UUID | None = None, cursor: str | None, limit: int) -> Page:
    """Return a page of the enrolments within the scope, the newest first.

    They are those in exams held within the scope, and those of people within it.
    """
    held = select(Exam.id).where(held_within(Exam.organisation_id, scope))
    seen = select(Person.id).where(people_within(scope))
    statement = select(Enrolment).options(_PACKAGE)
    statement = statement.where(or_(Enrolment.exam_id.in_(held), Enrolment.candidate_id.in_(seen)))
    if exam_id is not None:
        statement = statement.where(Enrolment.exam_id == exam_id)
    keys = [Enrolment.enrolled_at, Enrolment.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def _known(enrolment_id: UUID, *, exam_id: UUID, candidate_id: UUID) -> Enrolment | None:
    known = db.session.get(Enrolment, enrolment_id)
    if known is not None:
        if (known.exam_id, known.candidate_id) != (exam_id, candidate_id):
            raise IdTaken
        if known.withdrawn_at is not None:
            raise Withdrawn
        return known
    other = select(Enrolment.id).where(
        Enrolment.exam_id == exam_id,
        Enrolment.candidate_id == candidate_id,
        Enrolment.withdrawn_at.is_(None),
    )
    if db.session.execute(other).first() is not None:
        raise AlreadyEnrolled
    return None


def _check_no_sitting(exam_id: UUID) -> None:
    if db.session.get(Sitting, exam_id) is not None:
        raise BelongsToSitting(sitting_id=str(exam_id))


def check_not_begun(enrolment_id: UUID) -> None:
    """Make sure that the candidate of a place has not started.

    Raises:
        AttemptBegun: there is an attempt.
    """
    begun = select(Attempt.id).where(Attempt.enrolment_id == enrolment_id)
    if db.session.execute(begun).first() is not None:
        raise AttemptBegun


def _prepared(enrolment: Enrolment, at: datetime) -> UUID | None:
    """Return the form that belongs to an accepted place, always the same."""
    if not enrolment.accepted:
        return None
    of_place = forms.of_enrolment(db.session.connection(), enrolment.exam_id, enrolment.id)
    return allotting.for_candidate(enrolment.exam_id, enrolment.candidate_id, of_place, at=at)


def may(exam_id: UUID, candidate_id: UUID, by: Identity, permission: Permission) -> bool:
    """Say whether somebody may act for a candidate in an exam: themselves, or by a permission."""
    if candidate_id == by.person_id:
        return True
    scope = by.scope(permission)
    if scope.nowhere:
        return False
    if holds(exam_id, scope):
        people.get(candidate_id)
        return True
    visible = select(Person.id).where(Person.id == candidate_id, people_within(scope))
    return db.session.execute(visible).first() is not None


def holds(exam_id: UUID, scope: Scope) -> bool:
    """Say whether an exam is held within a scope."""
    held = select(Exam.id).where(Exam.id == exam_id, held_within(Exam.organisation_id, scope))
    return db.session.execute(held).first() is not None


def _tell(action: str, enrolment: Enrolment, *, by: Identity, at: datetime) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="enrolment",
        subject_id=enrolment.id,
        after={
            "exam_id": enrolment.exam_id,
            "candidate_id": enrolment.candidate_id,
            "hindrances": enrolment.hindrances,
            "room": enrolment.room,
        },
    )
