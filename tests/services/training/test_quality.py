"""Quality of training over real tables: what became of the learners of a class."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import UUID, uuid4

from flask import Flask
from openpyxl import load_workbook

from exams.services import training_quality
from exams.services.training_quality import By
from server.records.entries import RecordKind
from server.records.services import stating
from server.scopes import EVERYWHERE
from server.training.models import ClassEvaluation
from tests.factories.certificates import REGISTRAR
from tests.factories.lives import a_line
from tests.factories.people import a_person
from tests.factories.training import TODAY, a_centre, a_class, a_learner, a_lesson, stored
from tests.moments import NOON


def test_a_class_is_judged_by_gain_rating_and_exams(inside: Flask) -> None:
    centre = a_centre()
    of = a_class(centre)
    a_lesson(centre, of)
    of.closed_at = NOON
    for pre, post in ((40, 90), (60, 80)):
        learner = a_learner(of, a_person(centre.provider))
        learner.pre_score, learner.post_score, learner.completed = pre, post, True
        stored(ClassEvaluation(learner_id=learner.id, rating=5, teacher_ratings={}, given_at=NOON))
    span = {"since": TODAY, "until": TODAY + timedelta(days=9)}

    ranked = {by: training_quality.ranking(by, **span, scope=EVERYWHERE, at=NOON) for by in By}

    names = {by: [one.name for one in rows] for by, rows in ranked.items()}
    assert names == {By.PROVIDER: ["某培训中心"], By.CLASS: ["第一期"], By.TEACHER: ["赵教师"]}
    [found] = [one.quality for one in ranked[By.PROVIDER]]
    assert (found.learner_count, found.completed_count, found.sat_count) == (2, 2, 0)
    assert (found.average_gain, found.average_rating, found.rank) == (35.0, 5.0, None)
    sheet = load_workbook(io.BytesIO(training_quality.workbook(ranked[By.CLASS]))).active
    assert sheet is not None
    assert [sheet.cell(2, place).value for place in (2, 3, 12)] == ["第一期", 2, 35]


def test_violations_count_from_the_end_of_the_class_until_they_are_corrected(inside: Flask) -> None:
    centre = a_centre()
    of = a_class(centre)
    a_lesson(centre, of)
    of.closed_at = NOON
    graduate = a_person(centre.provider)
    a_learner(of, graduate).completed = True
    said = {"organisation_id": str(centre.provider.id), "summary": "无票作业", "consequence": None}
    before, after = (
        a_line(graduate, RecordKind.VIOLATION, on=on, content=said)
        for on in (of.starts_on - timedelta(days=1), of.ends_on + timedelta(days=30))
    )
    span = {"since": TODAY, "until": of.ends_on}

    def violations() -> float | None:
        [found] = training_quality.ranking(By.CLASS, **span, scope=EVERYWHERE, at=NOON)
        return found.quality.violations_per_hundred

    def withdraw(line: UUID) -> None:
        stating.correct(
            graduate.id,
            uuid4(),
            corrects_id=line,
            reason="录入有误",
            statement=None,
            by=REGISTRAR,
            at=NOON,
            on=TODAY,
        )

    assert violations() == 100.0
    withdraw(before)
    assert violations() == 100.0
    withdraw(after)
    assert violations() == 0.0
