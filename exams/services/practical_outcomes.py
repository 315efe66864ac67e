"""The outcome of a practical: written once, told once it is released (实操成绩)."""

from __future__ import annotations

from datetime import datetime

from exams import scoring
from exams.models import Practical, PracticalOutcome
from exams.models.practicals import PracticalState
from exams.scoring import Verdict
from exams.services import attainments, ledger
from server.audit import services as audit
from server.db import db


def decide(practical: Practical, verdict: Verdict, *, at: datetime) -> PracticalOutcome:
    """Write the outcome of a practical, and tell others where its release has come."""
    outcome = PracticalOutcome(
        practical=practical,
        score=str(verdict.score),
        max_score=str(scoring.WHOLE),
        passed=verdict.passed,
        marks={code: str(mark) for code, mark in sorted(verdict.marks.items())},
        failed_vetoes=sorted(verdict.failed_vetoes),
        missed_subjects=sorted(verdict.missed),
        decided_at=at,
        released_at=max(at, practical.release_at or at),
    )
    practical.state = PracticalState.DECIDED
    db.session.add(outcome)
    db.session.flush()
    audit.append(
        "practical_decided",
        by=None,
        at=at,
        subject_kind="practical",
        subject_id=practical.id,
        after={
            "score": outcome.score,
            "passed": outcome.passed,
            "failed_vetoes": outcome.failed_vetoes,
            **({"missed_subjects": outcome.missed_subjects} if verdict.missed else {}),
        },
        organisation_path=practical.organisation.path,
    )
    if outcome.released_at <= at:
        announce(practical, outcome, at=at)
    return outcome


def announce(practical: Practical, outcome: PracticalOutcome, *, at: datetime) -> None:
    """Tell others about an outcome that is released."""
    outcome.announced_at = at
    db.session.flush()
    ledger.tell_practical(practical, outcome, at=at)
    if outcome.passed:
        attainments.tell(practical.theory, at=at)
