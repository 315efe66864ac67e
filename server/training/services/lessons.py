"""The timetable of a class: lessons with a teacher, a room and hours (课程安排)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from server import days
from server.db import db
from server.errors import NotFound
from server.people.models import Person
from server.policy import Identity
from server.training import study_rules, timetable
from server.training.errors import ClassBusy, RoomBusy, RoomTooSmall, TeacherBusy
from server.training.kinds import Subject
from server.training.models import ClassLearner, ClassLesson, Teacher, TrainingClass, TrainingRoom
from server.training.services import classes, putting, teachers
from server.training.timetable import Slot


@dataclass(frozen=True, kw_only=True)
class LessonDraft:
    """What is said of a lesson."""

    subject: Subject
    title: str
    starts_at: datetime
    ends_at: datetime
    teacher_id: UUID
    room_id: UUID
    tenths: int

    @property
    def slot(self) -> Slot:
        """When it is, as the rules of the timetable see it."""
        return Slot(starts_at=self.starts_at, ends_at=self.ends_at, tenths=self.tenths)


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A lesson with the names of who teaches it and where."""

    lesson: ClassLesson
    teacher_name: str
    room_name: str


def place(
    class_id: UUID, lesson_id: UUID, draft: LessonDraft, *, by: Identity, at: datetime
) -> ClassLesson:
    """Put a lesson into the timetable. The same again changes nothing.

    The teacher and the room are locked, so that two who plan at once never book them twice.

    Raises:
        NotFound: the class lies outside the asker's scope, or teacher or room are another's.
        ClassOver: the class is closed or cancelled.
        LessonOutsideClass, LessonTooShort, DayTooFull: the timetable cannot hold it.
        SubjectNotApproved, NotInPool: the teacher may not teach this on that day.
        ClassBusy, TeacherBusy, RoomBusy, RoomTooSmall: class, teacher or room are taken.
        IdTaken: another lesson stands under this id.
    """
    found = classes.planned_by(class_id, by=by, locked=True)
    values = {**asdict(draft), "class_id": found.id}
    known = putting.known(ClassLesson, lesson_id, values)
    if known is not None:
        return known
    classes.check_open(found)
    beside = [slot_of(lesson) for lesson in of(class_id)]
    rules = study_rules.of(found.starts_on)
    timetable.check(
        draft.slot, starts_on=found.starts_on, ends_on=found.ends_on, beside=beside, rules=rules
    )
    if any(draft.slot.meets(slot) for slot in beside):
        raise ClassBusy
    _check_teacher(found, draft)
    _check_room(found, draft)
    made = putting.made(ClassLesson(id=lesson_id, **values))
    classes.tell("lesson_placed", found, by=by, at=at, after={"lesson_id": lesson_id})
    return made


def withdraw(
    class_id: UUID, lesson_id: UUID, *, reason: str | None = None, by: Identity, at: datetime
) -> ClassLesson:
    """Take a lesson out of the timetable; the audit keeps why. The same again changes nothing.

    Raises:
        NotFound: the class lies outside the asker's scope, or has no such lesson.
        ClassOver: the class is closed or cancelled.
    """
    found = classes.planned_by(class_id, by=by, locked=True)
    lesson = get(lesson_id)
    if lesson.class_id != found.id:
        raise NotFound
    if lesson.withdrawn_at is None:
        classes.check_open(found)
        lesson.withdrawn_at = at
        db.session.flush()
        after = {"lesson_id": lesson_id}
        classes.tell("lesson_withdrawn", found, by=by, at=at, after=after, reason=reason)
    return lesson


def get(lesson_id: UUID) -> ClassLesson:
    """Return a lesson.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(ClassLesson, lesson_id)
    if found is None:
        raise NotFound
    return found


def of(class_id: UUID) -> list[ClassLesson]:
    """Return the lessons of a class as they stand, in their order."""
    statement = select(ClassLesson).where(
        ClassLesson.class_id == class_id, ClassLesson.withdrawn_at.is_(None)
    )
    return list(db.session.execute(statement.order_by(ClassLesson.starts_at)).scalars())


def placed(class_id: UUID) -> list[Placed]:
    """Return the timetable of a class with names."""
    statement = (
        select(ClassLesson, Person.name, TrainingRoom.name)
        .join(Teacher, Teacher.id == ClassLesson.teacher_id)
        .join(Person, Person.id == Teacher.person_id)
        .join(TrainingRoom, TrainingRoom.id == ClassLesson.room_id)
        .where(ClassLesson.class_id == class_id, ClassLesson.withdrawn_at.is_(None))
        .order_by(ClassLesson.starts_at)
    )
    return [
        Placed(lesson=lesson, teacher_name=teacher, room_name=room)
        for lesson, teacher, room in db.session.execute(statement)
    ]


def slot_of(lesson: ClassLesson) -> Slot:
    """Return when a lesson is, as the rules of the timetable see it."""
    return Slot(starts_at=lesson.starts_at, ends_at=lesson.ends_at, tenths=lesson.tenths)


def _check_teacher(found: TrainingClass, draft: LessonDraft) -> None:
    teacher = db.session.get(Teacher, draft.teacher_id, with_for_update=True)
    if teacher is None or teacher.provider_id != found.provider_id:
        raise NotFound
    item = classes.programme_of(found).item
    teachers.check_subject(teacher, draft.subject, item, on=days.civil_day(draft.starts_at))
    # By person, for one may teach at two providers.
    ids = select(Teacher.id).where(Teacher.person_id == teacher.person_id)
    learns = select(ClassLearner.class_id).where(ClassLearner.person_id == teacher.person_id)
    taken = or_(ClassLesson.teacher_id.in_(ids), ClassLesson.class_id.in_(learns))
    if _is_taken(draft, taken):
        raise TeacherBusy


def _check_room(found: TrainingClass, draft: LessonDraft) -> None:
    room = db.session.get(TrainingRoom, draft.room_id, with_for_update=True)
    if room is None or room.provider_id != found.provider_id:
        raise NotFound
    closed = room.closed_on is not None and room.closed_on <= draft.slot.on
    if closed or _is_taken(draft, ClassLesson.room_id == room.id):
        raise RoomBusy
    if room.seats < found.capacity:
        raise RoomTooSmall(seats=room.seats)


def _is_taken(draft: LessonDraft, mine: ColumnElement[bool]) -> bool:
    statement = (
        select(ClassLesson.id)
        .join(TrainingClass, TrainingClass.id == ClassLesson.class_id)
        .where(
            mine,
            ClassLesson.withdrawn_at.is_(None),
            TrainingClass.cancelled_at.is_(None),
            ClassLesson.starts_at < draft.ends_at,
            ClassLesson.ends_at > draft.starts_at,
        )
    )
    return db.session.execute(statement).first() is not None
