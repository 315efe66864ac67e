"""What a new version of an exam standard would change, and what it leaves alone (标准影响预览)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from exams import dated_standards
from exams.models import Enrolment, Exam, ExamStandard, Qualification, StandardProposal
from exams.services import standard_proposals, standards
from server import days
from server.db import db

#: Most exams that a preview names; it counts all of them.
_MOST_EXAMS = 200


@dataclass(frozen=True, kw_only=True)
class TouchedExam:
    """An exam on the first day of a new version or later."""

    exam: Exam
    candidate_count: int
    #: Published: it keeps the version it was published with.
    is_kept: bool


@dataclass(frozen=True, kw_only=True)
class QualificationChange:
    """What a proposal changes for one qualification."""

    qualification: Qualification
    ends: ExamStandard | None
    #: By field: before and after.
    changes: dict[str, tuple[object, object]]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a proposal would change, and what it leaves as it is."""

    proposal: StandardProposal
    changes: Sequence[QualificationChange]
    exams: Sequence[TouchedExam]
    kept_exam_count: int
    kept_candidate_count: int
    changed_exam_count: int
    changed_candidate_count: int


def of(proposal_id: UUID) -> Preview:
    """Return what a proposal would change, and which exams and candidates it touches.

    Raises:
        NotFound: there is no such proposal.
    """
    found = standard_proposals.get(proposal_id)
    ids = [UUID(one) for one in found.qualification_ids]
    rules = standard_proposals.rules_of(found)
    changes = []
    for qualification_id in ids:
        qualification = standards.get(qualification_id)
        ends = standard_proposals.counting(qualification, found.effective_from - timedelta(days=1))
        changes.append(
            QualificationChange(
                qualification=qualification,
                ends=ends,
                changes=dated_standards.differences(standard_proposals.said(ends), rules),
            )
        )
    touched = _touched(ids, found.effective_from)
    kept = [one for one in touched if one.is_kept]
    changed = [one for one in touched if not one.is_kept]
    return Preview(
        proposal=found,
        changes=changes,
        exams=touched[:_MOST_EXAMS],
        kept_exam_count=len(kept),
        kept_candidate_count=sum(one.candidate_count for one in kept),
        changed_exam_count=len(changed),
        changed_candidate_count=sum(one.candidate_count for one in changed),
    )


def _touched(qualification_ids: Sequence[UUID], from_on: date) -> list[TouchedExam]:
    candidates = (
        select(Enrolment.exam_id, func.count().label("count"))
        .where(Enrolment.withdrawn_at.is_(None))
        .group_by(Enrolment.exam_id)
        .subquery()
    )
    statement = (
        select(Exam, func.coalesce(candidates.c.count, 0))
        .outerjoin(candidates, candidates.c.exam_id == Exam.id)
        .where(
            Exam.qualification_id.in_(qualification_ids),
            Exam.opens_at >= days.beginning_of(from_on),
        )
        .order_by(Exam.opens_at, Exam.id)
    )
    return [
        TouchedExam(exam=exam, candidate_count=count, is_kept=exam.standard_id is not None)
        for exam, count in db.session.execute(statement)
    ]
