"""The file of a class as one document: 一期一档 (培训班档案).

What it holds is what 煤矿安全培训规定 art. 10 names: the plan; time and place; hours and teachers;
materials; roster, attendance and results; the report; and who looked after what was flagged.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from server import days, printing
from server.db import db
from server.organisations import services as organisations
from server.people.models import Person
from server.people.services import people
from server.policy import Identity
from server.training.kinds import Mode
from server.training.models import Attendance, OnlineLesson, TrainingClass
from server.training.services import (
    attendance,
    classes,
    closing,
    learners,
    lessons,
    materials,
    programmes,
)
from server.training.services.lessons import Placed
from server.training.words import LESSON_KINDS, MODES, SUBJECTS, TYPES


def printed(class_id: UUID, *, by: Identity, at: datetime) -> bytes:
    """Return the file of a class as PDF.

    Raises:
        NotFound: the asker neither plans, runs nor teaches the class.
    """
    found = classes.taught_by(class_id, by=by)
    template = files("server.training").joinpath("printing", "class_file.typ")
    return printing.pdf(template, content(found, at=at), at=at)


def content(found: TrainingClass, *, at: datetime) -> dict[str, Any]:
    """Return what stands in the file of a class, as the template reads it."""
    timetable = lessons.placed(found.id)
    signed = attendance.of([one.lesson.id for one in timetable])
    shown = programmes.shown(found.programme_id)
    said = materials.opinions(found.id)
    run_by = people.of([found.run_by_id]).get(found.run_by_id)
    return {
        "class": {
            "name": found.name,
            "provider": organisations.get(found.provider_id).name,
            "type": TYPES[shown.programme.type],
            "mode": MODES[found.mode],
            "starts_on": found.starts_on.isoformat(),
            "ends_on": found.ends_on.isoformat(),
            "capacity": found.capacity,
            "run_by": run_by.name if run_by else "",
            "closed_on": days.civil_day(found.closed_at).isoformat() if found.closed_at else None,
            "report": found.report,
        },
        "programme": {
            "name": shown.programme.name,
            "hours": _hours(shown.programme.tenths),
            "subjects": [
                [SUBJECTS[one.subject], one.title, _hours(one.tenths)] for one in shown.subjects
            ],
        },
        "lessons": [_lesson(number, one) for number, one in enumerate(timetable, start=1)],
        "online": [_online(one) for one in _offered(found, at)],
        "learners": _learners(found, timetable, signed),
        "flagged": [_flagged(one, timetable, _names(signed)) for one in signed if one.flags],
        "teachers": [
            [name, _subjects_of(teacher_id, timetable), _rating(said.by_teacher.get(teacher_id))]
            for teacher_id, name in _teachers(timetable).items()
        ],
        "materials": [
            [one.title, f"{one.size / 1024:.1f} KB", one.hash] for one in materials.of(found.id)
        ],
        "evaluation": {
            "count": said.count,
            "average": None if said.average is None else f"{said.average:.1f}",
            "comments": said.comments,
        },
        "printed_at": at.astimezone(days.CIVIL_ZONE).strftime("%Y-%m-%d %H:%M"),
    }


def _lesson(number: int, one: Placed) -> list[str]:
    starts = one.lesson.starts_at.astimezone(days.CIVIL_ZONE)
    ends = one.lesson.ends_at.astimezone(days.CIVIL_ZONE)
    return [
        str(number),
        f"{starts:%Y-%m-%d}",
        f"{starts:%H:%M}–{ends:%H:%M}",
        f"{SUBJECTS[one.lesson.subject]}：{one.lesson.title}",
        one.teacher_name,
        one.room_name,
        _hours(one.lesson.tenths),
    ]


def _offered(found: TrainingClass, at: datetime) -> list[OnlineLesson]:
    """Return the lessons online that learners of the class had before them."""
    if found.mode is Mode.CLASSROOM:
        return []
    statement = select(OnlineLesson).where(
        OnlineLesson.programme_id == found.programme_id,
        OnlineLesson.written_at <= (found.closed_at or at),
        or_(
            OnlineLesson.withdrawn_at.is_(None),
            OnlineLesson.withdrawn_at > days.beginning_of(found.starts_on),
        ),
    )
    ordered = statement.order_by(OnlineLesson.place, OnlineLesson.id)
    return list(db.session.execute(ordered).scalars())


def _online(one: OnlineLesson) -> list[str]:
    test = f"{one.pass_percent}% 合格" if one.test else "—"
    return [one.title, LESSON_KINDS[one.kind], _hours(one.tenths), test]


def _learners(
    found: TrainingClass, timetable: Sequence[Placed], signed: Sequence[Attendance]
) -> list[dict[str, Any]]:
    by_place = {(one.lesson_id, one.person_id): one for one in signed}
    done = {one.learner.id: one for one in closing.results(found)}
    employers = {one.learner.employer_id for one in learners.of(found.id)} - {None}
    named = {one: organisations.get(one).name for one in employers if one is not None}
    return [
        {
            "name": one.name,
            "document": one.document_masked,
            "employer": named.get(one.learner.employer_id, "") if one.learner.employer_id else "",
            "marks": [
                _mark(by_place.get((placed.lesson.id, one.learner.person_id)))
                for placed in timetable
            ],
            "in_class": _hours(done[one.learner.id].tenths_in_class),
            "online": _hours(done[one.learner.id].tenths_online),
            "pre": _points(one.learner.pre_score),
            "post": _points(one.learner.post_score),
            "completed": {None: "—", True: "合格", False: "不合格"}[one.learner.completed],
        }
        for one in learners.of(found.id)
    ]


def _mark(one: Attendance | None) -> str:
    """Return how an attendance stands in the matrix: there, not there, or still to be looked at."""
    if one is None:
        return ""
    if attendance.counts(one):
        return "到"
    return "×" if one.confirmed is False else "?"


def _flagged(one: Attendance, timetable: Sequence[Placed], names: dict[UUID, Person]) -> list[str]:
    words = {"late": "断网补传", "shared_phone": "一机多人"}
    number = next(n for n, placed in enumerate(timetable, 1) if placed.lesson.id == one.lesson_id)
    judge = names[one.confirmed_by_id].name if one.confirmed_by_id else ""
    verdict = {None: "待确认", True: "确认有效", False: "确认无效"}[one.confirmed]
    flags = "、".join(words[flag] for flag in one.flags)
    return [str(number), names[one.person_id].name, flags, verdict, judge]


def _names(signed: Sequence[Attendance]) -> dict[UUID, Person]:
    ids = {one.person_id for one in signed} | {
        one.confirmed_by_id for one in signed if one.confirmed_by_id is not None
    }
    return people.of(list(ids))


def _teachers(timetable: Sequence[Placed]) -> dict[UUID, str]:
    """Return the teachers by id, in the order of their lessons: two may have one name."""
    return {one.lesson.teacher_id: one.teacher_name for one in timetable}


def _subjects_of(teacher_id: UUID, timetable: Sequence[Placed]) -> str:
    subjects = [
        SUBJECTS[one.lesson.subject] for one in timetable if one.lesson.teacher_id == teacher_id
    ]
    return "、".join(dict.fromkeys(subjects))


def _rating(given: float | None) -> str:
    return "—" if given is None else f"{given:.1f}"


def _hours(tenths: int) -> str:
    return f"{tenths // 10}" if tenths % 10 == 0 else f"{tenths / 10:.1f}"


def _points(score: int | None) -> str:
    return "—" if score is None else str(score)
