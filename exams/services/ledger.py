"""What exams read from the training records, and what they add to them (培训记录)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from exams.eligibility import Trained
from exams.models import (
    Attempt,
    Exam,
    Outcome,
    Paper,
    Practical,
    PracticalOutcome,
    Qualification,
)
from server.db import db
from server.records import services as records
from server.records.entries import RecordKind
from server.records.services import Fact


@dataclass(frozen=True, kw_only=True)
class Filed:
    """What somebody's file says of whether they may sit."""

    #: The hours of training for a qualification.
    trained: list[Trained]
    #: The days on which they declared to be fit, and were not found unfit since.
    declared_healthy_on: list[date]


def filed(person_ids: Collection[UUID], qualification: Qualification) -> dict[UUID, Filed]:
    """Return what the files of people say of whether they may sit, by one statement."""
    files = records.facts_of(person_ids, (RecordKind.TRAINING, RecordKind.HEALTH))
    return {
        person_id: Filed(
            trained=_trained(facts, qualification), declared_healthy_on=_declared(facts)
        )
        for person_id, facts in files.items()
    }


def _trained(facts: Iterable[Fact], qualification: Qualification) -> list[Trained]:
    role, item = qualification.role.value, qualification.operation_item
    done = records.training_in(facts, role=role, item=item)
    return [Trained(on=one.on, hours=one.hours) for one in done]


def _declared(facts: Iterable[Fact]) -> list[date]:
    health = [one for one in facts if one.kind is RecordKind.HEALTH]
    unfit = [one.happened_on for one in health if one.content.get("fit") is False]
    last = max(unfit, default=date.min)
    return [
        one.happened_on
        for one in health
        if one.content.get("fit") is not False and one.happened_on > last
    ]


def tell_outcome(attempt: Attempt, outcome: Outcome, *, at: datetime) -> None:
    """Add an outcome to the candidate's file."""
    told = {"score": outcome.score, "max_score": outcome.max_score, "passed": outcome.passed}
    _tell(attempt, told | _paper(attempt), happened_at=attempt.started_at, at=at)


def tell_practical(practical: Practical, outcome: PracticalOutcome, *, at: datetime) -> None:
    """Add the outcome of a practical to the candidate's file."""
    told = {"score": outcome.score, "max_score": outcome.max_score, "passed": outcome.passed}
    _tell_of_practical(practical, told, happened_at=practical.planned_at, at=at)


def tell_practical_void(practical: Practical, *, reason: str, at: datetime) -> None:
    """Add to the candidate's file that a practical no longer counts."""
    told = {"voided": True, "void_reason": reason}
    _tell_of_practical(practical, told, happened_at=at, at=at)


def tell_void(attempt: Attempt, *, reason: str, at: datetime) -> None:
    """Add to the candidate's file that an attempt no longer counts."""
    _tell(attempt, {"voided": True, "void_reason": reason}, happened_at=at, at=at)


def _paper(attempt: Attempt) -> dict[str, object]:
    """Return which paper was sat, which attempt at the qualification it was, and its evidence."""
    tries = (
        select(func.count())
        .select_from(Attempt)
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(
            Attempt.candidate_id == attempt.candidate_id,
            Attempt.counts,
            Exam.is_practice.is_(False),
            Attempt.started_at <= attempt.started_at,
            Exam.qualification_id == attempt.exam.qualification_id,
        )
        .scalar_subquery()
    )
    statement = select(Paper.form, tries).where(Paper.id == attempt.paper_id)
    form, number = db.session.execute(statement).one()
    return {
        "paper_id": attempt.paper_id,
        "paper_form": form,
        "attempt_number": number,
        "evidence": f"/v1/attempts/{attempt.id}/receipt",
    }


def _tell_of_practical(
    practical: Practical, told: Mapping[str, object], *, happened_at: datetime, at: datetime
) -> None:
    qualification = practical.qualification
    records.add(
        practical.candidate_id,
        RecordKind.EXAM,
        subject_id=practical.id,
        happened_at=happened_at,
        content={
            "exam_id": practical.id,
            "exam": f"{qualification.name_zh}实际操作考试",
            "qualification": qualification.code,
            "part": "practical",
            **told,
        },
        source=practical.organisation.name,
        role=qualification.role.value,
        item=qualification.operation_item,
        at=at,
    )


def _tell(
    attempt: Attempt, told: Mapping[str, object], *, happened_at: datetime, at: datetime
) -> None:
    exam = attempt.exam
    records.add(
        attempt.candidate_id,
        RecordKind.EXAM,
        subject_id=attempt.id,
        happened_at=happened_at,
        content={
            "exam_id": exam.id,
            "exam": exam.name,
            "qualification": exam.qualification.code,
            **told,
        },
        source=exam.organisation.name,
        role=exam.qualification.role.value,
        item=exam.qualification.operation_item,
        at=at,
    )
