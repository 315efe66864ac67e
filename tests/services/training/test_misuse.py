"""What training refuses: each misuse with its code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from exams.services import bars
from server.db import db
from server.errors import DomainError
from server.people.models import Person
from server.policy import Role
from server.training import attending, errors
from server.training import attending_errors as signing
from server.training.kinds import Mode, Subject, Way
from server.training.models import Attendance, ProviderApproval, StudyStretch
from server.training.services import attendance, classes, learners, lessons
from server.training.services.attendance import SignIn
from server.training.services.classes import ClassDraft
from server.training.services.lessons import LessonDraft
from tests.factories.people import a_number, a_person, who
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
    stored,
)
from tests.moments import NOON

MANAGER = who(*Role)
KEY = b"signs codes of tests"
HOUR = timedelta(hours=1)


@pytest.fixture
def centre(inside: Flask) -> Centre:
    return a_centre()


def a_draft(centre: Centre, **others: Any) -> LessonDraft:
    usual = LessonDraft(
        subject=Subject.LAW,
        title="安全生产法",
        starts_at=NOON,
        ends_at=NOON + 3 * HOUR,
        teacher_id=centre.teacher.id,
        room_id=centre.room.id,
        tenths=40,
    )
    return replace(usual, **others)


def test_a_lapsed_provider_plans_no_class(centre: Centre) -> None:
    programme = a_programme(centre)
    draft = ClassDraft(
        provider_id=centre.provider.id,
        programme_id=programme.id,
        name="某班",
        mode=Mode.CLASSROOM,
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=3),
        capacity=10,
        run_by_id=centre.manager.id,
    )
    [approval] = db.session.query(ProviderApproval)
    approval.withdrawn_on = TODAY + timedelta(days=1)

    with pytest.raises(errors.ProviderNotApproved):
        classes.plan(uuid4(), draft, by=MANAGER, at=NOON)
    approval.withdrawn_on = None
    with pytest.raises(errors.ClassHoursTooMany):
        classes.plan(uuid4(), replace(draft, ends_on=TODAY), by=MANAGER, at=NOON)
    assert classes.plan(uuid4(), draft, by=MANAGER, at=NOON).name == "某班"


def wrong_lessons(centre: Centre) -> dict[type[DomainError], LessonDraft]:
    return {
        errors.SubjectNotApproved: a_draft(centre, subject=Subject.ENFORCEMENT),
        errors.LessonTooShort: a_draft(centre, tenths=41),
        errors.DayTooFull: a_draft(centre, ends_at=NOON + 8 * HOUR, tenths=81),
        errors.LessonOutsideClass: a_draft(
            centre, starts_at=NOON - 24 * HOUR, ends_at=NOON - 21 * HOUR
        ),
    }


@pytest.mark.parametrize(
    "refusal",
    [
        errors.SubjectNotApproved,
        errors.LessonTooShort,
        errors.DayTooFull,
        errors.LessonOutsideClass,
    ],
)
def test_a_timetable_holds_no_lesson_that_cannot_be(
    centre: Centre, refusal: type[DomainError]
) -> None:
    of = a_class(centre)

    with pytest.raises(refusal):
        lessons.place(of.id, uuid4(), wrong_lessons(centre)[refusal], by=MANAGER, at=NOON)


def test_teacher_room_and_class_are_in_one_lesson_at_a_time(centre: Centre) -> None:
    first, second = a_class(centre), a_class(centre)
    lessons.place(first.id, uuid4(), a_draft(centre), by=MANAGER, at=NOON)

    with pytest.raises(errors.ClassBusy):
        lessons.place(first.id, uuid4(), a_draft(centre), by=MANAGER, at=NOON)
    with pytest.raises(errors.TeacherBusy):
        lessons.place(second.id, uuid4(), a_draft(centre), by=MANAGER, at=NOON)


def test_too_young_barred_or_teaching_the_class_has_no_place(centre: Centre) -> None:
    of = a_class(centre)
    child = a_person(centre.provider, number=a_number(date(2011, 1, 1)))
    barred = a_person(centre.provider)
    bars.impose(
        uuid4(),
        person_id=barred.id,
        qualification_id=None,
        from_on=TODAY,
        until_on=None,
        reason="事故责任终身禁止",
        by=None,
        at=NOON,
    )

    def refused(person: Person) -> str:
        with pytest.raises(DomainError) as refusal:
            learners.add(of.id, person.id, by=MANAGER, at=NOON)
        return refusal.value.code

    assert [refused(one) for one in (child, barred, centre.manager)] == [
        "learner_too_young",
        "learner_barred",
        "own_class",
    ]


def test_a_gang_gets_places_while_there_are_any(centre: Centre) -> None:
    of = a_class(centre, capacity=2)
    gang = [a_person(centre.provider).id for _ in range(3)]

    placed = learners.add_all(of.id, gang, employer_id=None, by=MANAGER, at=NOON)
    again = learners.add_all(of.id, gang, employer_id=None, by=MANAGER, at=NOON)

    codes = [one.refusal and one.refusal.code for one in placed]
    assert codes == [None, None, "class_full"]
    assert [one.learner_id for one in again] == [one.learner_id for one in placed]


def sign_in(lesson_id: Any, person_id: Any, *, at: Any = NOON, shown_at: Any = NOON) -> Attendance:
    by = replace(who(), person_id=person_id)
    text = attending.code(lesson_id, key=KEY, at=shown_at)
    return attendance.sign_in(
        lesson_id, uuid4(), text=text, device_id=uuid4(), keys=[b"its successor", KEY], by=by, at=at
    )


def test_nobody_is_in_two_places_at_once(centre: Centre) -> None:
    here, there = a_class(centre), a_class(centre, mode=Mode.BLENDED)
    person = a_person(centre.provider)
    learner = [a_learner(of, person) for of in (here, there)][1]
    one, other = a_lesson(centre, here), a_lesson(centre, there)
    later = a_lesson(centre, here, starts_at=NOON + 4 * HOUR)
    session = a_session(learner, an_online_lesson(a_programme(centre)))
    stored(
        StudyStretch(
            session_id=session.id,
            from_at=NOON + 4 * HOUR,
            until_at=NOON + 5 * HOUR,
            reason="credited",
            ms=1,
        )
    )

    first = sign_in(one.id, person.id)

    assert sign_in(one.id, person.id).id == first.id
    with pytest.raises(signing.ElsewhereAtThatTime):
        sign_in(other.id, person.id)
    with pytest.raises(signing.ElsewhereAtThatTime):
        sign_in(later.id, person.id, at=NOON + 4 * HOUR, shown_at=NOON + 4 * HOUR)


def test_a_sign_in_without_a_network_is_kept_and_counts_when_confirmed(centre: Centre) -> None:
    of = a_class(centre)
    person = a_person(centre.provider)
    a_learner(of, person)
    lesson = a_lesson(centre, of)

    late = sign_in(lesson.id, person.id, at=NOON + 20 * HOUR)

    assert (late.flags, attendance.counts(late)) == (["late"], False)
    own = replace(MANAGER, person_id=person.id)
    with pytest.raises(signing.OwnAttendance):
        attendance.confirm(late.id, good=True, by=own, at=NOON)
    runner = replace(MANAGER, person_id=centre.manager.id)
    attendance.confirm(late.id, good=True, by=runner, at=NOON + 21 * HOUR)
    assert attendance.counts(late)


def test_codes_of_another_lesson_of_another_moment_or_made_up_sign_nobody_in(
    centre: Centre,
) -> None:
    of = a_class(centre)
    person = a_person(centre.provider)
    a_learner(of, person)
    lesson = a_lesson(centre, of)
    forged = attending.code(lesson.id, key=b"another key", at=NOON)

    with pytest.raises(signing.CodeRefused):
        attending.read(forged, keys=[KEY])
    with pytest.raises(signing.CodeRefused):
        sign_in(lesson.id, person.id, shown_at=NOON + HOUR)
    with pytest.raises(signing.SignInTooLate):
        sign_in(lesson.id, person.id, at=NOON + timedelta(days=4))
    with pytest.raises(signing.LessonNotOn):
        sign_in(lesson.id, person.id, at=NOON - HOUR, shown_at=NOON - HOUR)
    with pytest.raises(signing.NotInClass):
        sign_in(lesson.id, a_person(centre.provider).id)


def test_a_list_answers_for_each_and_nobody_enters_themselves(centre: Centre) -> None:
    of = a_class(centre)
    person = a_person(centre.provider)
    a_learner(of, person)
    lesson = a_lesson(centre, of)
    there = [
        SignIn(id=uuid4(), person_id=one, way=Way.LIST, signed_at=NOON)
        for one in (person.id, centre.manager.id, a_person(centre.provider).id)
    ]
    runner = replace(MANAGER, person_id=centre.manager.id)

    found = attendance.enter_all(lesson.id, there, by=runner, at=NOON)

    codes = [one.refusal and one.refusal.code for one in found]
    assert codes == [None, "own_attendance", "not_in_class"]
