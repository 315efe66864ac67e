"""Addresses of appeals: filing, seeing the paper beside a supervisor, ruling (复核接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from exams import correction_errors as refusals
from exams.models import Appeal, Viewing
from exams.schemas import appeals as shapes
from exams.separation_errors import NotSeparated
from exams.services import appeals, viewings
from exams.services.viewings import ViewedPaper
from server import clock
from server.access import identity, requires, signed_in_only
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.paging import Page, PageQuery
from server.policy import Permission

views = Part("appeals", "Appeals against outcomes, supervised views of papers 成绩复核与查卷")


@views.route("/me/appeals/<uuid:appeal_id>", methods=["PUT"])
@requires(Permission.SIT_EXAMS)
@views.arguments(shapes.AppealIn)
@views.response(200, shapes.AppealOut)
@views.refuses(refusals.NotReleased, refusals.AppealTooLate, refusals.AppealedBefore, IdTaken)
def file_appeal(body: dict[str, Any], appeal_id: UUID) -> Appeal:
    """Appeal against one's own outcome, once on each ground, within the time of the rule."""
    candidate_id = identity().person_id
    with transaction():
        return appeals.file(appeal_id, **body, candidate_id=candidate_id, at=clock.now())


@views.route("/me/appeals")
@signed_in_only
@views.arguments(PageQuery, location="query")
@views.page(shapes.AppealOut)
def list_own_appeals(query: dict[str, Any]) -> Page:
    """List one's own appeals, the newest first."""
    return appeals.of(identity().person_id, **query)


@views.route("/me/appeals/<uuid:appeal_id>/viewed-paper", methods=["PUT"])
@requires(Permission.SIT_EXAMS)
@views.response(200, shapes.ViewedPaperOut)
@views.refuses(refusals.NoViewingNow)
def view_paper(appeal_id: UUID) -> ViewedPaper:
    """See one's own paper in a viewing that its supervisor has opened; every look is kept."""
    by = identity()
    with transaction():
        return viewings.look(appeal_id, by=by, at=clock.now())


@views.route("/appeals")
@requires(Permission.EXAMINE)
@views.arguments(shapes.AppealQuery, location="query")
@views.page(shapes.AppealForExaminer)
def list_appeals(query: dict[str, Any]) -> Page:
    """List the appeals within one's reach, by the day on which a ruling is due."""
    return appeals.listed(identity().scope(Permission.EXAMINE), **query)


@views.route("/appeals/<uuid:appeal_id>")
@requires(Permission.EXAMINE)
@views.response(200, shapes.AppealForExaminer)
def show_appeal(appeal_id: UUID) -> Appeal:
    """Show an appeal within one's reach."""
    return appeals.get(appeal_id, scope=identity().scope(Permission.EXAMINE))


@views.route("/appeals/<uuid:appeal_id>/viewings/<uuid:viewing_id>", methods=["PUT"])
@requires(Permission.EXAMINE)
@views.arguments(shapes.ViewingIn)
@views.response(200, shapes.ViewingOut)
@views.refuses(refusals.AppealRuled, refusals.WindowEmpty, refusals.Involved, NotSeparated)
@views.refuses(IdTaken)
def grant_viewing(body: dict[str, Any], appeal_id: UUID, viewing_id: UUID) -> Viewing:
    """Grant hours in which the candidate may see the paper, and say who stands beside."""
    by = identity()
    with transaction():
        return viewings.grant(viewing_id, appeal_id, **body, by=by, at=clock.now())


@views.route("/viewings/<uuid:viewing_id>/opening", methods=["PUT"])
@signed_in_only
@views.response(200, shapes.ViewingOut)
@views.refuses(refusals.NoViewingNow)
@views.refuses(NotSeparated)
def open_viewing(viewing_id: UUID) -> Viewing:
    """Say, as the supervisor, that one stands beside the candidate now."""
    by = identity()
    with transaction():
        return viewings.open_it(viewing_id, by=by, at=clock.now())


@views.route("/appeals/<uuid:appeal_id>/ruling", methods=["PUT"])
@requires(Permission.EXAMINE)
@views.arguments(shapes.AppealRulingIn)
@views.response(200, shapes.AppealForExaminer)
@views.refuses(refusals.AppealRuled, refusals.Involved, refusals.KeyUnknown, refusals.BeyondReach)
@views.refuses(NotSeparated)
def rule_appeal(body: dict[str, Any], appeal_id: UUID) -> Appeal:
    """Rule on an appeal, with the reason; a wrong key begins a regrade for everybody asked."""
    by = identity()
    with transaction():
        return appeals.rule(appeal_id, **body, by=by, at=clock.now())
