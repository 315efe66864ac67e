"""What classes, programmes, rooms and study online refuse beside the misuses: each by its code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from server.errors import DomainError
from server.people.roster import PostRole
from server.policy import Role
from server.training.kinds import Mode, Subject, TrainingType
from server.training.services import appeals, classes, closing, lessons, programmes, studying
from server.training.services.appeals import Decision
from server.training.services.lessons import LessonDraft
from server.training.services.programmes import ProgrammeDraft, SubjectDraft
from tests.factories.people import a_person, who
from tests.factories.training import (
    TODAY,
    Centre,
    a_centre,
    a_class,
    a_learner,
    a_lesson,
    a_programme,
    a_session,
    an_online_lesson,
)
from tests.moments import NOON

MANAGER = who(*Role)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

#: What is refused, and what is tried.
Tried = tuple[str, Callable[[], Any]]


@pytest.fixture
def centre(inside: Flask) -> Centre:
    return a_centre()


def a_draft(centre: Centre, *, hours: str, **others: Any) -> ProgrammeDraft:
    taught = SubjectDraft(subject=Subject.LAW, title="法律法规", tenths=int(Decimal(hours) * 10))
    usual = ProgrammeDraft(
        owner_id=centre.provider.id,
        name="某培训",
        type=TrainingType.INITIAL,
        role=PostRole.PRINCIPAL,
        item=None,
        level=None,
        high_risk=False,
        construction=False,
        valid_from=TODAY,
        valid_until=None,
        subjects=(taught,),
    )
    return replace(usual, **others)


def programmes_tried(centre: Centre) -> Iterator[Tried]:
    """Yield programmes that are shorter than the law, or contradict themselves."""
    worker, weeks = {"role": PostRole.SPECIAL_OPERATIONS_WORKER}, {"valid_until": TODAY - DAY}
    for code, hours, said in (
        ("programme_too_short", "31.9", {}),
        ("programme_too_short", "47.9", {"high_risk": True}),
        ("programme_unfit", "32.0", weeks),
        ("programme_unfit", "32.0", {"item": "1.2"}),
        ("programme_unfit", "80.0", {"item": "99.99", **worker}),
    ):
        draft = a_draft(centre, hours=hours, **said)
        yield code, partial(programmes.write, uuid4(), draft, by=MANAGER, at=NOON)


def rooms_tried(centre: Centre) -> Iterator[Tried]:
    """Yield lessons in a room that is taken, closed, or too small."""
    taken = a_class(centre)
    a_lesson(centre, taken)
    small, late = a_class(centre, capacity=centre.room.seats + 1), a_class(centre)
    usual = LessonDraft(
        subject=Subject.LAW,
        title="安全生产法",
        starts_at=NOON + 4 * HOUR,
        ends_at=NOON + 5 * HOUR,
        teacher_id=centre.teacher.id,
        room_id=centre.room.id,
        tenths=10,
    )
    yield "room_too_small", lambda: lessons.place(small.id, uuid4(), usual, by=MANAGER, at=NOON)
    centre.room.closed_on = TODAY
    yield "room_busy", lambda: lessons.place(late.id, uuid4(), usual, by=MANAGER, at=NOON)


def classes_tried(centre: Centre) -> Iterator[Tried]:
    """Yield classes that are closed too soon, cancelled too late, or over."""
    begun, gone = a_class(centre), a_class(centre)
    a_lesson(centre, begun)
    classes.cancel(gone.id, reason="报名人数不足", by=MANAGER, at=NOON)
    late: dict[str, Any] = {"by": MANAGER, "at": NOON + HOUR}
    yield "class_running", lambda: closing.close(begun.id, report="总结", **late)
    yield "class_running", lambda: classes.cancel(begun.id, reason="报名人数不足", **late)
    yield "class_over", lambda: closing.close(gone.id, report="总结", **late)


def study_tried(centre: Centre) -> Iterator[Tried]:
    """Yield sessions, tests and appeals that cannot be."""
    programme = a_programme(centre)
    lesson = an_online_lesson(programme)
    online, room = (a_class(centre, programme, mode=mode) for mode in (Mode.ONLINE, Mode.CLASSROOM))
    person = a_person(centre.provider)
    mine = replace(who(), person_id=person.id)
    learner, _ = (a_learner(of, person) for of in (online, room))
    session = a_session(learner, lesson)

    def begin(of: Any, *, at: Any = NOON) -> Any:
        asked = {"class_id": of.id, "lesson_id": lesson.id, "device_id": uuid4()}
        return studying.begin(uuid4(), **asked, by=mine, at=at)

    yield "not_studyable", lambda: begin(room)
    yield "not_studyable", lambda: begin(online, at=NOON + 30 * DAY)
    tested: dict[str, Any] = {"class_id": online.id, "lesson_id": lesson.id, "by": mine, "at": NOON}
    yield "lesson_test_unfit", lambda: studying.take_test(uuid4(), chosen=[[0]], **tested)
    appeal = appeals.ask(uuid4(), session.id, words="当时在查阅法规原文", by=mine, at=NOON)
    yes, no = (Decision(granted=given, minutes=0, words="情况核实") for given in (True, False))
    own = replace(MANAGER, person_id=person.id)
    yield "own_hours", lambda: appeals.decide(appeal.id, yes, by=own, at=NOON)
    appeals.decide(appeal.id, no, by=MANAGER, at=NOON)
    yield "study_appeal_decided", lambda: appeals.decide(appeal.id, yes, by=MANAGER, at=NOON)
    studying.end(session.id, by=mine, at=NOON)
    shown: dict[str, Any] = {"passed": True, "by": mine, "at": NOON}
    yield "study_session_over", lambda: studying.check_identity(session.id, uuid4(), **shown)


@pytest.mark.parametrize(
    "tries", [programmes_tried, rooms_tried, classes_tried, study_tried], ids=lambda it: it.__name__
)
def test_what_cannot_be_is_refused_by_a_code_and_a_sentence_in_two_languages(
    centre: Centre, tries: Callable[[Centre], Iterator[Tried]]
) -> None:
    for code, tried in tries(centre):
        with pytest.raises(DomainError) as refusal:
            tried()

        told = refusal.value.message
        assert (refusal.value.code, told.zh[-1], told.en[-1]) == (code, "。", ".")


def test_a_programme_as_long_as_the_law_asks_is_written(centre: Centre) -> None:
    for role, hours in ((PostRole.PRINCIPAL, "32.0"), (PostRole.EMPLOYEE, "24.0")):
        kind = TrainingType.INITIAL if role is PostRole.PRINCIPAL else TrainingType.INDUCTION
        draft = a_draft(centre, hours=hours, role=role, type=kind, valid_from=date(2026, 1, 1))
        assert programmes.write(uuid4(), draft, by=MANAGER, at=NOON).programme.role is role
