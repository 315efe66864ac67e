"""Addresses of questions that are alike: duplicates and conflicts (查重与冲突接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from question_bank.errors import (
    AlreadyRuled,
    ConflictNeedsWinner,
    KeptIsNotOfPair,
    MoveNotOpen,
    ReviewerIsAuthor,
)
from question_bank.schemas.pairs import PairQuery, QuestionPairOut, RulingIn
from question_bank.services import rulings
from question_bank.services.rulings import ShownPair
from server import clock
from server.access import identity, requires
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.jobs import services as jobs
from server.jobs.errors import TooManyJobs
from server.jobs.models import Job
from server.jobs.schemas import JobOut
from server.paging import Page
from server.policy import Permission

views = Part("pairs", "Questions that are alike: duplicates and conflicts 查重与冲突")


@views.route("/question-pairs")
@requires(Permission.SEE_QUESTIONS)
@views.arguments(PairQuery, location="query")
@views.page(QuestionPairOut)
def list_pairs(query: dict[str, Any]) -> Page:
    """List pairs of questions that are alike, both within one's banks, with what differs."""
    return rulings.listed(identity().scope(Permission.SEE_QUESTIONS), **query)


@views.route("/question-pairs/<uuid:pair_id>")
@requires(Permission.SEE_QUESTIONS)
@views.response(200, QuestionPairOut)
def show_pair(pair_id: UUID) -> ShownPair:
    """Show a pair, both sides beside each other."""
    return rulings.get(pair_id, scope=identity().scope(Permission.SEE_QUESTIONS))


@views.route("/question-pairs/<uuid:pair_id>/ruling", methods=["PUT"])
@requires(Permission.REVIEW_QUESTIONS)
@views.arguments(RulingIn)
@views.response(200, QuestionPairOut)
@views.refuses(AlreadyRuled, ConflictNeedsWinner, KeptIsNotOfPair, MoveNotOpen, ReviewerIsAuthor)
def rule_pair(body: dict[str, Any], pair_id: UUID) -> ShownPair:
    """Decide which question is kept, and retire the other; or that they are distinct."""
    by = identity()
    with transaction():
        return rulings.rule(pair_id, **body, by=by, at=clock.now())


@views.route("/duplicate-searches/<uuid:job_id>", methods=["PUT"])
@requires(Permission.REVIEW_QUESTIONS)
@views.response(200, JobOut)
@views.refuses(IdTaken, TooManyJobs)
def search_duplicates(job_id: UUID) -> Job:
    """Ask for a search through all banks, drafts among them; a job tells how far it is."""
    by = identity()
    with transaction():
        return jobs.ask(job_id, "question_duplicates", {}, by=by, at=clock.now())
