"""Evaluations as a whole: opened, concluded, appealed, followed by training (评价接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from certificates.competence.errors import (
    AppealTooLate,
    AppraisalState,
    AppraisedAlready,
    CycleOver,
    DisagreementOpen,
    FrameworkUnfit,
    JudgementMissing,
    JudgeSettles,
    JudgesOneself,
    JudgesSuperior,
    MarksUnfit,
    PanelUnfit,
    PostUnfit,
    SupervisorElsewhere,
)
from certificates.competence.models import CompetenceAppeal, CompetenceAppraisal
from certificates.competence.schemas.appraisals import (
    CompetenceAppealOut,
    CompetenceAppraisalIn,
    CompetenceAppraisalLineOut,
    CompetenceAppraisalOut,
    CompetenceAppraisalQuery,
    CompetenceDecisionIn,
    CompetencePlanOut,
    CompetenceReasonIn,
)
from certificates.competence.services import concluding, finding, opening, planning, showing
from certificates.competence.services.opening import AppraisalDraft
from certificates.competence.services.showing import Shown
from certificates.competence.views.parts import views
from server import clock
from server.access import identity, requires, signed_in_only
from server.db import transaction
from server.errors import IdTaken
from server.paging import Page
from server.policy import Permission

_ONE = "/competence-appraisals/<uuid:appraisal_id>"


@views.route(_ONE, methods=["PUT"])
@requires(Permission.APPRAISE_COMPETENCE)
@views.arguments(CompetenceAppraisalIn)
@views.response(200, CompetenceAppraisalLineOut)
@views.refuses(CycleOver, PostUnfit, FrameworkUnfit, AppraisedAlready, IdTaken)
@views.refuses(JudgesOneself, JudgesSuperior, SupervisorElsewhere, PanelUnfit)
def open_competence_appraisal(
    body: dict[str, AppraisalDraft], appraisal_id: UUID
) -> CompetenceAppraisal:
    """Enter somebody's post into a cycle: for which family and grade, and who judges."""
    by = identity()
    with transaction():
        return opening.open_one(appraisal_id, body["draft"], by=by, at=clock.now())


@views.route("/competence-appraisals")
@requires(Permission.SEE_COMPETENCE)
@views.arguments(CompetenceAppraisalQuery, location="query")
@views.page(CompetenceAppraisalLineOut)
def list_competence_appraisals(query: dict[str, Any]) -> Page:
    """List the evaluations of places one leads, the latest first."""
    return finding.listed(identity().scope(Permission.SEE_COMPETENCE), **query)


@views.route(_ONE)
@signed_in_only
@views.response(200, CompetenceAppraisalOut)
def show_competence_appraisal(appraisal_id: UUID) -> Shown:
    """Show an evaluation: of one's own, in which one judges, or where one leads."""
    return showing.show(appraisal_id, by=identity())


@views.route(f"{_ONE}/conclusion", methods=["PUT"])
@requires(Permission.APPRAISE_COMPETENCE)
@views.response(200, CompetenceAppraisalOut)
@views.refuses(JudgesOneself, JudgesSuperior, AppraisalState, JudgementMissing, DisagreementOpen)
def conclude_competence_appraisal(appraisal_id: UUID) -> Shown:
    """Find the result: the marks that count, the proofs of today, the grade reached, the gaps."""
    by = identity()
    with transaction():
        concluding.conclude(appraisal_id, by=by, at=clock.now())
        return showing.show(appraisal_id, by=by)


@views.route(f"{_ONE}/withdrawal", methods=["PUT"])
@requires(Permission.APPRAISE_COMPETENCE)
@views.arguments(CompetenceReasonIn)
@views.response(200, CompetenceAppraisalLineOut)
@views.refuses(JudgesOneself, JudgesSuperior, AppraisalState)
def withdraw_competence_appraisal(body: dict[str, str], appraisal_id: UUID) -> CompetenceAppraisal:
    """Take back an evaluation that has no result yet."""
    by = identity()
    with transaction():
        return opening.withdraw(appraisal_id, **body, by=by, at=clock.now())


@views.route(f"{_ONE}/training-plan", methods=["PUT"])
@requires(Permission.APPRAISE_COMPETENCE)
@views.response(200, CompetencePlanOut)
@views.refuses(JudgesOneself, JudgesSuperior, AppraisalState)
def plan_competence_training(appraisal_id: UUID) -> dict[str, Any]:
    """Book what is missing in the classes that begin soonest, and say what no class gives."""
    by = identity()
    with transaction():
        return {"items": planning.plan(appraisal_id, by=by, at=clock.now())}


@views.route(f"{_ONE}/appeal", methods=["PUT"])
@signed_in_only
@views.arguments(CompetenceReasonIn)
@views.response(200, CompetenceAppealOut)
@views.refuses(AppraisalState, AppealTooLate, IdTaken)
def appeal_competence_result(body: dict[str, str], appraisal_id: UUID) -> CompetenceAppeal:
    """Ask for another look at one's own result, within its days."""
    by = identity()
    with transaction():
        return concluding.appeal(appraisal_id, **body, by=by, at=clock.now())


@views.route(f"{_ONE}/appeal/decision", methods=["PUT"])
@requires(Permission.APPRAISE_COMPETENCE)
@views.arguments(CompetenceDecisionIn)
@views.response(200, CompetenceAppealOut)
@views.refuses(JudgesOneself, JudgesSuperior, JudgeSettles, MarksUnfit, IdTaken)
def decide_competence_appeal(body: dict[str, Any], appraisal_id: UUID) -> CompetenceAppeal:
    """Decide an appeal: other marks for some competences, or none, with a reason."""
    by = identity()
    with transaction():
        return concluding.decide(appraisal_id, **body, by=by, at=clock.now())
