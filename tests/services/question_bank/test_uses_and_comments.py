"""Who uses a question, what is said about it, and who may publish what."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from question_bank.errors import MoveNotOpen, ReviewerIsAuthor
from question_bank.lifecycle import Move
from question_bank.models import Question, QuestionVersion
from question_bank.review_errors import QuestionInUse
from question_bank.services import (
    comments,
    finding,
    law_reference,
    moves,
    practice,
    questions,
    uses,
)
from server.db import db
from server.errors import IdTaken, NotFound
from server.policy import Role
from tests.factories.question_bank import (
    a_content,
    a_desk,
    a_published_question,
    a_question,
    an_identity,
)
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def desk():
    return a_desk()


def test_a_draft_that_nobody_met_is_deleted_with_all_that_belongs_to_it(desk) -> None:
    law_reference.load(at=NOON)
    content = a_content("特种作业操作证每3年复审1次。")
    kept = a_published_question(desk, content)
    draft = a_question(a_desk(), content)
    author = an_identity(Role.AUTHOR)
    comments.say(draft.id, uuid4(), text="重复了", by=author, at=NOON)
    moves.move(draft.id, Move.SUBMIT, by=author, at=NOON)
    moves.move(draft.id, Move.SEND_BACK, by=an_identity(Role.REVIEWER), at=NOON)

    uses.remove(draft.id, by=author, at=NOON)

    with pytest.raises(NotFound):
        finding.get(draft.id)
    assert db.session.execute(select(Question.id)).scalars().all() == [kept.id]
    assert len(db.session.execute(select(QuestionVersion.id)).all()) == 1


def test_a_question_in_use_is_retired_and_deleting_it_says_who_uses_it(desk) -> None:
    question = a_published_question(desk)
    version_id = question.newest_version.id
    uses.note([version_id], exam_id=uuid4(), exam_name="十二月考试", at=NOON)
    with pytest.raises(MoveNotOpen):
        uses.remove(question.id, by=desk.author, at=NOON)

    moves.move(question.id, Move.RETIRE, by=desk.reviewer, at=NOON)

    with pytest.raises(QuestionInUse) as refused:
        uses.remove(question.id, by=desk.author, at=NOON)
    assert refused.value.facts == {"exams": "十二月考试", "practice_count": 0}
    assert finding.versions_of(question.id)[0].stem == question.newest_version.stem


def test_what_learners_practised_is_in_use_too(desk) -> None:
    question = a_published_question(desk)
    learner = an_identity(Role.WORKER)
    practice.respond(
        uuid4(),
        version_id=question.newest_version.id,
        chosen=["A"],
        learner_id=learner.person_id,
        at=NOON,
    )
    moves.move(question.id, Move.RETIRE, by=desk.reviewer, at=NOON)

    assert uses.of(question.id).practice_count == 1
    with pytest.raises(QuestionInUse):
        uses.remove(question.id, by=desk.author, at=NOON)


def test_an_exam_is_noted_once_for_each_question(desk) -> None:
    question, exam_id = a_published_question(desk), uuid4()

    for _form in range(2):
        uses.note([question.newest_version.id], exam_id=exam_id, exam_name="考试", at=NOON)

    assert [one.exam_id for one in uses.of(question.id).exams] == [exam_id]


def test_nobody_publishes_their_own_words_under_a_second_account(desk) -> None:
    question = a_question(desk)
    moves.move(question.id, Move.SUBMIT, by=desk.author, at=NOON)
    again = replace(desk.reviewer, person_id=desk.author.person_id, account_id=uuid4())

    with pytest.raises(ReviewerIsAuthor):
        moves.move(question.id, Move.PUBLISH, by=again, at=NOON)


def test_nobody_publishes_their_own_words_after_a_colleague_added_a_comma(desk) -> None:
    both = an_identity(Role.AUTHOR, Role.REVIEWER, within=desk.owner)
    question = a_published_question(desk)
    questions.revise(question.id, a_content("我写的题"), by=both, at=NOON)
    questions.revise(question.id, a_content("我写的题。"), by=desk.author, at=NOON)
    moves.move(question.id, Move.SUBMIT, by=desk.author, at=NOON)

    with pytest.raises(ReviewerIsAuthor):
        moves.move(question.id, Move.PUBLISH, by=both, at=NOON)
    refused = moves.move_many([question.id], Move.PUBLISH, by=both, at=NOON).refused
    assert [one.code for one in refused] == ["reviewer_is_author"]
    assert moves.move(question.id, Move.PUBLISH, by=desk.reviewer, at=NOON).newest == 3


def test_comments_are_said_once_and_settled_once(desk) -> None:
    question, comment_id = a_question(desk), uuid4()

    said = comments.say(question.id, comment_id, text="选项不清", by=desk.reviewer, at=NOON)
    again = comments.say(question.id, comment_id, text="选项不清", by=desk.reviewer, at=NOON)
    settled = comments.settle(comment_id, by=desk.author, at=NOON)

    assert said is again is settled
    assert settled.settled_by_id == desk.author.person_id
    assert comments.settle(comment_id, by=desk.reviewer, at=NOON).settled_by_id != (
        desk.reviewer.person_id
    )
    assert comments.of(question.id) == [said]
    with pytest.raises(IdTaken):
        comments.say(question.id, comment_id, text="别的", by=desk.reviewer, at=NOON)
    with pytest.raises(NotFound):
        comments.settle(comment_id, by=a_desk().author, at=NOON)
    with pytest.raises(NotFound):
        comments.say(question.id, uuid4(), text="x", by=a_desk().author, at=NOON)


def test_versions_are_compared_by_their_numbers(desk) -> None:
    question = a_published_question(desk, a_content("每3年一次。"))
    questions.revise(question.id, a_content("每6年一次。", topic="发证"), by=desk.author, at=NOON)

    found = comments.compare(question.id, 1, 2)

    assert [one.field for one in found] == ["stem", "topic"]
    assert [one.text for one in found[0].pieces] == ["每", "3", "6", "年一次。"]
    with pytest.raises(NotFound):
        comments.compare(question.id, 1, 3)
