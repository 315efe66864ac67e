"""Addresses of practice (练习接口): one's own questions, responses and wrong-question book."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from question_bank.errors import (
    NoDailyQuestion,
    NotForPractice,
    PracticeAllowanceUsed,
    VersionOutdated,
)
from question_bank.schemas.practice import (
    DailyQuestionOut,
    FavouriteOut,
    PracticeLevelOut,
    PracticeQuery,
    PracticeQuestionsOut,
    PracticeResponseIn,
    PracticeTopicsOut,
    PracticeVerdictOut,
    ProgressOut,
    WhomQuery,
    WrongQuestionOut,
)
from question_bank.services import books, daily, practice, showing
from question_bank.services.books import Favourite, Progress
from question_bank.services.daily import Daily, Reached
from question_bank.services.practice import Verdict
from server import clock
from server.access import identity, requires
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.paging import Page, PageQuery
from server.policy import Permission

views = Part("practice", "Practice and the wrong-question book 练习与错题本")


@views.route("/me/practice-questions")
@requires(Permission.PRACTISE)
@views.arguments(PracticeQuery, location="query")
@views.response(200, PracticeQuestionsOut)
@views.refuses(PracticeAllowanceUsed)
def list_practice_questions(query: dict[str, Any]) -> dict[str, Any]:
    """List what to practise next, without keys, as far as the day's allowance goes."""
    learner_id, at = identity().person_id, clock.now()
    found = practice.next_questions(learner_id, at=at, **query)
    if showing.all_seen(learner_id, [one.version_id for one in found], at=at):
        return {"questions": found}
    with transaction():
        return {"questions": practice.let_see(found, learner_id, at=at)}


@views.route("/me/practice-topics")
@requires(Permission.PRACTISE)
@views.arguments(WhomQuery, location="query")
@views.response(200, PracticeTopicsOut)
def list_practice_topics(query: dict[str, Any]) -> dict[str, Any]:
    """List the topics that can be practised."""
    return {"topics": practice.topics(**query)}


@views.route("/me/practice-responses/<uuid:response_id>", methods=["PUT"])
@requires(Permission.PRACTISE)
@views.arguments(PracticeResponseIn)
@views.response(200, PracticeVerdictOut)
@views.refuses(NotForPractice, VersionOutdated, IdTaken, PracticeAllowanceUsed)
def respond_in_practice(body: dict[str, Any], response_id: UUID) -> Verdict:
    """Respond to a question, and see verdict, key and explanation."""
    learner_id = identity().person_id
    with transaction():
        return practice.respond(response_id, **body, learner_id=learner_id, at=clock.now())


@views.route("/me/wrong-questions")
@requires(Permission.PRACTISE)
@views.arguments(PageQuery, location="query")
@views.page(WrongQuestionOut)
def list_wrong_questions(query: dict[str, Any]) -> Page:
    """List one's wrong-question book, the latest first."""
    return books.wrong_questions(identity().person_id, **query)


@views.route("/me/wrong-questions/<uuid:question_id>", methods=["DELETE"])
@requires(Permission.PRACTISE)
@views.response(204)
def forget_wrong_question(question_id: UUID) -> None:
    """Take a question out of one's wrong-question book."""
    learner_id = identity().person_id
    with transaction():
        books.forget(question_id, learner_id=learner_id)


@views.route("/me/favourite-questions")
@requires(Permission.PRACTISE)
@views.arguments(PageQuery, location="query")
@views.page(FavouriteOut)
def list_favourite_questions(query: dict[str, Any]) -> Page:
    """List the questions one keeps at hand, the latest first."""
    return books.favourites(identity().person_id, **query)


@views.route("/me/favourite-questions/<uuid:question_id>", methods=["PUT"])
@requires(Permission.PRACTISE)
@views.response(200, FavouriteOut)
def keep_favourite_question(question_id: UUID) -> Favourite:
    """Keep a question at hand that one has met today or has practised."""
    learner_id = identity().person_id
    with transaction():
        return books.keep(question_id, learner_id=learner_id, at=clock.now())


@views.route("/me/favourite-questions/<uuid:question_id>", methods=["DELETE"])
@requires(Permission.PRACTISE)
@views.response(204)
def drop_favourite_question(question_id: UUID) -> None:
    """Keep a question at hand no longer."""
    learner_id = identity().person_id
    with transaction():
        books.drop(question_id, learner_id=learner_id)


@views.route("/me/practice-progress")
@requires(Permission.PRACTISE)
@views.arguments(WhomQuery, location="query")
@views.response(200, ProgressOut)
def show_practice_progress(query: dict[str, Any]) -> Progress:
    """Show how far one is, topic by topic, and what is left of today's allowance."""
    return books.progress(identity().person_id, at=clock.now(), **query)


@views.route("/me/daily-question")
@requires(Permission.PRACTISE)
@views.response(200, DailyQuestionOut)
@views.refuses(NoDailyQuestion, PracticeAllowanceUsed)
def show_daily_question() -> Daily:
    """Show the question of the day, the same for everybody; respond to it as in practice."""
    learner_id = identity().person_id
    with transaction():
        return daily.show(learner_id, at=clock.now())


@views.route("/me/practice-level")
@requires(Permission.PRACTISE)
@views.response(200, PracticeLevelOut)
def show_practice_level() -> Reached:
    """Show one's level: how many questions stay in the memory, not how many were tapped."""
    return daily.level(identity().person_id, on=clock.today())
