"""Addresses of comments, comparison, uses and actions upon many (审题接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from question_bank.differences import FieldDifference
from question_bank.errors import MoveNotOpen
from question_bank.models import BulkAction, QuestionComment
from question_bank.review_errors import BulkActionOver, QuestionInUse, UndoTooLate
from question_bank.schemas.review import (
    BulkActionIn,
    BulkActionOut,
    BulkActionRowOut,
    BulkRowQuery,
    ComparisonOut,
    ComparisonQuery,
    QuestionCommentIn,
    QuestionCommentOut,
    QuestionCommentsOut,
    QuestionUsesOut,
)
from question_bank.services import bulk, comments, uses
from question_bank.services.uses import Uses
from server import clock
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

views = Part("question review", "Comments, comparison, uses, bulk actions 审题、版本对比与批量操作")


def _seen() -> Scope:
    return identity().scope(Permission.SEE_QUESTIONS)


@views.route("/questions/<uuid:question_id>/comments")
@requires(Permission.SEE_QUESTIONS)
@views.response(200, QuestionCommentsOut)
def list_comments(question_id: UUID) -> dict[str, list[QuestionComment]]:
    """List what was said about a question, the oldest first."""
    return {"comments": comments.of(question_id, scope=_seen())}


@views.route("/questions/<uuid:question_id>/comments/<uuid:comment_id>", methods=["PUT"])
@requires(Permission.SEE_QUESTIONS)
@views.arguments(QuestionCommentIn)
@views.response(200, QuestionCommentOut)
@views.refuses(IdTaken)
def comment_question(body: dict[str, Any], question_id: UUID, comment_id: UUID) -> QuestionComment:
    """Say something about the newest version of a question."""
    by = identity()
    with transaction():
        return comments.say(question_id, comment_id, **body, by=by, at=clock.now())


@views.route("/question-comments/<uuid:comment_id>/settlement", methods=["PUT"])
@requires(Permission.SEE_QUESTIONS)
@views.response(200, QuestionCommentOut)
def settle_comment(comment_id: UUID) -> QuestionComment:
    """Say that a comment is dealt with."""
    by = identity()
    with transaction():
        return comments.settle(comment_id, by=by, at=clock.now())


@views.route("/questions/<uuid:question_id>/comparison")
@requires(Permission.SEE_QUESTIONS)
@views.arguments(ComparisonQuery, location="query")
@views.response(200, ComparisonOut)
def compare_versions(query: dict[str, int], question_id: UUID) -> dict[str, list[FieldDifference]]:
    """Show what differs between two versions, field by field and word by word."""
    return {"differences": comments.compare(question_id, **query, scope=_seen())}


@views.route("/questions/<uuid:question_id>/uses")
@requires(Permission.SEE_QUESTIONS)
@views.response(200, QuestionUsesOut)
def show_uses(question_id: UUID) -> Uses:
    """Show which exams ask a question, and how often it was practised."""
    return uses.of(question_id, scope=_seen())


@views.route("/questions/<uuid:question_id>", methods=["DELETE"])
@requires(Permission.WRITE_QUESTIONS)
@views.response(204)
@views.refuses(MoveNotOpen, QuestionInUse)
def delete_question(question_id: UUID) -> None:
    """Delete a draft or retired question that nobody ever met; else the refusal says who did."""
    by = identity()
    with transaction():
        uses.remove(question_id, by=by, at=clock.now())


@views.route("/questions/<uuid:question_id>/deletion", methods=["PUT"])
@requires(Permission.WRITE_QUESTIONS)
@views.arguments(WhyIn)
@views.response(204)
@views.refuses(MoveNotOpen, QuestionInUse, NumberNotMasked)
def delete_question_for_a_reason(body: dict[str, Any], question_id: UUID) -> None:
    """Delete such a question and say why; the audit keeps it."""
    by = identity()
    with transaction():
        uses.remove(question_id, **body, by=by, at=clock.now())


@views.route("/question-bulk-actions/<uuid:action_id>", methods=["PUT"])
@requires(Permission.SEE_QUESTIONS)
@views.arguments(BulkActionIn)
@views.response(200, BulkActionOut)
@views.refuses(IdTaken)
def preview_bulk_action(body: dict[str, Any], action_id: UUID) -> BulkAction:
    """Foresee what an action would do to each of many questions; nothing is done."""
    by = identity()
    with transaction():
        return bulk.preview(action_id, **body, by=by, at=clock.now())


@views.route("/question-bulk-actions/<uuid:action_id>")
@requires(Permission.SEE_QUESTIONS)
@views.response(200, BulkActionOut)
def show_bulk_action(action_id: UUID) -> BulkAction:
    """Show an action of one's own."""
    return bulk.get(action_id, by=identity())


@views.route("/question-bulk-actions/<uuid:action_id>/rows")
@requires(Permission.SEE_QUESTIONS)
@views.arguments(BulkRowQuery, location="query")
@views.page(BulkActionRowOut)
def list_bulk_action_rows(query: dict[str, Any], action_id: UUID) -> Page:
    """List what an action does, or did, to each question."""
    return bulk.rows_of(action_id, by=identity(), **query)


@views.route("/question-bulk-actions/<uuid:action_id>/execution", methods=["PUT"])
@requires(Permission.SEE_QUESTIONS)
@views.arguments(WhyIn, required=False)
@views.response(200, BulkActionOut)
@views.refuses(BulkActionOver, OperationItemUnknown, NumberNotMasked)
def execute_bulk_action(body: dict[str, Any], action_id: UUID) -> BulkAction:
    """Do what was foreseen; each question is looked at once more, and the audit keeps why."""
    by = identity()
    with transaction():
        return bulk.execute(action_id, **body, by=by, at=clock.now())


@views.route("/question-bulk-actions/<uuid:action_id>/undoing", methods=["PUT"])
@requires(Permission.SEE_QUESTIONS)
@views.response(200, BulkActionOut)
@views.refuses(BulkActionOver, UndoTooLate)
def undo_bulk_action(action_id: UUID) -> BulkAction:
    """Put back, on the same day, what the action changed and nobody changed since."""
    by = identity()
    with transaction():
        return bulk.undo(action_id, by=by, at=clock.now())
