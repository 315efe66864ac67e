"""Judging: marks, entries presented, disagreements settled (评分、举证、裁定接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from certificates.competence.errors import (
    AppraisalState,
    CycleOver,
    JudgedAlready,
    JudgeSettles,
    JudgesOneself,
    JudgesSuperior,
    MarksUnfit,
    NothingToSettle,
    ProofExpired,
    ProofUnfit,
    SupervisorElsewhere,
)
from certificates.competence.models import (
    CompetenceEvidence,
    CompetenceJudge,
    CompetenceSettlement,
)
from certificates.competence.schemas.appraisals import (
    CompetenceEvidenceIn,
    CompetenceEvidenceOut,
    CompetenceJudgeOut,
    CompetenceMarksIn,
    CompetenceSettlementIn,
    CompetenceSettlementOut,
)
from certificates.competence.services import judgements
from certificates.competence.views.parts import views
from server import clock
from server.access import identity, requires, signed_in_only
from server.db import transaction
from server.errors import IdTaken
from server.policy import Permission

_ONE = "/competence-appraisals/<uuid:appraisal_id>"


@views.route(f"{_ONE}/judgement", methods=["PUT"])
@signed_in_only
@views.arguments(CompetenceMarksIn)
@views.response(200, CompetenceJudgeOut)
@views.refuses(AppraisalState, CycleOver, MarksUnfit, JudgedAlready)
@views.refuses(SupervisorElsewhere, JudgesOneself, JudgesSuperior)
def give_competence_marks(body: dict[str, Any], appraisal_id: UUID) -> CompetenceJudge:
    """Give one's marks, once: as the person, the supervisor, or one of the panel."""
    by = identity()
    with transaction():
        return judgements.judge(appraisal_id, **body, by=by, at=clock.now())


@views.route(f"{_ONE}/evidence/<uuid:evidence_id>", methods=["PUT"])
@signed_in_only
@views.arguments(CompetenceEvidenceIn)
@views.response(200, CompetenceEvidenceOut)
@views.refuses(AppraisalState, ProofUnfit, ProofExpired, IdTaken)
def present_competence_evidence(
    body: dict[str, Any], appraisal_id: UUID, evidence_id: UUID
) -> CompetenceEvidence:
    """Present an entry of the person's file for a competence."""
    by = identity()
    with transaction():
        return judgements.present(evidence_id, appraisal_id, **body, by=by, at=clock.now())


@views.route(f"{_ONE}/settlements/<string:competence>", methods=["PUT"])
@requires(Permission.APPRAISE_COMPETENCE)
@views.arguments(CompetenceSettlementIn)
@views.response(200, CompetenceSettlementOut)
@views.refuses(JudgesOneself, JudgesSuperior, JudgeSettles, AppraisalState)
@views.refuses(NothingToSettle, MarksUnfit, JudgedAlready)
def settle_competence_marks(
    body: dict[str, Any], appraisal_id: UUID, competence: str
) -> CompetenceSettlement:
    """Settle a disagreement about a competence, with a reason."""
    by = identity()
    with transaction():
        return judgements.settle(appraisal_id, competence, **body, by=by, at=clock.now())
