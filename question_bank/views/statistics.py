"""Addresses of statistics: figures of questions and banks, and what to look at (统计接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from question_bank.models import QuestionFlag
from question_bank.schemas.statistics import (
    BankStatisticsOut,
    QuestionFlagOut,
    QuestionFlagQuery,
    QuestionStatisticsListOut,
    QuestionStatisticsOut,
    QuestionStatisticsQuery,
    SettlementIn,
)
from question_bank.services import finding, reviewing, showing
from question_bank.services.reviewing import Summary
from server import clock
from server.access import identity, requires
from server.db import transaction
from server.http import Part
from server.paging import Page
from server.policy import Permission
from server.scopes import Scope

views = Part("question-statistics", "Statistics of questions, and what to look at 试题统计与预警")


def _seen() -> Scope:
    return identity().scope(Permission.SEE_QUESTIONS)


@views.route("/questions/<uuid:question_id>/statistics")
@requires(Permission.SEE_QUESTIONS)
@views.response(200, QuestionStatisticsListOut)
def show_question_statistics(question_id: UUID) -> dict[str, Any]:
    """Show what responses say about every version of a question that was asked."""
    items = reviewing.of_question(question_id, scope=_seen())
    shown = finding.versions_of(question_id, scope=_seen())
    exposure = showing.exposure([version.id for version in shown])
    return {"items": items, "practice_exposure_count": exposure}


@views.route("/question-banks/<uuid:bank_id>/statistics")
@requires(Permission.SEE_QUESTIONS)
@views.arguments(QuestionStatisticsQuery, location="query")
@views.page(QuestionStatisticsOut)
def list_bank_statistics(query: dict[str, Any], bank_id: UUID) -> Page:
    """List what responses say about the questions of a bank, by version."""
    return reviewing.of_bank(bank_id, scope=_seen(), **query)


@views.route("/question-banks/<uuid:bank_id>/statistics-summary")
@requires(Permission.SEE_QUESTIONS)
@views.response(200, BankStatisticsOut)
def show_bank_statistics(bank_id: UUID) -> Summary:
    """Show a bank at a glance, for charts."""
    return reviewing.summary(bank_id, scope=_seen())


@views.route("/question-flags")
@requires(Permission.SEE_QUESTIONS)
@views.arguments(QuestionFlagQuery, location="query")
@views.page(QuestionFlagOut)
def list_question_flags(query: dict[str, Any]) -> Page:
    """List the questions that somebody should look at and why, the newest first."""
    return reviewing.flags(_seen(), **query)


@views.route("/question-flags/<uuid:flag_id>/settlement", methods=["PUT"])
@requires(Permission.REVIEW_QUESTIONS)
@views.arguments(SettlementIn)
@views.response(200, QuestionFlagOut)
def settle_question_flag(body: dict[str, Any], flag_id: UUID) -> QuestionFlag:
    """Write down what a reviewer found; a suspended question may then be drawn again."""
    by = identity()
    with transaction():
        return reviewing.settle(flag_id, **body, by=by, at=clock.now())
