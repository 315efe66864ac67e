"""The question of the day over HTTP: the same for all, kept by learning, not by luck."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from question_bank.models import DailyQuestion, QuestionVersion
from server import clock
from server.config import Config
from server.db import db
from tests.conftest import SigningIn
from tests.factories.accounts import SignedIn, sign_in_on
from tests.factories.phones import PHONE
from tests.factories.question_bank import a_content, a_desk, a_published_question
from tests.moments import NOON, Clock

DAY = timedelta(days=1)
OPTIONS = ("切断电源", "拨打电话", "心肺复苏", "离开现场")
Writing = Callable[[], AbstractContextManager[None]]


@dataclass(kw_only=True)
class Learner:
    """Somebody who looks at the question of the day."""

    client: FlaskClient
    writing: Writing
    config: Config
    known: SignedIn

    def ask(self, verb: str, address: str, body: Any = None) -> Any:
        """Return the response to something asked of one's own."""
        with self.writing():
            now = sign_in_on(PHONE, self.known, config=self.config, at=clock.now())
        return getattr(self.client, verb)(f"/v1/me/{address}", headers=now.headers, json=body)

    def look(self) -> Any:
        """Return the question of the day, and where one stands."""
        found = self.ask("get", "daily-question")
        assert found.status_code == 200, found.text
        return found.json

    def respond(self, question: Any, *, right: bool) -> None:
        """Respond to a question."""
        chosen = next(
            one["label"] for one in question["options"] if (one["text"] == OPTIONS[0]) is right
        )
        body = {"version_id": question["version_id"], "chosen": [chosen]}
        told = self.ask("put", f"practice-responses/{uuid4()}", body)
        assert told.json["correct"] is right

    def level(self) -> tuple[int, int]:
        """Return how many questions are mastered, and the level."""
        found = self.ask("get", "practice-level").json
        return found["mastered_count"], found["level"]["number"]


@pytest.fixture
def learners(
    client: FlaskClient, writing: Writing, config: Config, a_signed_in: SigningIn
) -> list[Learner]:
    """Return two people, and store some questions: one that exams draw, and six that none does."""
    with writing():
        desk = a_desk()
        for number in range(7):
            content = a_content(stem=f"第 {number} 题怎么做？", options=OPTIONS)
            a_published_question(desk, content, for_exams=number == 0)
    return [
        Learner(client=client, writing=writing, config=config, known=a_signed_in())
        for _ in range(2)
    ]


def test_a_row_of_days_is_kept_by_learning(learners: list[Learner], the_clock: Clock) -> None:
    one, other = learners
    first = one.look()
    assert (first["state"], first["responded"], first["days_in_a_row"]) == ("open", False, 0)
    assert other.look()["question"]["version_id"] == first["question"]["version_id"]
    assert "key" not in first["question"]
    one.respond(first["question"], right=True)
    again = one.look()
    assert (again["state"], again["responded"], again["days_in_a_row"]) == ("kept", True, 1)
    assert other.look()["days_in_a_row"] == 0

    the_clock.move(DAY)
    second = one.look()
    assert second["question"]["version_id"] != first["question"]["version_id"]
    one.respond(second["question"], right=False)
    one.respond(second["question"], right=True)
    assert (one.look()["state"], one.look()["days_in_a_row"]) == ("open", 1)

    the_clock.move(DAY)
    third = one.look()
    assert [each["version_id"] for each in third["to_put_right"]] == [
        second["question"]["version_id"]
    ]
    one.respond(third["question"], right=True)
    assert one.look()["days_in_a_row"] == 2
    one.respond(second["question"], right=True)
    after = one.look()
    assert (after["days_in_a_row"], after["to_put_right"]) == (3, [])

    the_clock.move(2 * DAY)
    assert one.look()["days_in_a_row"] == 0


def test_a_level_counts_what_stays_and_not_what_is_tapped(
    learners: list[Learner], the_clock: Clock
) -> None:
    one, _ = learners
    question = one.look()["question"]
    for _ in range(3):
        one.respond(question, right=True)
    assert one.level() == (0, 1)

    the_clock.move(DAY)
    one.respond(question, right=True)
    assert one.level() == (1, 1)
    one.respond(question, right=False)
    assert one.level() == (0, 1)


def test_the_question_of_a_day_is_drawn_anew_when_it_is_practised_no_more(
    learners: list[Learner], writing: Writing, the_clock: Clock
) -> None:
    one, _ = learners
    before = one.look()["question"]["version_id"]
    with writing():
        db.session.execute(update(QuestionVersion).values(withdrawn_at=None))
        version = db.session.get_one(DailyQuestion, NOON.date()).version_id
        gone = update(QuestionVersion).where(QuestionVersion.id == version)
        db.session.execute(gone.values(withdrawn_at=NOON))

    assert one.look()["question"]["version_id"] != before
    with writing():
        db.session.execute(update(QuestionVersion).values(withdrawn_at=NOON))
    the_clock.move(DAY)
    assert one.ask("get", "daily-question").json["code"] == "no_daily_question"
