"""How many questions a bank holds, by kind, topic and state."""

from __future__ import annotations

from uuid import uuid4

import pytest

from question_bank.kinds import Kind
from question_bank.lifecycle import State
from question_bank.services import holdings
from question_bank.services.holdings import Holding
from server.errors import NotFound
from server.scopes import NOWHERE
from tests.factories.question_bank import a_content, a_desk, a_published_question, a_question

pytestmark = pytest.mark.usefixtures("inside")


def test_questions_are_counted_by_kind_topic_and_state() -> None:
    desk = a_desk()
    assert holdings.of(desk.bank.id) == []

    a_published_question(desk, a_content("一（）。", topic="急救"))
    a_published_question(desk, a_content("二（）。", topic="急救"), for_exams=False)
    a_question(desk, a_content("三（）。", topic=None))

    assert holdings.of(desk.bank.id) == [
        Holding(
            kind=Kind.SINGLE_CHOICE,
            topic=None,
            state=State.DRAFT,
            question_count=1,
            exam_count=1,
            practice_count=1,
        ),
        Holding(
            kind=Kind.SINGLE_CHOICE,
            topic="急救",
            state=State.PUBLISHED,
            question_count=2,
            exam_count=1,
            practice_count=2,
        ),
    ]


def test_a_bank_elsewhere_is_not_found() -> None:
    desk = a_desk()

    with pytest.raises(NotFound):
        holdings.of(desk.bank.id, scope=NOWHERE)
    with pytest.raises(NotFound):
        holdings.of(uuid4())
