"""Addresses of attempts: what a phone says in an exam, and what an invigilator does (考试接口)."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from exams.errors import (
    AlreadyStarted,
    AlreadyVoided,
    AnotherDevice,
    AttemptOver,
    AwaitingSignal,
    NotEligible,
    NotYetOpen,
    RoomPaused,
    TooLateToStart,
    UnknownEpoch,
    Withdrawn,
)
from exams.models import Attempt
from exams.schemas.attempts import (
    AttemptListed,
    AttemptOut,
    AttemptQuery,
    AttemptWithOutcome,
    ExtensionIn,
    OutcomeQuery,
    ReceiptOut,
    ResponsesIn,
    StandingOut,
    StartedOut,
    StartIn,
    VoidingIn,
)
from exams.schemas.packages import PaperForCandidate
from exams.separation_errors import NotSeparated
from exams.services import attempts, contents, intake, invigilation, listings, outcomes
from exams.services.attempts import Standing, Started
from exams.services.intake import Batch, Receipt
from exams.services.papers import ShownPaper
from exams.views.guarding import candidate
from server import clock, queues
from server.access import identity, requires, signed_in_only
from server.db import transaction
from server.errors import Conflict, IdTaken, Unavailable
from server.http import Part
from server.paging import Page, PageQuery
from server.policy import Permission

views = Part("attempts", "Sitting an exam: start, respond, submit, outcome 答卷")


@views.route("/attempts/<uuid:attempt_id>", methods=["PUT"])
@requires(Permission.SIT_EXAMS)
@views.arguments(StartIn)
@views.response(200, StartedOut)
@views.refuses(NotYetOpen, TooLateToStart, NotEligible, Withdrawn, AlreadyStarted)
@views.refuses(IdTaken, Conflict, AwaitingSignal, RoomPaused, AnotherDevice)
def start_attempt(body: dict[str, UUID], attempt_id: UUID) -> Started:
    """Start an attempt under the id the phone made. Repeating it gives the same reply."""
    who, seed = candidate(), secrets.token_bytes(16)
    with transaction():
        return attempts.start(attempt_id, **body, **who, seed=seed, at=clock.now())


@views.route("/attempts/<uuid:attempt_id>")
@requires(Permission.SIT_EXAMS)
@views.response(200, StandingOut)
def show_attempt(attempt_id: UUID) -> Standing:
    """Show where one's own attempt stands, with its outcome once it is released."""
    attempt = attempts.get(attempt_id, candidate_id=identity().person_id)
    return attempts.standing(attempt, at=clock.now())


@views.route("/attempts/<uuid:attempt_id>/paper")
@requires(Permission.SIT_EXAMS)
@views.response(200, PaperForCandidate)
@views.refuses(AttemptOver, AnotherDevice)
def show_paper(attempt_id: UUID) -> ShownPaper:
    """Show the paper of an attempt that has begun and is not over, in the order of its form."""
    return contents.paper(attempt_id, **candidate(), at=clock.now())


@views.route("/attempts/<uuid:attempt_id>/responses", methods=["PUT"])
@requires(Permission.SIT_EXAMS)
@views.arguments(ResponsesIn)
@views.response(200, ReceiptOut)
@views.refuses(UnknownEpoch, AnotherDevice, Unavailable)
def respond(body: dict[str, Any], attempt_id: UUID) -> Receipt:
    """Keep what the phone sends, and acknowledge it entry by entry, after it is on the disk.

    Entries may come twice, late and in any order: in each slot the highest sequence counts. A bad
    entry is refused by itself. What comes after the end is kept and flagged, never dropped.
    """
    batch = Batch(attempt_id=attempt_id, **candidate(), **body, at=clock.now())
    return queues.submit(intake.STORE, batch)


@views.route("/attempts/<uuid:attempt_id>/submission", methods=["PUT"])
@requires(Permission.SIT_EXAMS)
@views.response(200, StandingOut)
@views.refuses(AlreadyVoided, AnotherDevice, Conflict)
def submit_attempt(attempt_id: UUID) -> Standing:
    """Hand in the attempt; it is graded at once. Repeating it gives the same outcome."""
    who, at = candidate(), clock.now()
    with transaction():
        attempt = attempts.submit(attempt_id, **who, at=at)
        return attempts.standing(attempt, at=at)


@views.route("/me/attempts")
@signed_in_only
@views.arguments(PageQuery, location="query")
@views.page(AttemptOut)
def list_own_attempts(query: dict[str, Any]) -> Page:
    """List one's own attempts, the newest first."""
    return listings.of(identity().person_id, **query)


@views.route("/exams/<uuid:exam_id>/attempts")
@requires(Permission.INVIGILATE)
@views.arguments(AttemptQuery, location="query")
@views.page(AttemptListed)
def list_attempts(query: dict[str, Any], exam_id: UUID) -> Page:
    """List the attempts of an exam held within one's reach, in the order of starting."""
    return listings.in_exam(exam_id, scope=identity().scope(Permission.INVIGILATE), **query)


@views.route("/exams/<uuid:exam_id>/outcomes")
@requires(Permission.SEE_OUTCOMES)
@views.arguments(OutcomeQuery, location="query")
@views.page(AttemptWithOutcome)
def list_outcomes(query: dict[str, Any], exam_id: UUID) -> Page:
    """List the outcomes of an exam: all for who holds it, the released of their own for others."""
    scope = identity().scope(Permission.SEE_OUTCOMES)
    return outcomes.in_exam(exam_id, scope=scope, at=clock.now(), **query)


@views.route("/attempts/<uuid:attempt_id>/extension", methods=["PUT"])
@requires(Permission.INVIGILATE)
@views.arguments(ExtensionIn)
@views.response(200, AttemptOut)
@views.refuses(AttemptOver, AlreadyVoided)
@views.refuses(NotSeparated)
def extend_attempt(body: dict[str, Any], attempt_id: UUID) -> Attempt:
    """Grant time to an attempt in progress, with the reason."""
    by = identity()
    with transaction():
        return invigilation.extend(attempt_id, **body, by=by, at=clock.now())


@views.route("/attempts/<uuid:attempt_id>/voiding", methods=["PUT"])
@requires(Permission.INVIGILATE)
@views.arguments(VoidingIn)
@views.response(200, AttemptOut)
@views.refuses(NotSeparated)
def void_attempt(body: dict[str, Any], attempt_id: UUID) -> Attempt:
    """Make an attempt not count, with the reason."""
    by = identity()
    with transaction():
        return invigilation.void(attempt_id, **body, by=by, at=clock.now())
