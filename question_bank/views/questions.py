"""Addresses of banks, questions and their versions (题库与试题接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from question_bank.errors import AlreadyInBank, MoveNotOpen, QuestionUnsound, ReviewerIsAuthor
from question_bank.lifecycle import Move
from question_bank.models import Question, QuestionBank
from question_bank.schemas.questions import (
    HoldingsOut,
    QuestionBankIn,
    QuestionBankOut,
    QuestionBankQuery,
    QuestionForAuthor,
    QuestionIn,
    QuestionPlaceIn,
    QuestionSelectionIn,
    QuestionsMovedOut,
    QuestionVersionIn,
    QuestionVersionsOut,
)
from question_bank.schemas.searching import QuestionQuery
from question_bank.services import banks, finding, holdings, moves, questions
from question_bank.services.holdings import Holding
from question_bank.services.moves import Moved
from server import clock, days
from server.access import identity, requires
from server.audit.errors import NumberNotMasked
from server.audit.schemas import WhyIn
from server.catalogue.errors import OperationItemUnknown
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.paging import Page
from server.policy import Permission
from server.scopes import Scope
from server.training.errors import NotInPool

views = Part("questions", "Question banks, questions, versions 题库与试题")


def _seen() -> Scope:
    return identity().scope(Permission.SEE_QUESTIONS)


@views.route("/question-banks")
@requires(Permission.SEE_QUESTIONS)
@views.arguments(QuestionBankQuery, location="query")
@views.page(QuestionBankOut)
def list_banks(query: dict[str, Any]) -> Page:
    """List the banks one may see, by name."""
    return banks.listed(_seen(), **query)


@views.route("/question-banks/<uuid:bank_id>")
@requires(Permission.SEE_QUESTIONS)
@views.response(200, QuestionBankOut)
def show_bank(bank_id: UUID) -> QuestionBank:
    """Show a bank."""
    return banks.get(bank_id, scope=_seen())


@views.route("/question-banks/<uuid:bank_id>/holdings")
@requires(Permission.SEE_QUESTIONS)
@views.response(200, HoldingsOut)
def show_holdings(bank_id: UUID) -> dict[str, list[Holding]]:
    """Show how many questions a bank holds, by kind, topic and state."""
    return {"items": holdings.of(bank_id, scope=_seen())}


@views.route("/question-banks/<uuid:bank_id>", methods=["PUT"])
@requires(Permission.WRITE_QUESTIONS)
@views.arguments(QuestionBankIn)
@views.response(200, QuestionBankOut)
@views.refuses(IdTaken)
def open_bank(body: dict[str, Any], bank_id: UUID) -> QuestionBank:
    """Open a bank under the id given, or rename it."""
    by = identity()
    with transaction():
        return banks.start(bank_id, **body, by=by, at=clock.now())


@views.route("/questions")
@requires(Permission.SEE_QUESTIONS)
@views.arguments(QuestionQuery, location="query")
@views.page(QuestionForAuthor)
def list_questions(query: dict[str, Any]) -> Page:
    """Find questions by text, tags, law and figures; the oldest first, with newest versions."""
    return finding.listed(_seen(), on=days.civil_day(clock.now()), **query)


@views.route("/questions/<uuid:question_id>")
@requires(Permission.SEE_QUESTIONS)
@views.response(200, QuestionForAuthor)
def show_question(question_id: UUID) -> Question:
    """Show a question with its newest version."""
    return finding.get(question_id, scope=_seen())


@views.route("/questions/<uuid:question_id>", methods=["PUT"])
@requires(Permission.WRITE_QUESTIONS)
@views.arguments(QuestionIn)
@views.response(200, QuestionForAuthor)
@views.refuses(IdTaken, AlreadyInBank, QuestionUnsound, OperationItemUnknown, NotInPool)
def write_question(body: dict[str, Any], question_id: UUID) -> Question:
    """Write a question under the id given, as a draft."""
    by = identity()
    with transaction():
        return questions.write(question_id, **body, by=by, at=clock.now())


@views.route("/questions/<uuid:question_id>/versions")
@requires(Permission.SEE_QUESTIONS)
@views.response(200, QuestionVersionsOut)
def list_versions(question_id: UUID) -> dict[str, Any]:
    """List every version of a question, the oldest first."""
    return {"versions": finding.versions_of(question_id, scope=_seen())}


@views.route("/questions/<uuid:question_id>/newest-version", methods=["PUT"])
@requires(Permission.WRITE_QUESTIONS)
@views.arguments(QuestionVersionIn)
@views.response(200, QuestionForAuthor)
@views.refuses(AlreadyInBank, QuestionUnsound, MoveNotOpen, NotInPool)
def revise_question(body: dict[str, Any], question_id: UUID) -> Question:
    """Write the next version; the one in use stays until the new one is published."""
    by = identity()
    with transaction():
        return questions.revise(question_id, body["content"], by=by, at=clock.now())


@views.route("/questions/<uuid:question_id>/place", methods=["PUT"])
@requires(Permission.WRITE_QUESTIONS)
@views.arguments(QuestionPlaceIn)
@views.response(200, QuestionForAuthor)
@views.refuses(OperationItemUnknown)
def place_question(body: dict[str, Any], question_id: UUID) -> Question:
    """Say whom a question serves and in which pools it is."""
    by = identity()
    with transaction():
        return questions.place(question_id, **body, by=by, at=clock.now())


@views.route("/questions/<uuid:question_id>/review-request", methods=["PUT"])
@requires(Permission.WRITE_QUESTIONS)
@views.response(200, QuestionForAuthor)
@views.refuses(MoveNotOpen)
def submit_question(question_id: UUID) -> Question:
    """Hand a question to review."""
    return _move(question_id, Move.SUBMIT)


@views.route("/questions/<uuid:question_id>/return", methods=["PUT"])
@requires(Permission.REVIEW_QUESTIONS)
@views.response(200, QuestionForAuthor)
@views.refuses(MoveNotOpen)
def send_question_back(question_id: UUID) -> Question:
    """Give a question back to its author."""
    return _move(question_id, Move.SEND_BACK)


@views.route("/questions/<uuid:question_id>/publication", methods=["PUT"])
@requires(Permission.REVIEW_QUESTIONS)
@views.response(200, QuestionForAuthor)
@views.refuses(MoveNotOpen, ReviewerIsAuthor)
def publish_question(question_id: UUID) -> Question:
    """Put the newest version of a question to use; its author cannot."""
    return _move(question_id, Move.PUBLISH)


@views.route("/questions/<uuid:question_id>/retirement", methods=["PUT"])
@requires(Permission.REVIEW_QUESTIONS)
@views.arguments(WhyIn, required=False)
@views.response(200, QuestionForAuthor)
@views.refuses(MoveNotOpen, NumberNotMasked)
def retire_question(body: dict[str, Any], question_id: UUID) -> Question:
    """Take a question out of use; what was asked stays readable, and the audit keeps why."""
    return _move(question_id, Move.RETIRE, **body)


@views.route("/question-review-requests", methods=["PUT"])
@requires(Permission.WRITE_QUESTIONS)
@views.arguments(QuestionSelectionIn)
@views.response(200, QuestionsMovedOut)
def submit_questions(body: dict[str, Any]) -> Moved:
    """Hand many questions to review; those that cannot are told."""
    return _move_many(body, Move.SUBMIT)


@views.route("/question-publications", methods=["PUT"])
@requires(Permission.REVIEW_QUESTIONS)
@views.arguments(QuestionSelectionIn)
@views.response(200, QuestionsMovedOut)
def publish_questions(body: dict[str, Any]) -> Moved:
    """Put many questions to use; those that cannot are told."""
    return _move_many(body, Move.PUBLISH)


@views.route("/question-retirements", methods=["PUT"])
@requires(Permission.REVIEW_QUESTIONS)
@views.arguments(QuestionSelectionIn)
@views.response(200, QuestionsMovedOut)
def retire_questions(body: dict[str, Any]) -> Moved:
    """Take many questions out of use; those that cannot are told."""
    return _move_many(body, Move.RETIRE)


def _move(question_id: UUID, what: Move, *, reason: str | None = None) -> Question:
    by = identity()
    with transaction():
        return moves.move(question_id, what, reason=reason, by=by, at=clock.now())


def _move_many(body: dict[str, Any], what: Move) -> Moved:
    by = identity()
    with transaction():
        return moves.move_many(body["question_ids"], what, by=by, at=clock.now())
