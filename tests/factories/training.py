"""A training centre with a room, a teacher and a programme; classes, learners, lessons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

from server.db import db
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.people.models import Person
from server.people.roster import PostRole
from server.training.kinds import Function, LessonKind, Mode, Subject, TrainingType
from server.training.models import (
    ClassLearner,
    ClassLesson,
    ExpertAppointment,
    OnlineLesson,
    Programme,
    ProgrammeSubject,
    ProviderApproval,
    StudySession,
    Teacher,
    TeacherSubject,
    TrainingClass,
    TrainingRoom,
)
from tests.factories.organisations import an_organisation
from tests.factories.people import a_person
from tests.moments import NOON

Thing = TypeVar("Thing")

#: The day on which classes begin: today.
TODAY = NOON.date()


@dataclass(frozen=True, kw_only=True)
class Centre:
    """A provider that may train principals, with what it needs for it."""

    provider: Organisation
    authority: Organisation
    room: TrainingRoom
    teacher: Teacher
    #: The teacher, and who runs classes.
    teacher_person: Person
    manager: Person


def a_centre() -> Centre:
    """Store a provider approved for principals and electricians, with a room and a teacher."""
    provider = an_organisation(kind=OrganisationKind.PROVIDER, name="某培训中心")
    authority = an_organisation(kind=OrganisationKind.AUTHORITY, name="某应急管理局")
    teacher_person, manager = a_person(provider, name="赵教师"), a_person(provider, name="钱主任")
    year = {"valid_from": TODAY - timedelta(days=300), "valid_until": TODAY + timedelta(days=300)}
    approval = ProviderApproval(
        provider_id=provider.id,
        authority_id=authority.id,
        number="备案 1 号",
        roles=["principal", "special_operations_worker"],
        items=["1.2"],
        recorded_at=NOON,
        **year,
    )
    room = TrainingRoom(provider_id=provider.id, name="第一教室", address="一楼", seats=40)
    teacher = Teacher(
        provider_id=provider.id,
        person_id=teacher_person.id,
        qualification="高级工程师",
        from_on=year["valid_from"],
        recorded_at=NOON,
    )
    in_pool(teacher_person, authority, **year)
    stored(approval)
    stored(room)
    stored(teacher)
    stored(TeacherSubject(teacher_id=teacher.id, subject=Subject.LAW, **year))
    return Centre(
        provider=provider,
        authority=authority,
        room=room,
        teacher=teacher,
        teacher_person=teacher_person,
        manager=manager,
    )


def in_pool(person: Person, authority: Organisation, **term: date) -> ExpertAppointment:
    """Store that somebody is of the expert pool as a teacher."""
    [made] = stored(
        ExpertAppointment(
            person_id=person.id,
            function=Function.TEACHER,
            authority_id=authority.id,
            field="安全工程",
            trained_on=term["valid_from"],
            tested_on=term["valid_from"],
            passed=True,
            recorded_at=NOON,
            **term,
        )
    )
    return made


def a_programme(centre: Centre, *, tenths: int = 320, **columns: Any) -> Programme:
    """Store a programme for principals, of 32 hours of law, unless told otherwise."""
    usual: dict[str, Any] = {
        "owner_id": centre.provider.id,
        "name": "主要负责人初次培训",
        "type": TrainingType.INITIAL,
        "role": PostRole.PRINCIPAL,
        "high_risk": False,
        "construction": False,
        "valid_from": TODAY - timedelta(days=100),
        "written_at": NOON,
    }
    [made] = stored(Programme(tenths=tenths, **{**usual, **columns}))
    subject = {"place": 1, "subject": Subject.LAW, "title": "法律法规", "tenths": tenths}
    stored(ProgrammeSubject(programme_id=made.id, **subject))
    return made


def a_class(
    centre: Centre,
    programme: Programme | None = None,
    *,
    mode: Mode = Mode.CLASSROOM,
    starts_on: date = TODAY,
    ends_on: date = TODAY + timedelta(days=3),
    capacity: int = 30,
) -> TrainingClass:
    """Store a class."""
    [made] = stored(
        TrainingClass(
            provider_id=centre.provider.id,
            programme_id=(programme or a_programme(centre)).id,
            name="第一期",
            mode=mode,
            starts_on=starts_on,
            ends_on=ends_on,
            capacity=capacity,
            run_by_id=centre.manager.id,
            planned_at=NOON,
        )
    )
    return made


def a_lesson(
    centre: Centre, of: TrainingClass, *, starts_at: datetime = NOON, tenths: int = 40
) -> ClassLesson:
    """Store a lesson of four hours."""
    [made] = stored(
        ClassLesson(
            class_id=of.id,
            subject=Subject.LAW,
            title="安全生产法",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=45) * tenths / 10,
            teacher_id=centre.teacher.id,
            room_id=centre.room.id,
            tenths=tenths,
        )
    )
    return made


def a_learner(of: TrainingClass, person: Person | None = None) -> ClassLearner:
    """Store that somebody has a place."""
    person = person or a_person()
    [made] = stored(ClassLearner(class_id=of.id, person_id=person.id, added_at=NOON))
    return made


def an_online_lesson(programme: Programme, *, tenths: int = 20, **columns: Any) -> OnlineLesson:
    """Store a lesson online of two hours, without a test."""
    usual: dict[str, Any] = {
        "place": 1,
        "title": "事故案例",
        "kind": LessonKind.TEXT,
        "content": {"text": "案例"},
        "test": [],
        "pass_percent": 80,
        "written_at": NOON,
    }
    [made] = stored(OnlineLesson(programme_id=programme.id, tenths=tenths, **{**usual, **columns}))
    return made


def a_session(
    learner: ClassLearner, lesson: OnlineLesson, *, at: datetime = NOON, **columns: Any
) -> StudySession:
    """Store that somebody began to study."""
    usual: dict[str, Any] = {
        "device_id": uuid4(),
        "started_at": at,
        "last_at": at,
        "last_sequence": 0,
        "seen_ms": 0,
        "credited_ms": 0,
        "check_due_at": at + timedelta(minutes=30),
        "stretch_from": at,
        "stretch_reason": "credited",
    }
    [made] = stored(
        StudySession(
            learner_id=learner.id,
            lesson_id=lesson.id,
            person_id=learner.person_id,
            **{**usual, **columns},
        )
    )
    return made


def stored(*things: Thing) -> list[Thing]:
    """Store things."""
    for thing in things:
        if hasattr(thing, "id") and thing.id is None:
            thing.id = uuid4()
    db.session.add_all(things)
    db.session.flush()
    return list(things)
