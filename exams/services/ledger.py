"""What exams read from the training records, and what they add to them (培训记录)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from exams.eligibility import Trained
from exams.models import Attempt, Outcome, Qualification


def trained(person_id: UUID, qualification: Qualification) -> list[Trained]:
    """Return the hours of training for a qualification that are on a person's file."""
    del person_id, qualification
    return []


def tell_outcome(attempt: Attempt, outcome: Outcome, *, at: datetime) -> None:
    """Add an outcome to the candidate's file."""
    del attempt, outcome, at
