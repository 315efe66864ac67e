"""Addresses of the law library and of questions on repealed law (法规库接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from question_bank.errors import (
    EndBeforeBeginning,
    ReplacedByItself,
    RestsOnNothingRepealed,
    ReviewerIsAuthor,
)
from question_bank.models import Law, LawArticle
from question_bank.schemas.laws import (
    LawArticleIn,
    LawArticleOut,
    LawArticlesOut,
    LawClearanceIn,
    LawEndIn,
    LawIn,
    LawOut,
    LawQuery,
    LawReachOut,
    LawReachQuery,
    LawTiesIn,
    RestingOut,
    RestingQuery,
)
from question_bank.services import laws, resting
from question_bank.services.resting import Reach, Resting
from server import clock, days
from server.access import identity, requires, signed_in_only
from server.audit.errors import NumberNotMasked
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.paging import Page
from server.policy import Permission

views = Part("laws", "The law library, and questions on repealed law 法规库与依据已废止的试题")


@views.route("/laws")
@signed_in_only
@views.arguments(LawQuery, location="query")
@views.page(LawOut)
def list_laws(query: dict[str, Any]) -> Page:
    """List laws, regulations and standards, by title."""
    return laws.listed(**query)


@views.route("/laws/<uuid:law_id>")
@signed_in_only
@views.response(200, LawOut)
def show_law(law_id: UUID) -> Law:
    """Show a law."""
    return laws.get(law_id)


@views.route("/laws/<uuid:law_id>/articles")
@signed_in_only
@views.response(200, LawArticlesOut)
def list_law_articles(law_id: UUID) -> dict[str, list[LawArticle]]:
    """List the articles of a law, past wordings among them."""
    return {"articles": laws.articles_of(law_id)}


@views.route("/laws/<uuid:law_id>/reach")
@requires(Permission.KEEP_LAWS)
@views.arguments(LawReachQuery, location="query")
@views.response(200, LawReachOut)
def show_reach_of_law(query: dict[str, Any], law_id: UUID) -> Reach:
    """Say how many questions rest on a law or on one of its articles: what its end would mark."""
    return resting.reach(law_id, **query)


@views.route("/laws/<uuid:law_id>", methods=["PUT"])
@requires(Permission.KEEP_LAWS)
@views.arguments(LawIn)
@views.response(200, LawOut)
@views.refuses(IdTaken, EndBeforeBeginning)
def write_law(body: dict[str, Any], law_id: UUID) -> Law:
    """Enter a law under the id given, or correct the entry."""
    by = identity()
    with transaction():
        return laws.write(law_id, **body, by=by, at=clock.now())


@views.route("/laws/<uuid:law_id>/end", methods=["PUT"])
@requires(Permission.KEEP_LAWS)
@views.arguments(LawEndIn)
@views.response(200, LawOut)
@views.refuses(EndBeforeBeginning, ReplacedByItself, NumberNotMasked)
def end_law(body: dict[str, Any], law_id: UUID) -> Law:
    """Say when a law ended and what replaced it; questions that rest on it are marked."""
    by = identity()
    with transaction():
        return laws.end(law_id, **body, by=by, at=clock.now())


@views.route("/laws/<uuid:law_id>/articles/<uuid:article_id>", methods=["PUT"])
@requires(Permission.KEEP_LAWS)
@views.arguments(LawArticleIn)
@views.response(200, LawArticleOut)
@views.refuses(IdTaken, EndBeforeBeginning)
def write_law_article(body: dict[str, Any], law_id: UUID, article_id: UUID) -> LawArticle:
    """Enter an article under the id given, or correct the entry."""
    by = identity()
    with transaction():
        return laws.write_article(law_id, article_id, **body, by=by, at=clock.now())


@views.route("/law-articles/<uuid:article_id>/end", methods=["PUT"])
@requires(Permission.KEEP_LAWS)
@views.arguments(LawEndIn)
@views.response(200, LawArticleOut)
@views.refuses(EndBeforeBeginning, ReplacedByItself, NumberNotMasked)
def end_law_article(body: dict[str, Any], article_id: UUID) -> LawArticle:
    """Say when an article ended and which one replaced it."""
    by = identity()
    with transaction():
        return laws.end_article(article_id, **body, by=by, at=clock.now())


@views.route("/questions-on-law")
@requires(Permission.SEE_QUESTIONS)
@views.arguments(RestingQuery, location="query")
@views.page(RestingOut)
def list_questions_on_law(query: dict[str, Any]) -> Page:
    """List the questions that rest on repealed law, with what they rest on and since when."""
    on = query.pop("on") or days.civil_day(clock.now())
    return resting.listed(identity().scope(Permission.SEE_QUESTIONS), on=on, **query)


@views.route("/me/questions-on-law")
@requires(Permission.WRITE_QUESTIONS)
@views.arguments(RestingQuery(only=("cursor", "limit")), location="query")
@views.page(RestingOut)
def list_own_questions_on_law(query: dict[str, Any]) -> Page:
    """List what the author wrote that rests on repealed law today: the list of work to do."""
    by, on = identity(), days.civil_day(clock.now())
    scope = by.scope(Permission.WRITE_QUESTIONS)
    return resting.listed(scope, on=on, author_id=by.person_id, **query)


@views.route("/questions/<uuid:question_id>/law")
@requires(Permission.SEE_QUESTIONS)
@views.response(200, RestingOut)
def show_law_of_question(question_id: UUID) -> Resting:
    """Show what the newest version of a question rests on."""
    scope = identity().scope(Permission.SEE_QUESTIONS)
    return resting.of_question(question_id, scope=scope, on=days.civil_day(clock.now()))


@views.route("/questions/<uuid:question_id>/law", methods=["PUT"])
@requires(Permission.WRITE_QUESTIONS)
@views.arguments(LawTiesIn)
@views.response(200, RestingOut)
def tie_question_to_law(body: dict[str, Any], question_id: UUID) -> Resting:
    """Tie the newest version to laws and articles; what it cites and says is found by itself."""
    by = identity()
    with transaction():
        return resting.tie(question_id, body["ties"], by=by, at=clock.now())


@views.route("/questions/<uuid:question_id>/law-clearance", methods=["PUT"])
@requires(Permission.REVIEW_QUESTIONS)
@views.arguments(LawClearanceIn)
@views.response(200, RestingOut)
@views.refuses(ReviewerIsAuthor, RestsOnNothingRepealed)
def clear_question_of_law(body: dict[str, Any], question_id: UUID) -> Resting:
    """Find that the newest version holds under the law of today; its author cannot."""
    by = identity()
    with transaction():
        return resting.clear(question_id, reason=body["reason"], by=by, at=clock.now())
