"""Addresses of regrades and corrections: one proposes, others approve (重新评分与更正接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from exams import correction_errors as refusals
from exams.errors import AttemptNotGraded
from exams.models import Regrade, ScoreCorrection
from exams.practical_errors import ScoreOutsideScale
from exams.schemas import corrections as shapes
from exams.separation_errors import NotSeparated
from exams.services import asking, attempts, correcting, corrections, regrades
from server import clock
from server.access import identity, requires, signed_in_only
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.jobs.errors import TooManyJobs
from server.jobs.models import Job
from server.jobs.schemas import JobOut
from server.paging import Page
from server.policy import Permission

views = Part("regrades", "Wrong keys and wrong scores, put right by several people 重新评分与更正")


@views.route("/regrades")
@requires(Permission.EXAMINE)
@views.arguments(shapes.RegradeQuery, location="query")
@views.page(shapes.RegradeOut)
def list_regrades(query: dict[str, Any]) -> Page:
    """List the regrades within one's reach, the newest first."""
    return regrades.listed(identity().scope(Permission.EXAMINE), **query)


@views.route("/asked-questions")
@requires(Permission.EXAMINE)
@views.arguments(shapes.AskedQuestionQuery, location="query")
@views.page(shapes.AskedQuestionOut)
def list_asked_questions(query: dict[str, Any]) -> Page:
    """List what was asked in exams within one's reach that have begun, without keys."""
    return asking.asked(identity().scope(Permission.EXAMINE), at=clock.now(), **query)


@views.route("/regrades/<uuid:regrade_id>", methods=["PUT"])
@requires(Permission.EXAMINE)
@views.arguments(shapes.RegradeIn)
@views.response(200, shapes.RegradeOut)
@views.refuses(refusals.KeyUnknown, refusals.BeyondReach, IdTaken)
@views.refuses(NotSeparated)
def propose_regrade(body: dict[str, Any], regrade_id: UUID) -> Regrade:
    """Propose to grade anew whoever was asked a question with a wrong key."""
    by = identity()
    with transaction():
        return regrades.propose(regrade_id, **body, by=by, at=clock.now())


@views.route("/regrades/<uuid:regrade_id>")
@requires(Permission.EXAMINE)
@views.response(200, shapes.RegradeOut)
def show_regrade(regrade_id: UUID) -> Regrade:
    """Show a regrade, its preview and who has approved it."""
    return regrades.get(regrade_id, scope=identity().scope(Permission.EXAMINE))


@views.route("/regrades/<uuid:regrade_id>/preview/<uuid:job_id>", methods=["PUT"])
@requires(Permission.EXAMINE)
@views.response(200, JobOut)
@views.refuses(refusals.RegradeOver, IdTaken, TooManyJobs)
def preview_regrade(regrade_id: UUID, job_id: UUID) -> Job:
    """Ask for a job that works out who would flip in which direction; nothing is changed."""
    by = identity()
    with transaction():
        return regrades.preview(regrade_id, job_id, by=by, at=clock.now())


@views.route("/regrades/<uuid:regrade_id>/effects")
@requires(Permission.EXAMINE)
@views.arguments(shapes.RegradeEffectQuery, location="query")
@views.page(shapes.RegradeEffectOut)
def list_regrade_effects(query: dict[str, Any], regrade_id: UUID) -> Page:
    """List what the preview says would change, attempt by attempt."""
    return regrades.effects(regrade_id, scope=identity().scope(Permission.EXAMINE), **query)


@views.route("/regrades/<uuid:regrade_id>/approval", methods=["PUT"])
@requires(Permission.EXAMINE)
@views.arguments(shapes.RegradeDecisionIn)
@views.response(200, shapes.RegradeOut)
@views.refuses(refusals.AuthorCannotApprove, refusals.NotPreviewed, refusals.RegradeOver)
@views.refuses(IdTaken, TooManyJobs)
@views.refuses(NotSeparated)
def approve_regrade(body: dict[str, Any], regrade_id: UUID) -> Regrade:
    """Approve or reject a regrade; two people other than its author must approve."""
    by = identity()
    with transaction():
        return regrades.approve(regrade_id, **body, by=by, at=clock.now())


@views.route("/score-corrections/<uuid:correction_id>", methods=["PUT"])
@requires(Permission.EXAMINE)
@views.arguments(shapes.ScoreCorrectionIn)
@views.response(200, shapes.ScoreCorrectionOut)
@views.refuses(refusals.Involved, AttemptNotGraded, ScoreOutsideScale, IdTaken)
@views.refuses(NotSeparated)
def propose_correction(body: dict[str, Any], correction_id: UUID) -> ScoreCorrection:
    """Propose another score, with the reason; nothing changes until another person agrees."""
    by = identity()
    with transaction():
        return corrections.propose(correction_id, **body, by=by, at=clock.now())


@views.route("/score-corrections/<uuid:correction_id>")
@requires(Permission.EXAMINE)
@views.response(200, shapes.ScoreCorrectionOut)
def show_correction(correction_id: UUID) -> ScoreCorrection:
    """Show a correction, and what the second person said."""
    return corrections.get(correction_id, scope=identity().scope(Permission.EXAMINE))


@views.route("/score-corrections/<uuid:correction_id>/approval", methods=["PUT"])
@requires(Permission.EXAMINE)
@views.arguments(shapes.ScoreDecisionIn)
@views.response(200, shapes.ScoreCorrectionOut)
@views.refuses(refusals.AuthorCannotApprove, refusals.Involved, refusals.CorrectionDecided)
@views.refuses(NotSeparated)
def decide_correction(body: dict[str, Any], correction_id: UUID) -> ScoreCorrection:
    """Agree to a correction, which is then carried out, or not."""
    by = identity()
    with transaction():
        return corrections.decide(correction_id, **body, by=by, at=clock.now())


@views.route("/attempts/<uuid:attempt_id>/outcome-history")
@signed_in_only
@views.response(200, shapes.OutcomeHistoryOut)
@views.refuses(refusals.NotReleased)
def show_outcome_history(attempt_id: UUID) -> dict[str, Any]:
    """Show everything that ever changed one's own outcome; the original stays for ever."""
    attempt = attempts.get(attempt_id, candidate_id=identity().person_id)
    return {"items": correcting.own_history(attempt, at=clock.now())}
