"""Addresses of exam plans and sittings: planned, opened, seated, started, ended (场次接口)."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from flask import Response

from exams.errors import (
    ExamPublished,
    NoStandard,
    PointsDoNotAddUp,
    PoolTooSmall,
    QualificationDiffers,
    WindowContradictory,
)
from exams.models import ExamPlan, Sitting, SittingMoved
from exams.paper_errors import PapersBeingMade, PlanChanged, RequiredNotInPool, TargetOutOfReach
from exams.practical_errors import NoPractical, NoScoreSheet, TurnTooShort
from exams.schemas.sittings import (
    ExamPlanIn,
    ExamPlanOut,
    ExamPlanQuery,
    SittingCancellationIn,
    SittingForCandidate,
    SittingIn,
    SittingMovesOut,
    SittingOut,
    SittingQuery,
)
from exams.separation_errors import NotSeparated
from exams.services import (
    allotting,
    exam_plans,
    planning,
    publication_jobs,
    sitting_moves,
    sittings,
)
from exams.services.sitting_moves import Wanted
from exams.sitting_errors import (
    CentreNotApproved,
    DoorsNotYetOpen,
    NobodyWatches,
    OutsidePlan,
    RoomOverCapacity,
    RoomsUnfit,
    RoomTaken,
    SittingContradictory,
    SittingFixed,
    SittingMoveRefused,
    TooFewExaminers,
    TooFewSeatsLeft,
    Undecided,
)
from exams.sittings import SittingDraft, SittingMove
from server import clock
from server.access import identity, requires, signed_in_only
from server.db import transaction
from server.http import Part
from server.jobs.errors import TooManyJobs
from server.jobs.schemas import JobOut
from server.jobs.views import ACCEPTED, accepted
from server.paging import Page, PageQuery
from server.policy import Permission

views = Part("sittings", "Exam plans and sittings 考试计划与场次")


@views.route("/exam-plans")
@requires(Permission.SEE_EXAMS)
@views.arguments(ExamPlanQuery, location="query")
@views.page(ExamPlanOut)
def list_plans(query: dict[str, Any]) -> Page:
    """List the exam plans within one's reach, the latest first."""
    return exam_plans.listed(identity().scope(Permission.SEE_EXAMS), **query)


@views.route("/exam-plans/<uuid:plan_id>")
@requires(Permission.SEE_EXAMS)
@views.response(200, ExamPlanOut)
def show_plan(plan_id: UUID) -> ExamPlan:
    """Show an exam plan."""
    return exam_plans.get(plan_id, scope=identity().scope(Permission.SEE_EXAMS))


@views.route("/exam-plans/<uuid:plan_id>", methods=["PUT"])
@requires(Permission.PLAN_EXAMS)
@views.arguments(ExamPlanIn)
@views.response(200, ExamPlanOut)
@views.refuses(QualificationDiffers, ExamPublished)
def write_plan(body: dict[str, Any], plan_id: UUID) -> ExamPlan:
    """Write an exam plan under the id given, or write it anew while it has no sittings."""
    by = identity()
    with transaction():
        return exam_plans.write(plan_id, **body, by=by, at=clock.now())


@views.route("/sittings")
@requires(Permission.SEE_EXAMS)
@views.arguments(SittingQuery, location="query")
@views.page(SittingOut)
def list_sittings(query: dict[str, Any]) -> Page:
    """List the sittings at test centres within one's reach."""
    return sittings.listed(identity().scope(Permission.SEE_EXAMS), **query)


@views.route("/me/sittings")
@signed_in_only
@views.arguments(PageQuery, location="query")
@views.page(SittingForCandidate)
def list_open_sittings(query: dict[str, Any]) -> Page:
    """List the sittings that one may apply for now, the next closing first."""
    return sittings.open_to_enrolment(at=clock.now(), **query)


@views.route("/sittings/<uuid:sitting_id>")
@requires(Permission.SEE_EXAMS)
@views.response(200, SittingOut)
def show_sitting(sitting_id: UUID) -> Sitting:
    """Show a sitting."""
    return sittings.get(sitting_id, scope=identity().scope(Permission.SEE_EXAMS))


@views.route("/sittings/<uuid:sitting_id>", methods=["PUT"])
@requires(Permission.PLAN_EXAMS)
@views.arguments(SittingIn)
@views.response(200, SittingOut)
@views.refuses(SittingContradictory, OutsidePlan, RoomsUnfit, RoomOverCapacity, RoomTaken)
@views.refuses(SittingFixed, QualificationDiffers, ExamPublished)
def plan_sitting(body: dict[str, SittingDraft], sitting_id: UUID) -> Sitting:
    """Plan a sitting under the id given, or plan it anew while nobody may apply for it."""
    by = identity()
    with transaction():
        return sittings.plan(sitting_id, body["draft"], by=by, at=clock.now())


@views.route("/sittings/<uuid:sitting_id>/moves")
@requires(Permission.SEE_EXAMS)
@views.response(200, SittingMovesOut)
def list_moves(sitting_id: UUID) -> dict[str, list[SittingMoved]]:
    """List the moves of a sitting, the first one first."""
    sittings.get(sitting_id, scope=identity().scope(Permission.SEE_EXAMS))
    return {"items": sitting_moves.moves_of(sitting_id)}


@views.route("/sittings/<uuid:sitting_id>/opening", methods=["PUT"])
@requires(Permission.PLAN_EXAMS)
@views.response(200, SittingOut)
@views.also(202, JobOut, description=ACCEPTED)
@views.refuses(SittingMoveRefused, CentreNotApproved, RoomTaken, RoomsUnfit)
@views.refuses(NoStandard, WindowContradictory, PointsDoNotAddUp, PoolTooSmall)
@views.refuses(TargetOutOfReach, RequiredNotInPool, PapersBeingMade, PlanChanged, TooManyJobs)
@views.refuses(NoPractical, NoScoreSheet, TurnTooShort)
def open_sitting(sitting_id: UUID) -> Sitting | Response:
    """Draw the papers of a sitting, and let people apply for it.

    More than 300 forms are made by a job, which opens the sitting when they are; asking again
    shows the same job.
    """
    by, at, seed = identity(), clock.now(), secrets.token_bytes(32)
    if publication_jobs.is_large(sitting_id, by=by):
        with transaction():
            job = publication_jobs.ask(sitting_id, seed=seed, by=by, at=at)
        return accepted(job)
    ready = planning.make_ready(sitting_id, seed=seed, by=by, at=at)
    wanted = Wanted(move=SittingMove.OPEN, seed=seed, ready=ready)
    with transaction():
        return sitting_moves.make(sitting_id, wanted, by=by, at=at)


@views.route("/sittings/<uuid:sitting_id>/closure", methods=["PUT"])
@requires(Permission.PLAN_EXAMS)
@views.response(200, SittingOut)
@views.refuses(SittingMoveRefused)
def close_sitting(sitting_id: UUID) -> Sitting:
    """Let nobody apply for a sitting any more."""
    return _moved(sitting_id, SittingMove.CLOSE)


@views.route("/sittings/<uuid:sitting_id>/seating", methods=["PUT"])
@requires(Permission.PLAN_EXAMS)
@views.response(200, SittingOut)
@views.refuses(SittingMoveRefused, Undecided, TooFewSeatsLeft, NotSeparated)
def seat_sitting(sitting_id: UUID) -> Sitting:
    """Give everybody who has a place a seat by lot, apart from their own, and a ticket."""
    allotting.prepare(sitting_id, at=clock.now())
    return _moved(sitting_id, SittingMove.SEAT)


@views.route("/sittings/<uuid:sitting_id>/start", methods=["PUT"])
@requires(Permission.PLAN_EXAMS)
@views.response(200, SittingOut)
@views.refuses(SittingMoveRefused, DoorsNotYetOpen, NobodyWatches, NotSeparated)
@views.refuses(TooFewExaminers)
def start_sitting(sitting_id: UUID) -> Sitting:
    """Open the doors of a sitting."""
    return _moved(sitting_id, SittingMove.START)


@views.route("/sittings/<uuid:sitting_id>/completion", methods=["PUT"])
@requires(Permission.PLAN_EXAMS)
@views.response(200, SittingOut)
@views.refuses(SittingMoveRefused, DoorsNotYetOpen)
def finish_sitting(sitting_id: UUID) -> Sitting:
    """End a sitting, and write down who did not come."""
    return _moved(sitting_id, SittingMove.FINISH)


@views.route("/sittings/<uuid:sitting_id>/cancellation", methods=["PUT"])
@requires(Permission.PLAN_EXAMS)
@views.arguments(SittingCancellationIn)
@views.response(200, SittingOut)
@views.refuses(SittingMoveRefused)
def cancel_sitting(body: dict[str, str], sitting_id: UUID) -> Sitting:
    """Cancel a sitting; attempts that were begun do not count."""
    return _moved(sitting_id, SittingMove.CANCEL, body["reason"])


def _moved(sitting_id: UUID, move: SittingMove, reason: str | None = None) -> Sitting:
    by = identity()
    wanted = Wanted(move=move, reason=reason, seed=secrets.token_bytes(32))
    with transaction():
        return sitting_moves.make(sitting_id, wanted, by=by, at=clock.now())
