"""Quality of training by real exams: learners of two providers sit, and the platform reckons."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select, update

from exams import figuring
from exams.models import PaperItem
from question_bank.models import QuestionVersion
from server.db import db
from server.people.models import Person
from server.people.roster import PostRole
from server.policy import Role
from server.records.entries import RecordKind
from server.training.models import ClassEvaluation
from tests.conftest import SigningIn
from tests.factories import exams as a
from tests.factories.lives import a_line
from tests.factories.sitting import HOUR, answer, submit
from tests.factories.training import (
    TODAY,
    Centre,
    a_centre,
    a_class,
    a_learner,
    a_lesson,
    a_programme,
    stored,
)
from tests.moments import NOON, Clock

Writing = Callable[[], AbstractContextManager[None]]
DAY = timedelta(days=1)
SECTIONS: a.Sections = (("single_choice", 20, 5, {}),)
SPAN = f"since={TODAY - DAY}&until={TODAY}"


def sit(scene: a.Scene, person: Person, *, right: int, at: Any = NOON) -> None:
    """Let somebody sit an exam of twenty questions, and hand in; sixteen are enough."""
    attempt = a.an_attempt(scene, person, at=at)
    answer(attempt, right=right, wrong=20 - right, at=at)
    submit(attempt, at=at + HOUR)


def graduates(centre: Centre, count: int) -> list[Person]:
    """Store a class that was closed today, and its learners."""
    programme = a_programme(centre, role=PostRole.SPECIAL_OPERATIONS_WORKER, item="1.2")
    of = a_class(centre, programme, starts_on=TODAY - 3 * DAY, ends_on=TODAY)
    of.closed_at = NOON
    a_lesson(centre, of)
    ratings = {str(centre.teacher.id): 3}
    people = [a.an_electrician() for _ in range(count)]
    for person in people:
        learner = a_learner(of, person)
        learner.completed, learner.pre_score, learner.post_score = True, 50, 85
        stored(
            ClassEvaluation(learner_id=learner.id, rating=5, teacher_ratings=ratings, given_at=NOON)
        )
    return people


@pytest.fixture
def providers(app: Flask, writing: Writing, the_clock: Clock) -> dict[str, UUID]:
    """Store twelve graduates of one provider, of whom one fails and passes later, and three."""
    with writing():
        large, small = a_centre(), a_centre()
        small.provider.name = "某小培训中心"
        many, few = graduates(large, 12), graduates(small, 3)
        scene = a.an_exam(sections=SECTIONS)
        asked = select(PaperItem.version_id).where(PaperItem.slot > 18)
        db.session.execute(update(QuestionVersion).values(topic="接地"))
        db.session.execute(
            update(QuestionVersion).where(QuestionVersion.id.in_(asked)).values(topic="带电作业")
        )
        again = a.an_exam(sections=SECTIONS, opens_at=NOON + DAY, closes_at=NOON + DAY + 3 * HOUR)
        for number, person in enumerate(many):
            sit(scene, person, right=18 if number else 10)
        sit(again, many[0], right=20, at=NOON + DAY)
        for person in few:
            sit(scene, person, right=20)
        violation = {"summary": "无票作业"}
        a_line(few[0], RecordKind.VIOLATION, on=TODAY + DAY, content=violation)
        made = {
            "large": large.provider.id,
            "small": small.provider.id,
            "retried": many[0].id,
        }
    the_clock.move(2 * DAY)
    with app.app_context():
        figuring.calculate(lambda _done, _total: None, at=NOON + 2 * DAY)
    return made


def test_three_of_three_do_not_beat_eleven_of_twelve_and_what_is_weak_shows_and_is_exported(
    client: FlaskClient, providers: dict[str, UUID], a_signed_in: SigningIn
) -> None:
    bureau = a_signed_in(Role.ISSUER).headers
    items = client.get(f"/v1/training-quality?{SPAN}", headers=bureau).get_json()["items"]
    first, second = (one["quality"] for one in items)

    assert (first["subject_id"], second["subject_id"]) == (
        str(providers["large"]),
        str(providers["small"]),
    )
    assert (first["sat_count"], first["first_pass_count"], first["pass_count"]) == (12, 11, 12)
    assert (first["first_pass_rate"], first["pass_rate"]) == (pytest.approx(11 / 12), 1.0)
    assert (second["first_pass_rate"], second["average_gain"]) == (1.0, 35.0)
    low = [one["first_pass_interval"]["low"] for one in (first, second)]
    assert low == [pytest.approx(0.646, abs=0.001), pytest.approx(0.438, abs=0.001)]
    rates = (first["violations_per_hundred"], second["violations_per_hundred"])
    assert rates == (0.0, pytest.approx(100 / 3))

    def topics(name: str) -> list[dict[str, Any]]:
        url = f"/v1/training-quality/{providers[name]}/topics?{SPAN}"
        found: list[dict[str, Any]] = client.get(url, headers=bureau).get_json()["items"]
        return found

    # All fifteen were asked the same: only the three answered rightly on live working.
    weak, strong = topics("large")
    assert (weak["topic"], weak["learner_count"], weak["response_count"]) == ("带电作业", 12, 24)
    assert (weak["share"], weak["expected"]) == (0.0, pytest.approx(0.2))
    assert (weak["outlier"], strong["outlier"]) == (True, False)
    assert strong["difference"]["low"] < 0 < strong["difference"]["high"]
    # Three are too few to say anything, and would show single people's work.
    assert topics("small") == []

    file = client.get(f"/v1/people/{providers['retried']}/file", headers=bureau).get_json()
    sat = [one for one in file["lines"] if one["kind"] == "exam"]
    assert [(one["content"]["attempt_number"], one["content"]["passed"]) for one in sat] == [
        (1, False),
        (2, True),
    ]
    for one in sat:
        assert one["content"]["evidence"] == f"/v1/attempts/{one['subject_id']}/receipt"
        assert len(one["content"]["paper_id"]) == 36
    # Whoever sits again is not asked the same again: a form was drawn for them alone.
    assert [one["content"]["paper_form"] for one in sat] == [1, 2]

    # The provider sees and exports its own learners only, by class and by teacher as well.
    own = a_signed_in(Role.PROVIDER_MANAGER, organisation_id=providers["large"]).headers

    url = f"/v1/training-quality/workbook?by=provider&{SPAN}"
    sheet = load_workbook(io.BytesIO(client.get(url, headers=own).data)).active

    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:2] == ("名次", "名称")
    assert [row[1] for row in rows[1:]] == ["某培训中心"]
    elsewhere = f"/v1/training-quality/{providers['small']}/topics?{SPAN}"
    assert client.get(elsewhere, headers=own).get_json()["items"] == []
    for by, rating in (("class", 5.0), ("teacher", 3.0)):
        listed = client.get(f"/v1/training-quality?by={by}&{SPAN}", headers=own).get_json()
        [judged] = [one["quality"] for one in listed["items"]]
        assert (judged["first_pass_count"], judged["average_rating"]) == (11, rating)
