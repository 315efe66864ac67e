"""Moves: review by a second person, publishing, retiring, one or many."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from question_bank.errors import MoveNotOpen, ReviewerIsAuthor
from question_bank.lifecycle import Move, State
from question_bank.services import finding, moves, questions
from server.errors import NotFound
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

LATER = NOON + timedelta(hours=1)


def test_a_question_goes_from_draft_through_review_to_use() -> None:
    desk = a_desk()
    question = a_question(desk)

    assert moves.move(question.id, Move.SUBMIT, by=desk.author, at=NOON).state is State.IN_REVIEW
    published = moves.move(question.id, Move.PUBLISH, by=desk.reviewer, at=LATER)

    version = published.newest_version
    assert published.state is State.PUBLISHED
    assert (version.reviewer_id, version.published_at) == (desk.reviewer.person_id, LATER)
    assert version.is_published


def test_who_wrote_a_version_cannot_publish_it_whatever_their_roles() -> None:
    desk = a_desk()
    both = an_identity(Role.AUTHOR, Role.REVIEWER, within=desk.owner)
    question = a_question(desk)
    questions.revise(question.id, a_content(), by=both, at=NOON)
    moves.move(question.id, Move.SUBMIT, by=both, at=NOON)

    with pytest.raises(ReviewerIsAuthor):
        moves.move(question.id, Move.PUBLISH, by=both, at=NOON)

    assert moves.move(question.id, Move.PUBLISH, by=desk.reviewer, at=NOON).state is State.PUBLISHED


def test_a_move_that_is_not_open_is_refused_and_one_made_before_is_harmless() -> None:
    desk = a_desk()
    question = a_question(desk)

    with pytest.raises(MoveNotOpen) as refused:
        moves.move(question.id, Move.PUBLISH, by=desk.reviewer, at=NOON)
    assert refused.value.facts == {"state": "draft", "move": "publish"}

    moves.move(question.id, Move.SUBMIT, by=desk.author, at=NOON)
    again = moves.move(question.id, Move.SUBMIT, by=desk.author, at=LATER)
    assert again.state is State.IN_REVIEW
    assert moves.move(question.id, Move.SEND_BACK, by=desk.reviewer, at=LATER).state is State.DRAFT


def test_publishing_the_next_version_withdraws_the_one_before() -> None:
    desk = a_desk()
    question = a_published_question(desk)
    questions.revise(question.id, a_content(), by=desk.author, at=LATER)
    moves.move(question.id, Move.SUBMIT, by=desk.author, at=LATER)
    moves.move(question.id, Move.PUBLISH, by=desk.reviewer, at=LATER)

    first, second = finding.versions_of(question.id)

    assert (first.published_at, first.withdrawn_at) == (NOON, LATER)
    assert (second.published_at, second.withdrawn_at) == (LATER, None)


def test_retiring_withdraws_what_is_in_use_even_behind_a_draft() -> None:
    desk = a_desk()
    question = a_published_question(desk)
    questions.revise(question.id, a_content(), by=desk.author, at=NOON)

    retired = moves.move(question.id, Move.RETIRE, by=desk.reviewer, at=LATER)

    first, second = finding.versions_of(question.id)
    assert retired.state is State.RETIRED
    assert (first.withdrawn_at, second.published_at) == (LATER, None)


def test_questions_of_others_are_not_moved() -> None:
    question = a_question(a_desk())

    with pytest.raises(NotFound):
        moves.move(question.id, Move.SUBMIT, by=a_desk().author, at=NOON)


def test_many_are_moved_and_those_that_cannot_are_told() -> None:
    desk, other = a_desk(), a_desk()
    both = an_identity(Role.AUTHOR, Role.REVIEWER, within=desk.owner)
    ready = [a_question(desk) for _ in range(2)]
    own = a_question(desk)
    questions.revise(own.id, a_content(), by=both, at=NOON)
    moves.move_many([one.id for one in (*ready, own)], Move.SUBMIT, by=desk.author, at=NOON)
    draft, used = a_question(desk), a_published_question(desk)
    foreign, nothing = a_question(other), uuid4()

    moved = moves.move_many(
        [ready[0].id, ready[0].id, ready[1].id, own.id, draft.id, used.id, foreign.id, nothing],
        Move.PUBLISH,
        by=both,
        at=LATER,
    )

    assert (moved.moved_count, moved.unchanged_count) == (2, 1)
    assert {one.question_id: one.code for one in moved.refused} == {
        own.id: "reviewer_is_author",
        draft.id: "move_not_open",
        foreign.id: "not_found",
        nothing: "not_found",
    }
    assert all(one.zh and one.en for one in moved.refused)
    assert finding.get(ready[1].id).newest_version.published_at == LATER


def test_many_retired_at_once_are_withdrawn() -> None:
    desk = a_desk()
    used = [a_published_question(desk) for _ in range(3)]

    moves.move_many([one.id for one in used], Move.RETIRE, by=desk.reviewer, at=LATER)

    for one in used:
        [version] = finding.versions_of(one.id)
        assert version.withdrawn_at == LATER


def test_nothing_to_move_moves_nothing() -> None:
    desk = a_desk()

    moved = moves.move_many([], Move.PUBLISH, by=desk.reviewer, at=NOON)

    assert (moved.moved_count, moved.refused) == (0, [])


def test_statements_do_not_grow_with_the_number_of_questions(count_statements) -> None:
    desk = a_desk()
    ids = [a_question(desk).id for _ in range(20)]

    with count_statements() as few:
        moves.move_many(ids[:5], Move.SUBMIT, by=desk.author, at=NOON)
    with count_statements() as many:
        moves.move_many(ids[5:], Move.SUBMIT, by=desk.author, at=NOON)

    # Where some happen to be alike, their prints are read and the pairs written.
    assert abs(len(many) - len(few)) <= 2
