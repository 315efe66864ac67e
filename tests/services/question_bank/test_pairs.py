"""Questions that are alike are found across banks, ruled upon, and never stand on one paper."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from question_bank.errors import (
    AlreadyRuled,
    ConflictNeedsWinner,
    KeptIsNotOfPair,
    ReviewerIsAuthor,
)
from question_bank.lifecycle import Move, State
from question_bank.likeness import Relation
from question_bank.models import QuestionPrint, Standing
from question_bank.searching import look_at_unprinted
from question_bank.services import finding, likenesses, moves, prints, questions, rulings
from question_bank.services.rulings import Ruling
from server.db import db
from server.errors import NotFound
from server.policy import Role
from server.scopes import EVERYWHERE
from tests.factories.question_bank import (
    ELECTRICIAN,
    MANAGER,
    PRINCIPAL,
    a_content,
    a_desk,
    a_published_question,
    a_question,
    an_identity,
    published,
)
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

STEM = "触电者心跳停止、呼吸存在，应采用（　）进行现场急救的方法是哪一种。"


@pytest.fixture
def judge():
    """Somebody who reviews everywhere."""
    return an_identity(Role.REVIEWER)


def pairs(**filters):
    return rulings.listed(EVERYWHERE, **filters).items


def relations(**filters):
    return [one.pair.relation for one in pairs(**filters)]


def test_a_duplicate_in_another_bank_is_found_when_it_goes_to_review() -> None:
    held = a_published_question(a_desk(), a_content(STEM))
    other = a_desk()
    twin = a_question(other, a_content(STEM.replace("　", "  ")))
    assert relations() == []

    moves.move(twin.id, Move.SUBMIT, by=other.author, at=NOON)

    (found,) = pairs()
    assert found.pair.relation is Relation.EXACT
    assert {found.first.question.id, found.second.question.id} == {held.id, twin.id}
    assert {found.first.bank.id, found.second.bank.id} == {other.bank.id, held.bank_id}
    assert [one.field for one in found.differences] == ["stem"]


def test_another_key_is_a_conflict_and_other_words_a_near_duplicate() -> None:
    desk = a_desk()
    a_published_question(desk, a_content(STEM))
    a_published_question(desk, a_content(STEM, key=("B",)))
    a_published_question(desk, a_content(STEM.replace("哪一种", "哪种")))
    a_published_question(desk, a_content("与之无关的另一道题目。"))

    assert relations(relation=Relation.CONFLICT) == [Relation.CONFLICT]
    assert relations(relation=Relation.NEAR) == [Relation.NEAR] * 2


def test_all_at_once_finds_what_one_by_one_finds() -> None:
    desk = a_desk()
    ids = [a_question(desk, a_content(STEM, key=(key,))).id for key in "ABC"]

    moves.move_many(ids, Move.SUBMIT, by=desk.author, at=NOON)

    assert relations() == [Relation.CONFLICT] * 3


def test_a_pair_is_seen_only_by_who_sees_both_banks(judge) -> None:
    one, other = a_desk(), a_desk()
    a_published_question(one, a_content(STEM))
    a_published_question(other, a_content(STEM))
    (found,) = pairs()
    narrow = one.reviewer.scope(moves.PERMISSIONS[Move.PUBLISH])

    assert rulings.listed(narrow).items == []
    with pytest.raises(NotFound):
        rulings.get(found.pair.id, scope=narrow)
    ruling = Ruling(kept_id=found.pair.first_id, reason="重复")
    with pytest.raises(NotFound):
        rulings.rule(found.pair.id, ruling, by=one.reviewer, at=NOON)


def test_a_ruling_keeps_one_with_the_roles_of_both_and_retires_the_other(judge) -> None:
    kept = a_published_question(a_desk(), a_content(STEM), tags=(ELECTRICIAN,))
    loser = a_published_question(
        a_desk(), a_content(STEM, key=("B",)), tags=(PRINCIPAL, ELECTRICIAN, MANAGER)
    )
    (found,) = pairs(relation=Relation.CONFLICT)
    ruling = Ruling(kept_id=kept.id, reason="按急救指南，先按压。")

    shown = rulings.rule(found.pair.id, ruling, by=judge, at=NOON)

    assert shown.pair.standing is Standing.RULED
    assert (shown.pair.ruled_by_id, shown.pair.reason) == (judge.person_id, ruling.reason)
    assert finding.get(loser.id).state is State.RETIRED
    serves = {(tag.role, tag.operation_item) for tag in finding.get(kept.id).tags}
    assert len(serves) == 3
    assert relations() == []
    assert relations(standing=Standing.RULED) == [Relation.CONFLICT]
    assert rulings.rule(found.pair.id, ruling, by=judge, at=NOON).pair is shown.pair
    with pytest.raises(AlreadyRuled):
        rulings.rule(found.pair.id, Ruling(kept_id=loser.id, reason="x"), by=judge, at=NOON)


def test_of_two_keys_one_is_wrong_so_a_conflict_needs_a_winner(judge) -> None:
    a_published_question(a_desk(), a_content(STEM))
    a_published_question(a_desk(), a_content(STEM, key=("B",)))
    (found,) = pairs()

    with pytest.raises(ConflictNeedsWinner):
        rulings.rule(found.pair.id, Ruling(reason="都可以"), by=judge, at=NOON)
    with pytest.raises(KeptIsNotOfPair):
        rulings.rule(found.pair.id, Ruling(kept_id=uuid4(), reason="x"), by=judge, at=NOON)


def test_nobody_keeps_what_they_wrote_themselves() -> None:
    both = an_identity(Role.AUTHOR, Role.REVIEWER)
    desk = a_desk()
    own = questions.write(
        uuid4(),
        a_content(STEM),
        bank_id=desk.bank.id,
        tags=(PRINCIPAL,),
        for_practice=True,
        for_exams=True,
        by=both,
        at=NOON,
    )
    moves.move(own.id, Move.SUBMIT, by=both, at=NOON)
    a_published_question(a_desk(), a_content(STEM, key=("B",)))
    (found,) = pairs()

    with pytest.raises(ReviewerIsAuthor):
        rulings.rule(found.pair.id, Ruling(kept_id=own.id, reason="我对"), by=both, at=NOON)


def test_distinct_questions_are_told_apart_until_one_of_them_changes(judge) -> None:
    desk = a_desk()
    star = a_published_question(desk, a_content(STEM))
    delta = a_published_question(desk, a_content(STEM.replace("心跳", "脉搏")))
    (found,) = pairs()
    ids = [star.id, delta.id]
    assert len(set(likenesses.groups(ids).values())) == 1

    rulings.rule(found.pair.id, Ruling(reason="考点不同"), by=judge, at=NOON)

    assert len(set(likenesses.groups(ids).values())) == 2
    questions.revise(delta.id, a_content(STEM.replace("心跳", "脉息")), by=desk.author, at=NOON)
    published(desk, delta.id)
    assert len(set(likenesses.groups(ids).values())) == 1


def test_a_pair_whose_questions_grew_apart_is_gone_once_the_new_version_is_in_use() -> None:
    desk = a_desk()
    a_published_question(desk, a_content(STEM))
    twin = a_published_question(desk, a_content(STEM.replace("心跳", "脉搏")))
    assert relations() == [Relation.NEAR]

    questions.revise(twin.id, a_content("完全不同的另一道题。"), by=desk.author, at=NOON)
    moves.move(twin.id, Move.SUBMIT, by=desk.author, at=NOON)
    assert relations() == [Relation.NEAR], "the version in use is still alike"

    moves.move(twin.id, Move.PUBLISH, by=desk.reviewer, at=NOON)
    assert relations() == []


def test_what_came_in_without_a_review_is_compared_later() -> None:
    desk = a_desk()
    question = a_published_question(desk, a_content(STEM))
    assert prints.missing(drafts=False) == []

    draft = a_question(desk, a_content(STEM, key=("C",)))

    assert prints.missing(drafts=False) == []
    assert prints.missing(drafts=True) == [draft.id]
    assert question.state is State.PUBLISHED


def test_prints_of_another_scheme_are_made_anew(app, writing) -> None:
    with writing():
        desk = a_desk()
        one = a_published_question(desk, a_content(STEM))
        a_published_question(desk, a_content(STEM, key=("B",)))
        for print_ in db.session.query(QuestionPrint):
            print_.scheme = "older"
        likenesses.let_go([], found_before=NOON + timedelta(days=1))
        one_id = one.id
    with app.app_context():
        assert look_at_unprinted(NOON) == 2
        assert one_id in {p.pair.first_id for p in pairs()} | {p.pair.second_id for p in pairs()}
        assert look_at_unprinted(NOON) == 0
