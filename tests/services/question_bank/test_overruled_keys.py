"""A question whose key was overruled, or is doubted, is not practised (答案更正后的练习)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from question_bank.errors import NotForPractice
from question_bank.flagging import Flag
from question_bank.models import QuestionFlag
from question_bank.services import drawing, practice, questions, standing
from server.db import db
from tests.factories.question_bank import a_content, a_desk, a_published_question, published
from tests.moments import NOON
from tests.services.question_bank.test_practice import a_learner, one_shown, respond

pytestmark = pytest.mark.usefixtures("inside")


@pytest.mark.parametrize("right", [("B",), None])
def test_a_question_whose_key_was_overruled_is_practised_again_once_it_is_revised(
    right: tuple[str, ...] | None,
) -> None:
    desk = a_desk()
    question = a_published_question(desk, a_content())
    learner = a_learner()
    shown = one_shown(learner)

    standing.overrule(shown.version_id, right=right, at=NOON)

    assert practice.next_questions(learner, at=NOON) == []
    assert drawing.published_for_practice(on=NOON.date()) == []
    with pytest.raises(NotForPractice):
        respond(learner, shown, "切断电源")
    questions.revise(question.id, a_content(key=("B",)), by=desk.author, at=NOON)
    published(desk, question.id)
    assert respond(learner, one_shown(learner), "拨打电话").correct


def test_a_key_that_was_right_after_all_and_one_that_is_doubted_no_more_are_practised() -> None:
    question = a_published_question(a_desk(), a_content())
    learner = a_learner()
    version = question.newest_version

    standing.overrule(version.id, right=("B",), at=NOON)
    standing.overrule(version.id, right=version.key, at=NOON)
    doubted = QuestionFlag(
        id=uuid4(),
        version_id=version.id,
        qualification="x",
        flag=Flag.KEY_SUSPECTED,
        raised_at=NOON,
    )
    db.session.add(doubted)
    db.session.flush()

    assert practice.next_questions(learner, at=NOON) == []
    doubted.settled_at = NOON
    db.session.flush()
    assert one_shown(learner).version_id == version.id
