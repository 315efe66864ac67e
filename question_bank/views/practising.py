"""Addresses of practice (练习接口): one's own questions, responses and wrong-question book."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from question_bank.errors import NotForPractice, VersionOutdated
from question_bank.schemas.practice import (
    PracticeQuery,
    PracticeQuestionsOut,
    PracticeResponseIn,
    PracticeTopicsOut,
    PracticeVerdictOut,
    WhomQuery,
    WrongQuestionOut,
)
from question_bank.services import practice
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
def list_practice_questions(query: dict[str, Any]) -> dict[str, Any]:
    """List what to practise next, without keys: new questions first, then the longest ago."""
    return {"questions": practice.next_questions(identity().person_id, **query)}


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
@views.refuses(NotForPractice, VersionOutdated, IdTaken)
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
    return practice.wrong_questions(identity().person_id, **query)


@views.route("/me/wrong-questions/<uuid:question_id>", methods=["DELETE"])
@requires(Permission.PRACTISE)
@views.response(204)
def forget_wrong_question(question_id: UUID) -> None:
    """Take a question out of one's wrong-question book."""
    learner_id = identity().person_id
    with transaction():
        practice.forget(question_id, learner_id=learner_id)
