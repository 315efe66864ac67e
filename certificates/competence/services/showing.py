"""An evaluation with everything about it that the asker may see (评价详情)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from certificates.competence import judging
from certificates.competence.kinds import Side
from certificates.competence.models import (
    CompetenceAppeal,
    CompetenceAppraisal,
    CompetenceEvidence,
    CompetenceJudge,
    CompetencePlanItem,
    CompetenceSettlement,
)
from certificates.competence.services import concluding, finding, planning
from certificates.competence.services.finding import Held
from server.db import db
from server.people.services import people
from server.policy import Identity


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one of the judges said, as far as the asker may see it."""

    person_id: UUID
    side: Side
    given_at: datetime | None
    marks: dict[str, Any] | None
    comment: str | None


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An evaluation and what belongs to it."""

    appraisal: CompetenceAppraisal
    person_name: str
    cycle_title: str
    framework_id: UUID
    appeal_until: date | None
    judges: list[Said]
    #: Competences about which the judges disagree, as far as the asker sees their marks.
    disagreements: list[str]
    settlements: list[CompetenceSettlement]
    evidence: list[CompetenceEvidence]
    appeal: CompetenceAppeal | None
    plan: list[CompetencePlanItem]

    def __getattr__(self, name: str) -> Any:
        """Let what the evaluation itself says be read beside the rest."""
        return getattr(self.appraisal, name)


def show(appraisal_id: UUID, *, by: Identity) -> Shown:
    """Return an evaluation: of one's own, in which one judges, or where one leads.

    The person sees everything at any time. A judge sees the marks of others once their own are
    given, so that nobody writes off another.

    Raises:
        NotFound: it is none of these.
    """
    held = finding.seen(appraisal_id, by=by)
    every = finding.judges(appraisal_id)
    blind = _waits_for(by, held, every)
    return Shown(
        appraisal=held.appraisal,
        person_name=people.get(held.appraisal.person_id).name,
        cycle_title=held.cycle.title,
        framework_id=held.cycle.framework_id,
        appeal_until=concluding.last_day_of_appeal(held),
        judges=[_said(each, hidden=blind and each.person_id != by.person_id) for each in every],
        disagreements=[] if blind else _disagreements(held, every),
        settlements=finding.settlements(appraisal_id),
        evidence=_evidence(appraisal_id),
        appeal=db.session.get(CompetenceAppeal, appraisal_id),
        plan=planning.of(appraisal_id),
    )


def _waits_for(by: Identity, held: Held, every: list[CompetenceJudge]) -> bool:
    """Say whether the asker judges, and has not done so yet."""
    if by.person_id == held.appraisal.person_id or held.appraisal.result is not None:
        return False
    return any(each.person_id == by.person_id and each.marks is None for each in every)


def _said(judge: CompetenceJudge, *, hidden: bool) -> Said:
    return Said(
        person_id=judge.person_id,
        side=judge.side,
        given_at=judge.given_at,
        marks=None if hidden else judge.marks,
        comment=None if hidden else judge.comment,
    )


def _disagreements(held: Held, every: list[CompetenceJudge]) -> list[str]:
    found = judging.disagreements(finding.judged(every), held.framework, held.appraisal.family)
    return [each.key for each in found]


def _evidence(appraisal_id: UUID) -> list[CompetenceEvidence]:
    statement = select(CompetenceEvidence).where(CompetenceEvidence.appraisal_id == appraisal_id)
    ordered = statement.order_by(CompetenceEvidence.presented_at, CompetenceEvidence.id)
    return list(db.session.execute(ordered).scalars())
