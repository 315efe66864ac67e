"""What became of those who were trained, by provider, class or teacher (培训质量统计)."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from exams import quality
from exams.models import Attempt, Exam, Outcome, Qualification
from exams.quality import Learnt, Quality
from server import days
from server.db import db
from server.organisations.models import Organisation
from server.organisations.models import within as organisations_within
from server.people.models import Person
from server.records.entries import RecordKind
from server.records.models import Record
from server.scopes import Scope
from server.training.models import (
    ClassEvaluation,
    ClassLearner,
    ClassLesson,
    Programme,
    Teacher,
    TrainingClass,
)


class By(StrEnum):
    """Whose training is looked at."""

    PROVIDER = "provider"
    CLASS = "class"
    TEACHER = "teacher"


@dataclass(frozen=True, kw_only=True)
class Named:
    """How well somebody trains, and who that is."""

    name: str
    quality: Quality


@dataclass(frozen=True)
class Place:
    """A learner of a class that was closed."""

    learner: ClassLearner
    class_id: UUID
    provider_id: UUID
    ends_on: date
    qualification_id: UUID | None


@dataclass(frozen=True)
class Try:
    """An exam that somebody sat, with an outcome that is known."""

    attempt_id: UUID
    on: date
    passed: bool


#: Exams of a person for a qualification, the earliest first.
_Tries = dict[tuple[UUID, UUID], list[Try]]


def ranking(by: By, *, since: date, until: date, scope: Scope, at: datetime) -> list[Named]:
    """Return everybody who trained, the best first, by classes closed that ended in a span.

    Args:
        by: providers, classes or teachers (a learner counts for every teacher of the class).
        since: the first last day of classes.
        until: the last one.
        scope: of the providers.
        at: the moment of asking: outcomes announced later are not known yet.
    """
    places = places_of(since, until, scope)
    learnt = dict(zip([one.learner.id for one in places], _learnt(places, at), strict=True))
    groups: defaultdict[UUID, list[Learnt]] = defaultdict(list)
    subjects = subjects_of(by, places)
    rated = _teacher_ratings(places) if by is By.TEACHER else None
    for one in places:
        for subject in subjects(one):
            found = learnt[one.learner.id]
            if rated is not None:
                found = replace(found, rating=rated.get((one.learner.id, subject)))
            groups[subject].append(found)
    names = _names(by, groups)
    return [
        Named(name=names[one.subject_id], quality=one) for one in quality.ranked(groups.items())
    ]


def workbook(rows: Sequence[Named]) -> bytes:
    """Return a ranking as a workbook."""
    import xlsxwriter  # heavy, and needed by few

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("培训质量")
        bold = book.add_format({"bold": True})
        share = book.add_format({"num_format": "0.0%"})
        for place, name in enumerate(_HEADS):
            sheet.write_string(0, place, name, bold)
        sheet.freeze_panes(1, 2)
        sheet.set_column(1, 1, 36)
        sheet.set_column(6, 8, 12, share)
        sheet.set_column(10, 10, 12, share)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, _cells(row))
    return target.getvalue()


_HEADS = (
    *("名次", "名称", "学员", "完成", "参考", "首考合格", "首考合格率", "95% 下限", "95% 上限"),
    *("最终合格", "合格率", "平均提分", "学员评分", "每百人违章", "异常"),
)


def _cells(row: Named) -> list[object]:
    one = row.quality
    interval = one.first_pass_interval
    return [
        one.rank,
        row.name,
        one.learner_count,
        one.completed_count,
        one.sat_count,
        one.first_pass_count,
        one.first_pass_rate,
        interval and interval.low,
        interval and interval.high,
        one.pass_count,
        one.pass_rate,
        one.average_gain,
        one.average_rating,
        one.violations_per_hundred,
        "是" if one.outlier else "",
    ]


def places_of(since: date, until: date, scope: Scope) -> list[Place]:
    """Return the learners of classes of providers in the scope that ended in a span and closed."""
    visible = select(Organisation.id).where(organisations_within(scope))
    statement = (
        select(
            ClassLearner,
            TrainingClass.id,
            TrainingClass.provider_id,
            TrainingClass.ends_on,
            Qualification.id,
        )
        .join(TrainingClass, TrainingClass.id == ClassLearner.class_id)
        .join(Programme, Programme.id == TrainingClass.programme_id)
        .outerjoin(
            Qualification,
            (Qualification.role == Programme.role)
            & Qualification.operation_item.is_not_distinct_from(Programme.item),
        )
        .where(
            TrainingClass.closed_at.is_not(None),
            TrainingClass.ends_on.between(since, until),
            TrainingClass.provider_id.in_(visible),
            ClassLearner.withdrawn_at.is_(None),
        )
    )
    return [Place(*row) for row in db.session.execute(statement)]


def _learnt(places: Sequence[Place], at: datetime) -> Iterable[Learnt]:
    people = {one.learner.person_id for one in places}
    violations, ratings = _violations(people), _ratings(places)
    for one, tries in zip(places, tries_after(places, at), strict=True):
        person = one.learner.person_id
        pre, post = one.learner.pre_score, one.learner.post_score
        yield Learnt(
            completed=one.learner.completed is True,
            gain=None if pre is None or post is None else post - pre,
            first_passed=tries[0].passed if tries else None,
            passed=any(each.passed for each in tries),
            rating=ratings.get(one.learner.id),
            violation_count=sum(on > one.ends_on for on in violations.get(person, [])),
        )


def tries_after(places: Sequence[Place], at: datetime) -> list[list[Try]]:
    """Return, for each learner, the exams sat from the last day of the class on, as known."""
    tries = _tries({one.learner.person_id for one in places}, at)
    return [
        [
            each
            for each in tries.get((one.learner.person_id, one.qualification_id or one.class_id), ())
            if each.on >= one.ends_on
        ]
        for one in places
    ]


def _tries(people: set[UUID], at: datetime) -> _Tries:
    statement = (
        select(
            Attempt.candidate_id,
            Exam.qualification_id,
            Attempt.id,
            Attempt.started_at,
            Outcome.passed,
        )
        .join(Exam, Exam.id == Attempt.exam_id)
        .join(Outcome, Outcome.attempt_id == Attempt.id)
        .where(Attempt.candidate_id.in_(people), Attempt.counts, Outcome.released_at <= at)
        .order_by(Attempt.started_at)
    )
    found: _Tries = defaultdict(list)
    for person, qualification, attempt_id, started_at, passed in db.session.execute(statement):
        made = Try(attempt_id, days.civil_day(started_at), passed)
        found[person, qualification].append(made)
    return found


def _violations(people: set[UUID]) -> dict[UUID, list[date]]:
    correction = aliased(Record)
    statement = select(Record.person_id, Record.happened_on).where(
        Record.person_id.in_(people),
        Record.kind == RecordKind.VIOLATION,
        ~select(correction.id).where(correction.corrects_id == Record.id).exists(),
    )
    found: defaultdict[UUID, list[date]] = defaultdict(list)
    for person, on in db.session.execute(statement):
        found[person].append(on)
    return found


def _ratings(places: Sequence[Place]) -> dict[UUID, int]:
    ids = [one.learner.id for one in places]
    statement = select(ClassEvaluation.learner_id, ClassEvaluation.rating).where(
        ClassEvaluation.learner_id.in_(ids)
    )
    return {learner: rating for learner, rating in db.session.execute(statement)}


def _teacher_ratings(places: Sequence[Place]) -> dict[tuple[UUID, UUID], int]:
    """Return what learners thought of each teacher, by learner and the teacher's person."""
    ids = [one.learner.id for one in places]
    statement = select(ClassEvaluation.learner_id, ClassEvaluation.teacher_ratings).where(
        ClassEvaluation.learner_id.in_(ids)
    )
    said = [
        (learner, UUID(teacher), rating)
        for learner, ratings in db.session.execute(statement)
        for teacher, rating in ratings.items()
    ]
    wanted = select(Teacher.id, Teacher.person_id).where(
        Teacher.id.in_({one for _, one, _ in said})
    )
    people = {teacher: person for teacher, person in db.session.execute(wanted)}
    return {(learner, people[one]): rating for learner, one, rating in said if one in people}


def subjects_of(by: By, places: Sequence[Place]) -> Callable[[Place], Iterable[UUID]]:
    """Return what tells by whom a learner was trained."""
    if by is By.PROVIDER:
        return lambda one: (one.provider_id,)
    if by is By.CLASS:
        return lambda one: (one.class_id,)
    statement = (
        select(ClassLesson.class_id, Teacher.person_id)
        .join(Teacher, Teacher.id == ClassLesson.teacher_id)
        .where(
            ClassLesson.class_id.in_({one.class_id for one in places}),
            ClassLesson.withdrawn_at.is_(None),
        )
        .distinct()
    )
    taught: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for class_id, person_id in db.session.execute(statement):
        taught[class_id].append(person_id)
    return lambda one: taught[one.class_id]


def _names(by: By, ids: Iterable[UUID]) -> dict[UUID, str]:
    columns = {
        By.PROVIDER: (Organisation.id, Organisation.name),
        By.CLASS: (TrainingClass.id, TrainingClass.name),
        By.TEACHER: (Person.id, Person.name),
    }
    subject_id, name = columns[by]
    statement = select(subject_id, name).where(subject_id.in_(list(ids)))
    return {subject: named for subject, named in db.session.execute(statement)}
