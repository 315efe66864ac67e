"""Quality of training over real tables: what became of the learners of a class."""

from __future__ import annotations

import io
from datetime import timedelta

from flask import Flask
from openpyxl import load_workbook

from exams.services import training_quality
from exams.services.training_quality import By
from server.scopes import EVERYWHERE
from server.training.models import ClassEvaluation
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
