"""Practicals and score sheets as they are shown in lists (实操列表)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from exams.models import Practical, PracticalOutcome, PracticalScorer, ScoreSheet
from exams.models.practicals import PracticalState
from exams.services import practical_verdicts
from server.db import db
from server.paging import Page, page

#: More practicals than anybody sits.
_MOST = 200


@dataclass(frozen=True, kw_only=True)
class OwnPractical:
    """A practical, with the outcome that its candidate may see."""

    practical: Practical
    outcome: PracticalOutcome | None


def own(candidate_id: UUID, *, at: datetime) -> list[OwnPractical]:
    """Return a candidate's practicals, the newest first."""
    statement = (
        select(Practical)
        .where(Practical.candidate_id == candidate_id)
        .order_by(Practical.planned_at.desc(), Practical.id)
        .limit(_MOST)
    )
    return [
        OwnPractical(practical=one, outcome=practical_verdicts.visible(one, at=at))
        for one in db.session.execute(statement).scalars()
    ]


def to_score(person_id: UUID, *, cursor: str | None, limit: int) -> Page:
    """Return a page of the practicals that wait for an examiner's scores, the next one first."""
    statement = (
        select(Practical)
        .join(PracticalScorer, PracticalScorer.practical_id == Practical.id)
        .where(
            PracticalScorer.person_id == person_id,
            PracticalScorer.handed_in_at.is_(None),
            Practical.state.in_((PracticalState.PLANNED, PracticalState.DISPUTED)),
        )
    )
    return page(statement, [Practical.planned_at, Practical.id], cursor=cursor, limit=limit)


def dated(sheets: Sequence[tuple[ScoreSheet, date | None]]) -> list[dict[str, Any]]:
    """Return score sheets with the last day on which each counts."""
    shown = ("id", "qualification_id", "effective_from", "minutes", "pass_percent")
    more = ("tolerance", "subjects", "source")
    return [
        {**{name: getattr(row, name) for name in (*shown, *more)}, "effective_until": until}
        for row, until in sheets
    ]
