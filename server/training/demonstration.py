"""The demonstration's training: a class that is over, and one that goes on (演示培训班)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from server import days
from server.demonstration import Demonstration
from server.people.roster import PostRole
from server.policy import Identity
from server.training.kinds import Function, LessonKind, Mode, Subject, TrainingType, Way
from server.training.services import (
    attendance,
    classes,
    closing,
    experts,
    learners,
    lessons,
    materials,
    programmes,
    providers,
    studying,
    teachers,
)
from server.training.services.attendance import SignIn
from server.training.services.classes import ClassDraft
from server.training.services.experts import AppointmentDraft
from server.training.services.lessons import LessonDraft
from server.training.services.materials import Opinion
from server.training.services.programmes import ProgrammeDraft, SubjectDraft
from server.training.services.providers import ApprovalDraft, RoomDraft
from server.training.services.teachers import SubjectDraft as TaughtDraft
from server.training.services.teachers import TeacherDraft

#: Hours of the three days of a class, in tenths: twenty in all, as a high-risk industry needs.
_DAYS = (80, 80, 40)

_SUBJECTS = ((Subject.LAW, "安全生产法律法规", 80), (Subject.CASES, "事故案例分析", 120))

#: Marks before and after the class that is over, one for each of its learners.
_MARKS = ((55, 88), (60, 92), (48, 81), (52, 85), (40, 66))

#: Employees of the first enterprise.
_EMPLOYEES = 8


def load(play: Demonstration) -> None:
    """Teach employees for their yearly hours: one class is closed, the next begins today.

    Reads `play.made`: `authority`, `provider`, `provider_manager`, `provider_staff`, `teacher`,
    `issuer`, `enterprise`, `crew`. Leaves `classes`: their ids. Runs in the caller's transaction.
    """
    play.say("示范培训班 Demonstration classes")
    today = days.civil_day(play.at)
    _approve(play, today)
    _programme(play, today)
    crew: Sequence[UUID] = play.made["crew"][PostRole.EMPLOYEE.value][:_EMPLOYEES]
    first, second = crew[: len(_MARKS)], crew[len(_MARKS) :]
    over = _class(play, "年度再培训第一期（示范）", today - timedelta(days=4), first)
    _attend(play, over, first)
    _close(play, over, first)
    runs = _class(play, "年度再培训第二期（示范）", today, second)
    play.made["classes"] = [over, runs]


def _id(play: Demonstration, name: str) -> UUID:
    provider_id: UUID = play.made["provider"]
    return uuid5(provider_id, name)


def _approve(play: Demonstration, today: date) -> None:
    """Approve the provider and its teacher, and give it a room."""
    bureau: Identity = play.made["issuer"]
    manager: Identity = play.made["provider_manager"]
    provider_id, authority_id = play.made["provider"], play.made["authority"]
    teaches: UUID = play.made["teacher"].person_id
    first, last = today - timedelta(days=400), today + timedelta(days=700)
    approval = ApprovalDraft(
        authority_id=authority_id,
        number="示范备案〔2026〕1号",
        valid_from=first,
        valid_until=last,
        roles=tuple(PostRole),
    )
    providers.approve(provider_id, _id(play, "approval"), approval, by=bureau, at=play.at)
    appointment = AppointmentDraft(
        person_id=teaches,
        function=Function.TEACHER,
        authority_id=authority_id,
        field="安全工程",
        valid_from=first,
        valid_until=last,
        trained_on=first,
        tested_on=first,
        passed=True,
    )
    experts.appoint(_id(play, "appointment"), appointment, by=bureau, at=play.at)
    room = RoomDraft(name="示范第一教室", address="培训楼 201", seats=40)
    providers.put_room(provider_id, _id(play, "room"), room, by=manager, at=play.at)
    engaged = TeacherDraft(person_id=teaches, qualification="注册安全工程师", from_on=first)
    teachers.engage(provider_id, _id(play, "teacher"), engaged, by=manager, at=play.at)
    for subject, *_ in _SUBJECTS:
        taught = TaughtDraft(subject=subject, item=None, valid_from=first, valid_until=None)
        teachers.approve_subject(
            _id(play, "teacher"), _id(play, f"teaches {subject}"), taught, by=bureau, at=play.at
        )


def _programme(play: Demonstration, today: date) -> None:
    by: Identity = play.made["provider_manager"]
    draft = ProgrammeDraft(
        owner_id=play.made["provider"],
        name="从业人员年度再培训（示范）",
        type=TrainingType.RE_TRAINING,
        role=PostRole.EMPLOYEE,
        item=None,
        level=None,
        high_risk=True,
        construction=False,
        valid_from=today - timedelta(days=400),
        valid_until=None,
        subjects=tuple(
            SubjectDraft(subject=subject, title=title, tenths=tenths)
            for subject, title, tenths in _SUBJECTS
        ),
    )
    programmes.write(_id(play, "programme"), draft, by=by, at=play.at)
    lesson = studying.LessonDraft(
        place=1,
        title="有限空间作业事故案例（线上）",
        kind=LessonKind.TEXT,
        content={"text": "进入有限空间前：先通风，再检测，后作业。未经检测合格，任何人不得进入。"},
        tenths=20,
        test=({"stem": "进入有限空间前首先应当？", "options": ["通风", "进入"], "key": [0]},),
    )
    studying.write_lesson(_id(play, "programme"), _id(play, "online"), lesson, by=by, at=play.at)


def _class(play: Demonstration, name: str, first: date, crew: Sequence[UUID]) -> UUID:
    """Plan a class of three days with its timetable, and give the crew places."""
    by: Identity = play.made["provider_staff"]
    class_id = _id(play, name)
    draft = ClassDraft(
        provider_id=play.made["provider"],
        programme_id=_id(play, "programme"),
        name=name,
        mode=Mode.BLENDED,
        starts_on=first,
        ends_on=first + timedelta(days=len(_DAYS) - 1),
        capacity=30,
        run_by_id=play.made["provider_manager"].person_id,
    )
    classes.plan(class_id, draft, by=by, at=play.at)
    for number, tenths in enumerate(_DAYS):
        begins_at = _morning(first + timedelta(days=number))
        subject, title, _ = _SUBJECTS[min(number, 1)]
        lesson = LessonDraft(
            subject=subject,
            title=title,
            starts_at=begins_at,
            ends_at=begins_at + timedelta(minutes=45) * tenths / 10,
            teacher_id=_id(play, "teacher"),
            room_id=_id(play, "room"),
            tenths=tenths,
        )
        lessons.place(class_id, uuid5(class_id, f"lesson {number}"), lesson, by=by, at=play.at)
    employer_id: UUID = play.made["enterprise"]
    learners.add_all(class_id, crew, employer_id=employer_id, by=by, at=play.at)
    materials.hand_out(
        class_id,
        uuid5(class_id, "material"),
        title="年度再培训讲义.txt",
        media_type="text/plain",
        content="安全生产法律法规与事故案例（示范讲义）\n".encode(),
        by=by,
        at=play.at,
    )
    return class_id


def _attend(play: Demonstration, class_id: UUID, crew: Sequence[UUID]) -> None:
    """Enter who was there: everybody each day, but the last learner on the first only."""
    by: Identity = play.made["teacher"]
    for number, lesson in enumerate(lessons.of(class_id)):
        there = [
            SignIn(
                id=uuid5(lesson.id, str(one)),
                person_id=one,
                way=Way.LIST,
                signed_at=lesson.starts_at,
            )
            for one in (crew if number == 0 else crew[:-1])
        ]
        attendance.enter_all(lesson.id, there, by=by, at=lesson.ends_at)


def _close(play: Demonstration, class_id: UUID, crew: Sequence[UUID]) -> None:
    by: Identity = play.made["provider_staff"]
    for person_id, (before, after) in zip(crew, _MARKS, strict=True):
        closing.score(class_id, person_id, pre_score=before, post_score=after, by=by, at=play.at)
    opinion = Opinion(rating=5, teacher_ratings={}, comment="案例讲得清楚，联系本厂实际。")
    learner = Identity(account_id=uuid5(crew[0], "account"), person_id=crew[0])
    materials.evaluate(class_id, opinion, by=learner, at=play.at)
    report = "四人完成学时并考核合格；一人缺课且考核不合格，安排补训。"
    closing.close(class_id, report=report, by=by, at=play.at)


def _morning(day: date) -> datetime:
    return days.beginning_of(day) + timedelta(hours=9)
