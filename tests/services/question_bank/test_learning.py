"""Learning: the day's allowance under many phones, favourites, repetition, progress by topic."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from question_bank import allowance, folding
from question_bank.allowance import Allowance
from question_bank.errors import MockExamsUsed, PracticeAllowanceUsed
from question_bank.models import PracticeDay, PracticeShowing, QuestionVersion
from question_bank.repetition import Recall
from question_bank.services import books, practice, settling, showing
from question_bank.services.practice import Way
from server.days import civil_day
from server.db import db, transaction
from server.errors import NotFound
from tests.factories.auth import a_person
from tests.factories.question_bank import MANAGER, a_content, a_desk, a_published_question
from tests.moments import NOON

DAY = timedelta(days=1)


@pytest.fixture
def five_a_day(monkeypatch):
    """Let the dated data say five questions and two mock exams a day."""
    rule = Allowance(
        effective_from=civil_day(NOON), questions_a_day=5, mock_exams_a_day=2, source="测试"
    )
    monkeypatch.setattr(allowance, "_shipped", lambda: (rule,))


def questions(count: int, *, topic: str = "急救", desk=None):
    """Publish questions; return their newest versions."""
    desk = desk or a_desk()
    made = [
        a_published_question(desk, a_content(f"题干 {uuid4()}", topic=topic)) for _ in range(count)
    ]
    return [one.newest_version for one in made]


def ids(versions: list[QuestionVersion]):
    """Return the ids of versions."""
    return [one.id for one in versions]


def test_a_question_counts_once_a_day(inside, five_a_day):
    learner, versions = a_person().id, questions(4)

    first = showing.let_see(learner, ids(versions), at=NOON)
    again = showing.let_see(learner, ids(versions), at=NOON)

    assert first == again == set(ids(versions))
    assert showing.left_today(learner, at=NOON) == (1, 2)
    assert showing.all_seen(learner, ids(versions), at=NOON)


def test_after_the_allowance_nothing_new_is_shown_until_tomorrow(inside, five_a_day):
    learner, versions = a_person().id, questions(8)

    shown = showing.let_see(learner, ids(versions), at=NOON)

    assert shown == set(ids(versions)[:5])
    with pytest.raises(PracticeAllowanceUsed):
        showing.let_see(learner, ids(versions)[5:], at=NOON)
    assert len(showing.let_see(learner, ids(versions)[5:], at=NOON + DAY)) == 3


def test_the_key_of_what_was_not_shown_costs_as_much(inside, five_a_day):
    learner, versions = a_person().id, questions(6)

    for version in versions[:5]:
        respond(learner, version)

    with pytest.raises(PracticeAllowanceUsed):
        respond(learner, versions[5])


def test_a_response_to_what_was_shown_yesterday_is_free(inside, five_a_day):
    learner, versions = a_person().id, questions(5)
    showing.let_see(learner, ids(versions), at=NOON)

    respond(learner, versions[0], at=NOON + DAY)

    assert showing.left_today(learner, at=NOON + DAY) == (5, 2)


def respond(learner, version, *, right=True, at=NOON, recall=Recall.GOOD):
    """Respond rightly or wrongly."""
    order = practice.shown(version, learner).options
    text = "切断电源" if right else "离开现场"
    label = next(option["label"] for option in order if option["text"] == text)
    return practice.respond(
        uuid4(), version_id=version.id, chosen=[label], learner_id=learner, at=at, recall=recall
    )


def test_mock_exams_have_an_allowance_of_their_own(inside, five_a_day):
    learner, versions = a_person().id, questions(7)

    showing.begin_mock_exam(learner, ids(versions), at=NOON)
    showing.begin_mock_exam(learner, ids(versions), at=NOON)

    assert showing.left_today(learner, at=NOON) == (5, 0)
    assert showing.exposure(ids(versions)) == 7
    with pytest.raises(MockExamsUsed):
        showing.begin_mock_exam(learner, ids(versions), at=NOON)


def test_many_phones_at_once_share_one_allowance(app, writing, five_a_day):
    with writing():
        learner, versions = a_person().id, ids(questions(24))
    gate = Barrier(6)

    def phone(number):
        with app.app_context():
            gate.wait()
            try:
                with transaction():
                    mine = versions[number * 4 : number * 4 + 4]
                    return len(showing.let_see(learner, mine, at=NOON))
            except (PracticeAllowanceUsed, OperationalError) as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(phone, range(6)))

    assert sum(one for one in told if isinstance(one, int)) == 5
    assert sum(isinstance(one, PracticeAllowanceUsed) for one in told) == 4
    with app.app_context():
        assert db.session.get_one(PracticeDay, (learner, civil_day(NOON))).shown_count == 5
        rows = select(func.count()).select_from(PracticeShowing)
        assert db.session.execute(rows).scalar_one() == 5


def test_who_saw_what_is_let_go_of_after_a_week_and_the_count_stays(app, writing):
    with writing():
        people, versions = [a_person().id for _ in range(3)], ids(questions(2))
        for person in people:
            showing.let_see(person, versions, at=NOON)
        showing.let_see(people[0], versions[:1], at=NOON + 8 * DAY)

    with app.app_context():
        gone = folding.fold(NOON + 8 * DAY)
        again = folding.fold(NOON + 8 * DAY)

        assert (gone, again) == (6, 0)
        assert showing.exposure(versions) == 7
        later = folding.fold(NOON + 30 * DAY)
        assert later == 1
        assert showing.exposure(versions) == 7


def test_a_favourite_is_what_one_has_met(inside):
    learner, other = a_person().id, a_person().id
    [version] = questions(1)
    showing.let_see(learner, [version.id], at=NOON)

    kept = books.keep(version.question_id, learner_id=learner, at=NOON)
    again = books.keep(version.question_id, learner_id=learner, at=NOON + DAY)

    assert kept.question.version_id == version.id
    assert again.added_at == kept.added_at == NOON
    assert len(books.favourites(learner).items) == 1
    with pytest.raises(NotFound):
        books.keep(version.question_id, learner_id=other, at=NOON)
    books.drop(version.question_id, learner_id=learner)
    assert books.favourites(learner).items == []
    with pytest.raises(NotFound):
        books.drop(version.question_id, learner_id=learner)


def test_what_is_due_comes_back_and_what_is_not_stays_away(inside):
    learner = a_person().id
    known, unknown, new = questions(3)
    respond(learner, known)
    respond(learner, unknown, right=False)

    def due(days):
        at = NOON + days * DAY
        found = practice.next_questions(learner, at=at, way=Way.DUE)
        return {one.version_id for one in found}

    assert due(0) == set()
    assert due(1) == {known.id, unknown.id}
    respond(learner, known, at=NOON + DAY)
    assert due(2) == {unknown.id}
    assert due(7) == {known.id, unknown.id}
    assert new.id not in due(30)


def test_one_goes_through_the_wrong_book_or_the_favourites(inside):
    learner = a_person().id
    wrong, liked, _other = questions(3)
    respond(learner, wrong, right=False)
    respond(learner, liked)
    books.keep(liked.question_id, learner_id=learner, at=NOON)

    def through(way):
        return [one.version_id for one in practice.next_questions(learner, at=NOON, way=way)]

    assert through(Way.WRONG) == [wrong.id]
    assert through(Way.FAVOURITES) == [liked.id]


def test_progress_is_told_by_topic_and_role(inside):
    learner, desk = a_person().id, a_desk()
    first, second, third = questions(3, topic="急救", desk=desk)
    questions(2, topic="消防", desk=desk)
    respond(learner, first)
    respond(learner, first, at=NOON + DAY)
    respond(learner, second, right=False)
    settling.settle(learner, third.question_id, correct=True, recall=Recall.GOOD, at=NOON - 9 * DAY)

    told = books.progress(learner, at=NOON + DAY)
    nothing = books.progress(learner, at=NOON, role=MANAGER.role)

    fire, aid = sorted(told.topics, key=lambda one: one.question_count)
    assert (fire.topic, fire.question_count, fire.practised_count) == ("消防", 2, 0)
    assert (aid.topic, aid.question_count, aid.practised_count) == ("急救", 3, 3)
    assert (aid.right_count, aid.mastered_count, aid.wrong_book_count) == (2, 1, 1)
    assert aid.due_count == 2
    assert nothing.topics == []
