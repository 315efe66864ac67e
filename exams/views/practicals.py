"""Addresses of practical exams: score sheets, planning, scoring, the third word (实操接口)."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from flask import Response

from exams.circuits import WHOLE
from exams.correction_errors import ReleaseTooLate
from exams.errors import AlreadyVoided
from exams.models import Practical, PracticalExhibit, ScoreSheet
from exams.practical_errors import (
    CandidateBarred,
    ExhibitDiffers,
    NoPractical,
    NoScoreSheet,
    NothingDisputed,
    PracticalOver,
    PracticalPending,
    PracticalsUsedUp,
    ScoreIncomplete,
    ScoreOutsideScale,
    ScorerInvolved,
    ScorersComplete,
    ScoreSheetContradictory,
    ScoreSheetInUse,
    TheoryNotPassed,
)
from exams.schemas import practicals as shapes
from exams.schemas import score_sheets as sheets
from exams.schemas.stations import SubjectQuery
from exams.separation_errors import NotSeparated
from exams.services import (
    exhibits,
    practical_listings,
    practical_scores,
    practical_verdicts,
    practicals,
    score_sheets,
)
from exams.services.practical_scores import Seen
from server import clock
from server.access import identity, requires, signed_in_only
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.paging import Page, PageQuery
from server.people.errors import PhotoRefused
from server.people.views.uploads import PHOTOS, body_of, takes
from server.policy import Permission

views = Part("practicals", "Practical exams: score sheets, examiners, verdicts 实操考试")

#: Bytes of the largest picture.
_LARGEST = 1_000_000


@views.route("/qualifications/<uuid:qualification_id>/score-sheets")
@signed_in_only
@views.response(200, sheets.ScoreSheetsOut)
def show_score_sheets(qualification_id: UUID) -> dict[str, Any]:
    """Show every score sheet there ever was for a qualification, with the days it counts."""
    found = score_sheets.history(qualification_id)
    return {"items": practical_listings.dated(found)}


@views.route("/score-sheets/<uuid:sheet_id>", methods=["PUT"])
@requires(Permission.KEEP_STANDARDS)
@views.arguments(sheets.ScoreSheetIn)
@views.response(200, sheets.ScoreSheetOut)
@views.refuses(ScoreSheetContradictory, ScoreSheetInUse, IdTaken)
def write_score_sheet(body: dict[str, Any], sheet_id: UUID) -> ScoreSheet:
    """Write a score sheet under the id given, or write it anew while nothing rests on it."""
    by = identity()
    with transaction():
        return score_sheets.write(sheet_id, **body, by=by, at=clock.now())


@views.route("/practicals")
@requires(Permission.PLAN_EXAMS)
@views.arguments(shapes.PracticalQuery, location="query")
@views.page(shapes.PracticalOut)
def list_practicals(query: dict[str, Any]) -> Page:
    """List the practicals held within one's reach, by day."""
    return practicals.listed(identity().scope(Permission.PLAN_EXAMS), **query)


@views.route("/practicals/<uuid:practical_id>", methods=["PUT"])
@requires(Permission.PLAN_EXAMS)
@views.arguments(shapes.PracticalIn)
@views.response(200, shapes.PracticalOut)
@views.refuses(NoPractical, TheoryNotPassed, PracticalsUsedUp, PracticalPending)
@views.refuses(CandidateBarred, NoScoreSheet, ReleaseTooLate, IdTaken)
def plan_practical(body: dict[str, Any], practical_id: UUID) -> Practical:
    """Plan a practical for who passed the theory; its items are drawn by chance, and fixed."""
    by, seed = identity(), secrets.token_bytes(32)
    with transaction():
        return practicals.plan(practical_id, **body, seed=seed, by=by, at=clock.now())


@views.route("/practicals/<uuid:practical_id>")
@requires(Permission.PLAN_EXAMS)
@views.response(200, shapes.PracticalOut)
def show_practical(practical_id: UUID) -> Practical:
    """Show a practical that is held within one's reach."""
    return practicals.get(practical_id, scope=identity().scope(Permission.PLAN_EXAMS))


@views.route("/practicals/<uuid:practical_id>/scorers/<uuid:person_id>", methods=["PUT"])
@requires(Permission.PLAN_EXAMS)
@views.arguments(SubjectQuery, location="query")
@views.response(200, shapes.PracticalOut)
@views.refuses(PracticalOver, ScorersComplete, ScorerInvolved, NotSeparated)
def assign_scorer(query: dict[str, Any], practical_id: UUID, person_id: UUID) -> Practical:
    """Say that a person scores a practical or a subject: two apart, and a third who rules."""
    by, subject = identity(), query["subject"] or WHOLE
    with transaction():
        return practicals.assign(practical_id, person_id, subject=subject, by=by, at=clock.now())


@views.route("/practicals/<uuid:practical_id>/voiding", methods=["PUT"])
@requires(Permission.INVIGILATE)
@views.arguments(shapes.PracticalVoidingIn)
@views.response(200, shapes.PracticalOut)
@views.refuses(AlreadyVoided)
@views.refuses(NotSeparated)
def void_practical(body: dict[str, Any], practical_id: UUID) -> Practical:
    """Make a practical not count, with the reason."""
    by = identity()
    with transaction():
        return practicals.void(practical_id, **body, by=by, at=clock.now())


@views.route("/practicals/<uuid:practical_id>/score-sheet")
@requires(Permission.EXAMINE)
@views.response(200, shapes.PracticalForScorer)
def show_own_scores(practical_id: UUID) -> Seen:
    """Show what one scores, and one's own scores; the other's once both have handed in."""
    return practical_scores.seen(practical_id, by=identity())


@views.route("/practicals/<uuid:practical_id>/scores", methods=["PUT"])
@requires(Permission.EXAMINE)
@views.arguments(shapes.ScoresIn)
@views.response(200, shapes.ScoresOut)
def score(body: dict[str, Any], practical_id: UUID) -> dict[str, Any]:
    """Keep what an examiner's phone sends, and say word by word what became of it.

    Words may come twice, late and in any order: of each step the highest sequence counts.
    """
    by = identity()
    with transaction():
        judged = practical_scores.store(practical_id, body["entries"], by=by, at=clock.now())
    return {"entries": judged}


@views.route("/practicals/<uuid:practical_id>/score-submission", methods=["PUT"])
@requires(Permission.EXAMINE)
@views.arguments(SubjectQuery, location="query")
@views.response(200, shapes.PracticalForScorer)
@views.refuses(ScoreIncomplete, PracticalOver)
@views.refuses(NotSeparated)
def submit_scores(query: dict[str, Any], practical_id: UUID) -> Seen:
    """Hand in one's sheet. Once both are in, the rule decides or a third examiner is called."""
    by = identity()
    with transaction():
        practical_scores.hand_in(practical_id, **query, by=by, at=clock.now())
        return practical_scores.seen(practical_id, by=by)


@views.route("/practicals/<uuid:practical_id>/ruling", methods=["PUT"])
@requires(Permission.EXAMINE)
@views.arguments(shapes.PracticalRulingIn)
@views.response(200, shapes.PracticalForScorer)
@views.refuses(NothingDisputed, ScoreIncomplete, ScoreOutsideScale)
@views.refuses(NotSeparated)
def rule_practical(body: dict[str, Any], practical_id: UUID) -> Seen:
    """Decide, as the third examiner, what the two disagree about, with the reason."""
    by = identity()
    with transaction():
        practical_verdicts.rule(practical_id, **body, by=by, at=clock.now())
        return practical_scores.seen(practical_id, by=by)


@views.route("/practicals/<uuid:practical_id>/exhibits/<string:name>", methods=["PUT"])
@requires(Permission.EXAMINE)
@takes(views, *PHOTOS)
@views.arguments(shapes.ExhibitQuery, location="query")
@views.response(200, shapes.ExhibitOut)
@views.refuses(ExhibitDiffers, PhotoRefused)
def keep_exhibit(query: dict[str, Any], practical_id: UUID, name: str) -> PracticalExhibit:
    """Keep a photo or a signature under the SHA-256 of its content, sealed."""
    by, content = identity(), body_of(PHOTOS, limit=_LARGEST)
    with transaction():
        return exhibits.keep(practical_id, name, content, **query, by=by, at=clock.now())


@views.route("/practicals/<uuid:practical_id>/exhibits/<string:name>")
@requires(Permission.EXAMINE)
@views.response(200, {"type": "string", "format": "binary"}, content_type="image/*")
def show_exhibit(practical_id: UUID, name: str) -> Response:
    """Show a photo or a signature; every look is audited."""
    by = identity()
    with transaction():
        found = exhibits.opened(practical_id, name, by=by, at=clock.now())
    response = Response(found.content, content_type=found.media_type)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@views.route("/me/scorings")
@requires(Permission.EXAMINE)
@views.arguments(PageQuery, location="query")
@views.page(shapes.ScoringOut)
def list_own_scorings(query: dict[str, Any]) -> Page:
    """List the practicals that wait for one's own scores, the next one first."""
    return practical_listings.to_score(identity().person_id, **query)


@views.route("/me/practicals")
@signed_in_only
@views.response(200, shapes.OwnPracticalsOut)
def list_own_practicals() -> dict[str, Any]:
    """List one's own practicals, the newest first, with outcomes once they are released."""
    return {"items": practical_listings.own(identity().person_id, at=clock.now())}
