"""What is booked for what is due: places in classes that do it, and in exams (到期安排)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from certificates import on_post
from certificates.due import Course, Due, DueKind
from exams.models import Enrolment, Exam
from exams.models.standards import Qualification
from server.db import db
from server.errors import NotFound
from server.training.models import ClassLearner, Programme, TrainingClass

#: Role and operation item of an exam.
_Sat = tuple[str, str | None]


@dataclass(frozen=True, kw_only=True)
class Bookings:
    """Classes that go on or begin later, and exams that are not over, by who has a place."""

    courses: dict[UUID, list[Course]]
    exams: dict[UUID, set[_Sat]]

    def has(self, person_id: UUID, each: Due, *, role: str) -> bool:
        """Say whether something is booked by which it is done at a post of the role."""
        sat = (on_post.certified_as(role), each.item)
        if each.kind is DueKind.CERTIFICATE and sat in self.exams.get(person_id, ()):
            return True
        booked = self.courses.get(person_id, ())
        return any(each.is_done_by(course, role=role) for course in booked)


def of(person_ids: Collection[UUID], *, on: date, at: datetime) -> Bookings:
    """Return what these people have booked: two statements, however many they are."""
    return Bookings(courses=_learning(person_ids, on), exams=_enrolled(person_ids, at))


def course_of(class_id: UUID) -> Course:
    """Return what a class trains for.

    Raises:
        NotFound: there is no such class.
    """
    statement = (
        select(Programme.type, Programme.role, Programme.item)
        .join(TrainingClass, TrainingClass.programme_id == Programme.id)
        .where(TrainingClass.id == class_id)
    )
    found = db.session.execute(statement).one_or_none()
    if found is None:
        raise NotFound
    return Course(*found)


def _learning(person_ids: Collection[UUID], on: date) -> dict[UUID, list[Course]]:
    statement = (
        select(ClassLearner.person_id, Programme.type, Programme.role, Programme.item)
        .join(TrainingClass, TrainingClass.id == ClassLearner.class_id)
        .join(Programme, Programme.id == TrainingClass.programme_id)
        .where(
            ClassLearner.person_id.in_(person_ids),
            ClassLearner.withdrawn_at.is_(None),
            TrainingClass.ends_on >= on,
            TrainingClass.closed_at.is_(None),
            TrainingClass.cancelled_at.is_(None),
        )
    )
    found: defaultdict[UUID, list[Course]] = defaultdict(list)
    for person_id, type, role, item in db.session.execute(statement):
        found[person_id].append(Course(type, role, item))
    return found


def _enrolled(person_ids: Collection[UUID], at: datetime) -> dict[UUID, set[_Sat]]:
    statement = (
        select(Enrolment.candidate_id, Qualification.role, Qualification.operation_item)
        .join(Exam, Exam.id == Enrolment.exam_id)
        .join(Qualification, Qualification.id == Exam.qualification_id)
        .where(
            Enrolment.candidate_id.in_(person_ids),
            Enrolment.withdrawn_at.is_(None),
            Exam.closes_at > at,
        )
    )
    found: defaultdict[UUID, set[_Sat]] = defaultdict(set)
    for person_id, role, item in db.session.execute(statement):
        found[person_id].add((role, item))
    return found
