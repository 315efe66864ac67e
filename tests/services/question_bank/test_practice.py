"""Practice: no key before the response, and a wrong-question book that follows the person."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from question_bank.delivery import ShownQuestion
from question_bank.errors import NotForPractice, VersionOutdated
from question_bank.kinds import Kind
from question_bank.lifecycle import Move
from question_bank.models import QuestionVersion
from question_bank.services import books, moves, practice, questions
from question_bank.services.practice import Verdict
from server.errors import IdTaken, Invalid, NotFound
from server.people.roster import PostRole
from tests.factories.auth import a_person
from tests.factories.question_bank import (
    ANY_SPECIAL,
    ELECTRICIAN,
    MANAGER,
    Desk,
    a_content,
    a_desk,
    a_published_question,
    a_question,
    published,
)
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


def a_learner() -> UUID:
    """Somebody who practises."""
    return a_person().id


def label_of(shown: ShownQuestion, text: str) -> str:
    """Return the label under which a learner sees a text."""
    return next(option["label"] for option in shown.options if option["text"] == text)


def respond(learner: UUID, shown: ShownQuestion, *texts: str, minutes: int = 0) -> Verdict:
    """Respond with the options of these texts."""
    return practice.respond(
        uuid4(),
        version_id=shown.version_id,
        chosen=[label_of(shown, text) for text in texts],
        learner_id=learner,
        at=NOON + timedelta(minutes=minutes),
    )


def one_shown(learner: UUID) -> ShownQuestion:
    """Return the question that comes next."""
    [shown] = practice.next_questions(learner, at=NOON)
    return shown


def test_a_shown_question_has_no_place_for_a_key() -> None:
    a_published_question(a_desk(), a_content())

    shown = asdict(one_shown(a_learner()))

    assert set(shown) == {
        "question_id",
        "version_id",
        "kind",
        "topic",
        "stem",
        "stem_html",
        "options",
    }
    assert all(set(option) == {"label", "text"} for option in shown["options"])
    assert "先断电" not in str(shown)


def test_learners_see_options_in_orders_of_their_own() -> None:
    a_published_question(a_desk(), a_content())

    learners = [a_learner() for _ in range(12)]
    firsts = {one_shown(learner).options[0]["text"] for learner in learners}

    assert len(firsts) > 1
    assert one_shown(learners[0]) == one_shown(learners[0])


def test_a_right_response_is_told_with_key_and_explanation_as_shown() -> None:
    a_published_question(a_desk(), a_content())
    learner = a_learner()
    shown = one_shown(learner)

    verdict = respond(learner, shown, "切断电源")

    assert verdict.correct
    assert verdict.key == verdict.chosen == (label_of(shown, "切断电源"),)
    assert (verdict.explanation, verdict.law_citation) == ("先断电，再施救。", "《安全生产法》")
    assert not verdict.in_wrong_book


def test_a_multiple_choice_is_right_when_all_of_it_is() -> None:
    content = a_content(kind=Kind.MULTIPLE_CHOICE, key=("A", "C"))
    a_published_question(a_desk(), content)
    learner = a_learner()
    shown = one_shown(learner)

    assert not respond(learner, shown, "切断电源").correct
    assert respond(learner, shown, "心肺复苏", "切断电源").correct


def test_the_same_response_twice_is_one() -> None:
    a_published_question(a_desk(), a_content())
    learner = a_learner()
    shown = one_shown(learner)
    response_id = uuid4()

    def send(chosen: str) -> Verdict:
        return practice.respond(
            response_id, version_id=shown.version_id, chosen=[chosen], learner_id=learner, at=NOON
        )

    first = send(label_of(shown, "离开现场"))
    assert send(label_of(shown, "切断电源")) == first
    [entry] = books.wrong_questions(learner).items
    assert entry.answered_count == 1
    with pytest.raises(IdTaken):
        practice.respond(
            response_id, version_id=shown.version_id, chosen=["A"], learner_id=a_learner(), at=NOON
        )


@pytest.mark.parametrize("chosen", [[], ["E"], ["A", "J"]])
def test_only_shown_labels_can_be_chosen(chosen: list[str]) -> None:
    a_published_question(a_desk(), a_content())
    learner = a_learner()

    with pytest.raises(Invalid):
        practice.respond(
            uuid4(),
            version_id=one_shown(learner).version_id,
            chosen=chosen,
            learner_id=learner,
            at=NOON,
        )


def test_a_question_only_for_exams_is_never_practised() -> None:
    desk = a_desk()
    question = a_published_question(desk, for_practice=False)
    learner = a_learner()

    assert practice.next_questions(learner, at=NOON) == []
    assert practice.topics() == []
    with pytest.raises(NotForPractice):
        practice.respond(
            uuid4(),
            version_id=question.newest_version.id,
            chosen=["A"],
            learner_id=learner,
            at=NOON,
        )


def test_drafts_are_not_practised_and_withdrawn_versions_are_outdated() -> None:
    desk = a_desk()
    draft = a_question(desk)
    used = a_published_question(desk, a_content())
    learner = a_learner()
    shown = one_shown(learner)
    questions.revise(used.id, a_content(stem="新题干"), by=desk.author, at=NOON)
    published(desk, used.id)

    with pytest.raises(NotForPractice):
        practice.respond(
            uuid4(),
            version_id=draft.newest_version.id,
            chosen=["A"],
            learner_id=learner,
            at=NOON,
        )
    with pytest.raises(VersionOutdated):
        respond(learner, shown, "切断电源")
    assert one_shown(learner).stem == "新题干"


def test_practice_is_by_role_item_and_topic() -> None:
    desk = a_desk()
    a_published_question(desk, a_content(stem="电工"), tags=(ELECTRICIAN,))
    a_published_question(desk, a_content(stem="通用", topic="法规"), tags=(ANY_SPECIAL,))
    a_published_question(desk, a_content(stem="安管", topic="法规"), tags=(MANAGER,))
    learner = a_learner()
    worker = PostRole.SPECIAL_OPERATIONS_WORKER

    def stems(**wanted: object) -> set[str]:
        return {one.stem for one in practice.next_questions(learner, **wanted, at=NOON)}  # type: ignore[arg-type]  # a table of cases

    assert stems() == {"电工", "通用", "安管"}
    assert stems(role=worker) == {"电工", "通用"}
    assert stems(role=worker, operation_item="2.1") == {"通用"}
    assert stems(topic="法规") == {"通用", "安管"}
    assert practice.topics() == ["急救", "法规"]
    assert practice.topics(role=PostRole.SAFETY_MANAGER) == ["法规"]


def test_new_questions_come_first_then_the_longest_ago() -> None:
    desk = a_desk()
    for stem in ("甲", "乙", "丙"):
        a_published_question(desk, a_content(stem=stem))
    learner = a_learner()
    by_stem = {one.stem: one for one in practice.next_questions(learner, at=NOON)}
    respond(learner, by_stem["乙"], "切断电源", minutes=1)
    respond(learner, by_stem["甲"], "切断电源", minutes=2)

    assert [one.stem for one in practice.next_questions(learner, at=NOON)] == ["丙", "乙", "甲"]
    assert len(practice.next_questions(learner, limit=2, at=NOON)) == 2


def wrong(desk: Desk, learner: UUID, stem: str, minutes: int) -> ShownQuestion:
    """Publish a question and respond to it wrongly."""
    a_published_question(desk, a_content(stem=stem))
    shown = next(
        one for one in practice.next_questions(learner, limit=50, at=NOON) if one.stem == stem
    )
    assert respond(learner, shown, "离开现场", minutes=minutes).in_wrong_book
    return shown


def test_the_wrong_question_book_lists_the_latest_first_without_keys() -> None:
    desk, learner = a_desk(), a_learner()
    for minute, stem in enumerate(("甲", "乙", "丙")):
        wrong(desk, learner, stem, minute)

    first = books.wrong_questions(learner, limit=2)
    second = books.wrong_questions(learner, limit=2, cursor=first.next_cursor)

    assert [one.question.stem for one in (*first.items, *second.items)] == ["丙", "乙", "甲"]
    assert all(type(one.question) is ShownQuestion for one in first.items)
    assert books.wrong_questions(a_learner()).items == []


def test_a_question_leaves_the_book_after_two_right_responses_in_a_row() -> None:
    desk, learner = a_desk(), a_learner()
    shown = wrong(desk, learner, "甲", 0)

    assert respond(learner, shown, "切断电源", minutes=1).in_wrong_book
    assert not respond(learner, shown, "切断电源", minutes=2).in_wrong_book
    assert books.wrong_questions(learner).items == []


def test_a_learner_can_take_a_question_out_of_the_book() -> None:
    desk, learner = a_desk(), a_learner()
    shown = wrong(desk, learner, "甲", 0)

    books.forget(shown.question_id, learner_id=learner)

    assert books.wrong_questions(learner).items == []
    with pytest.raises(NotFound):
        books.forget(uuid4(), learner_id=learner)


def test_the_book_shows_the_version_in_use_and_nothing_retired() -> None:
    desk, learner = a_desk(), a_learner()
    shown = wrong(desk, learner, "甲", 0)
    gone = wrong(desk, learner, "乙", 1)
    questions.revise(shown.question_id, a_content(stem="甲二"), by=desk.author, at=NOON)
    published(desk, shown.question_id)
    moves.move(gone.question_id, Move.RETIRE, by=desk.reviewer, at=NOON)

    assert [one.question.stem for one in books.wrong_questions(learner).items] == ["甲二"]


def test_what_comes_next_takes_one_statement_and_a_response_six(count_statements) -> None:
    desk, learner = a_desk(), a_learner()
    for _ in range(5):
        a_published_question(desk)

    with count_statements() as sent:
        shown = practice.next_questions(learner, at=NOON)
    assert len(sent) == 1, sent
    practice.let_see(shown, learner, at=NOON)

    with count_statements() as sent:
        respond(learner, shown[0], "切断电源")
    assert len(sent) == 6, sent
    assert not any(isinstance(one, QuestionVersion) for one in shown)
