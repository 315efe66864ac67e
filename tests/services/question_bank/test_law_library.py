"""Laws end, and whatever rests on them is marked and drawn no more until somebody has looked."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from question_bank.errors import (
    RestsOnNothingRepealed,
    ReviewerIsAuthor,
)
from question_bank.lifecycle import Move
from question_bank.services import (
    drawing,
    law_reference,
    laws,
    moves,
    practice,
    questions,
    resting,
)
from question_bank.services.laws import End
from question_bank.services.resting import Tie
from server.days import civil_day
from server.errors import Invalid, NotFound
from server.policy import Role
from server.scopes import EVERYWHERE
from tests.factories.laws import a_law, an_article
from tests.factories.question_bank import a_content, a_desk, a_published_question, an_identity
from tests.moments import NOON

TODAY = civil_day(NOON)
OLD, NEW = "special_operations_order_30", "special_operations_order_19"
REVIEW = "特种作业操作证每（）年复审1次。"

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def keeper():
    """Somebody who keeps laws everywhere."""
    return an_identity(Role.REVIEWER)


@pytest.fixture
def library():
    law_reference.load(at=NOON)


def drawn(sat_on=None):
    return {one.question_id for one in drawing.published_for_exams(on=TODAY, sat_on=sat_on)}


def grounds(question, on=TODAY):
    shown = resting.of_question(question.id, on=on)
    return [(one.reliance.law.code, one.reliance.origin.value) for one in shown.grounds]


def test_a_question_that_says_review_every_three_years_turns_up(library) -> None:
    desk = a_desk()
    old = a_published_question(desk, a_content(REVIEW, law_citation=None))
    a_published_question(desk, a_content("灭火器每年检查几次？", law_citation=None))

    found = resting.listed(EVERYWHERE, on=TODAY).items

    assert [one.version.question_id for one in found] == [old.id]
    (ground,) = found[0].grounds
    assert ground.ended_on == date(2026, 5, 31)
    assert ground.reliance.article.ordinal == 21
    assert ground.reliance.article.replaced_by_id == law_reference.article_id(NEW, "renewal")
    assert "换证" in ground.reliance.phrase.note
    assert old.id not in drawn()


def test_what_counts_is_the_law_of_the_day_on_which_the_paper_is_sat(library) -> None:
    old = a_published_question(a_desk(), a_content(REVIEW, law_citation=None))

    assert old.id in drawn(sat_on=date(2026, 5, 31))
    assert old.id not in drawn(sat_on=date(2026, 6, 1))
    assert resting.listed(EVERYWHERE, on=date(2026, 5, 31)).items == []


def test_a_citation_means_the_edition_in_force_when_it_was_written(library) -> None:
    desk = a_desk()
    named = "《特种作业人员安全技术培训考核管理规定》"
    undated = a_published_question(desk, a_content("甲", law_citation=f"{named}第三条"))
    numbered = a_published_question(
        desk, a_content("乙", law_citation=f"{named}（安监总局令第30号）第三十二条")
    )
    unknown = a_published_question(desk, a_content("丙", law_citation="《某某街道通知》"))

    assert grounds(undated) == [(NEW, "cited")]
    assert grounds(numbered) == [(OLD, "cited")]
    assert grounds(unknown) == []
    assert drawn() == {undated.id, unknown.id}


def test_who_cites_the_successor_asks_about_the_change(library) -> None:
    order_19 = "《特种作业人员安全技术培训考核管理规定》（应急管理部令第19号）"
    stem = "2026年6月1日以后，特种作业操作证仍须复审。"
    question = a_published_question(a_desk(), a_content(stem, law_citation=order_19))

    assert grounds(question) == [(NEW, "cited")]
    assert question.id in drawn()


def test_when_an_article_is_repealed_every_question_that_cites_it_is_listed(keeper) -> None:
    law, desk = a_law(keeper), a_desk()
    fifth, sixth = an_article(keeper, law, 5), an_article(keeper, law, 6)
    on_fifth = a_published_question(desk, a_content("五", law_citation="《某某规定》第五条"))
    on_sixth = a_published_question(desk, a_content("六", law_citation="《某某规定》第六条"))
    assert drawn() == {on_fifth.id, on_sixth.id}

    yesterday = TODAY - timedelta(days=1)
    ending = End(valid_until=yesterday, replaced_by_id=sixth.id)
    ended = laws.end_article(fifth.id, ending, by=keeper, at=NOON)

    assert (ended.valid_until, ended.replaced_by_id) == (yesterday, sixth.id)
    listed = resting.listed(EVERYWHERE, on=TODAY, author_id=desk.author.person_id).items
    assert [one.version.question_id for one in listed] == [on_fifth.id]
    assert drawn() == {on_sixth.id}
    everything = resting.listed(EVERYWHERE, on=TODAY, law_id=law.id, repealed_only=False).items
    assert len(everything) == 2
    assert resting.listed(EVERYWHERE, on=TODAY, author_id=uuid4()).items == []
    assert resting.listed(EVERYWHERE, on=TODAY, bank_id=uuid4()).items == []


def test_a_learner_practises_what_rests_on_a_law(keeper) -> None:
    law, desk = a_law(keeper), a_desk()
    on_it = a_published_question(desk, a_content("五", law_citation="《某某规定》第五条"))
    a_published_question(desk, a_content("别的", law_citation=None))
    learner = an_identity(Role.WORKER).person_id

    found = practice.next_questions(learner, at=NOON, law_id=law.id)

    assert [one.question_id for one in found] == [on_it.id]
    assert practice.next_questions(learner, at=NOON, law_id=uuid4()) == []


def test_the_last_day_still_counts(keeper) -> None:
    law = a_law(keeper)
    question = a_published_question(a_desk(), a_content("题", law_citation="《某某规定》"))
    laws.end(law.id, End(valid_until=TODAY), by=keeper, at=NOON)

    assert question.id in drawn(sat_on=TODAY)
    assert question.id not in drawn(sat_on=TODAY + timedelta(days=1))


def test_a_law_entered_later_finds_the_questions_that_cite_it(keeper) -> None:
    question = a_published_question(a_desk(), a_content("题", law_citation="《某某规定》第五条"))
    assert grounds(question) == []

    law = a_law(keeper)
    assert grounds(question) == [(law.code, "cited")]

    article = an_article(keeper, law)
    (ground,) = resting.of_question(question.id, on=TODAY).grounds
    assert ground.reliance.article_id == article.id


def test_a_reviewer_who_looked_again_clears_a_question_until_law_ends_anew(library, keeper) -> None:
    desk = a_desk()
    question = a_published_question(desk, a_content(REVIEW, law_citation="《某某规定》第五条"))
    law = a_law(keeper)

    cleared = resting.clear(question.id, reason="仅考历史规定", by=desk.reviewer, at=NOON)

    assert not cleared.rests_on_repealed_law
    assert [one.reason for one in cleared.clearances] == ["仅考历史规定"]
    assert question.id in drawn()
    again = resting.clear(question.id, reason="再次", by=desk.reviewer, at=NOON)
    assert len(again.clearances) == 1

    laws.end(law.id, End(valid_until=TODAY), by=keeper, at=NOON)
    assert question.id not in drawn(sat_on=TODAY + timedelta(days=1))
    later = NOON + timedelta(days=1)
    resting.clear(question.id, reason="再核", by=desk.reviewer, at=later)
    assert question.id in drawn(sat_on=TODAY + timedelta(days=1))


def test_who_wrote_a_version_cannot_clear_it(library) -> None:
    desk = a_desk()
    both = an_identity(Role.AUTHOR, Role.REVIEWER, within=desk.owner)
    own = questions.write(
        uuid4(),
        a_content(REVIEW),
        bank_id=desk.bank.id,
        tags=(),
        for_practice=True,
        for_exams=True,
        by=both,
        at=NOON,
    )

    with pytest.raises(ReviewerIsAuthor):
        resting.clear(own.id, reason="我看没问题", by=both, at=NOON)


def test_where_nothing_ended_there_is_nothing_to_clear(library) -> None:
    desk = a_desk()
    question = a_published_question(desk)

    with pytest.raises(RestsOnNothingRepealed):
        resting.clear(question.id, reason="无", by=desk.reviewer, at=NOON)


def test_revising_a_question_takes_the_mark_away_once_the_new_version_is_published(library) -> None:
    desk = a_desk()
    question = a_published_question(desk, a_content(REVIEW, law_citation=None))
    better = a_content("特种作业操作证有效期为（）年。", law_citation=None)
    questions.revise(question.id, better, by=desk.author, at=NOON)

    assert len(resting.listed(EVERYWHERE, on=TODAY).items) == 1, "the old version is still in use"

    moves.move(question.id, Move.SUBMIT, by=desk.author, at=NOON)
    moves.move(question.id, Move.PUBLISH, by=desk.reviewer, at=NOON)
    assert resting.listed(EVERYWHERE, on=TODAY).items == []
    assert question.id in drawn()


def test_a_question_is_tied_to_articles_by_hand(keeper) -> None:
    law, desk = a_law(keeper), a_desk()
    article = an_article(keeper, law)
    question = a_published_question(desk, a_content("题", law_citation=None))
    ties = [Tie(law_id=law.id, article_id=article.id)]

    tied = resting.tie(question.id, ties, by=desk.author, at=NOON)
    laws.end(law.id, End(valid_until=date(2026, 1, 1)), by=keeper, at=NOON)

    assert [one.reliance.article_id for one in tied.grounds] == [article.id]
    assert question.id not in drawn()
    resting.tie(question.id, [], by=desk.author, at=NOON)
    assert question.id in drawn()
    wrong = [Tie(law_id=a_law(keeper, title="别的规定").id, article_id=article.id)]
    with pytest.raises(Invalid):
        resting.tie(question.id, wrong, by=desk.author, at=NOON)
    with pytest.raises(NotFound):
        resting.tie(question.id, [Tie(law_id=uuid4())], by=desk.author, at=NOON)
