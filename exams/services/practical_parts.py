"""Parts of a practical that are scored apart: the whole as one, or each subject of a circuit.

A part goes by the code of its subject, the whole by an empty name. Each has two examiners of its
own and, where they differ, a third (考评员).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select

from exams import reconciling, scoring
from exams.circuits import WHOLE
from exams.models import Practical, PracticalScorer, PracticalSubject, PracticalWord
from exams.models.practicals import SubjectState
from exams.scoring import Scores
from exams.services import practical_words, score_sheets
from server.db import db
from server.errors import NotFound

#: Examiners who score a part apart.
PAIR = 2

#: Subjects in which nothing is expected any more.
OVER = frozenset({SubjectState.DECIDED, SubjectState.ABSENT, SubjectState.ENDED})


def names(practical: Practical) -> list[str]:
    """Return the parts of a practical, in the order of turns."""
    return [one.subject for one in practical.legs] or [WHOLE]


def leg(practical: Practical, subject: str) -> PracticalSubject | None:
    """Return a subject of a circuit, None where the practical is scored as one.

    Raises:
        NotFound: the circuit has no such subject.
    """
    if not practical.legs:
        return None
    for one in practical.legs:
        if one.subject == subject:
            return one
    raise NotFound


def of(practical: Practical, subject: str) -> list[PracticalScorer]:
    """Return who scores a part, the two who score apart first."""
    return [one for one in practical.scorers if one.subject == subject]


def pair(practical: Practical, subject: str) -> list[PracticalScorer]:
    """Return the examiners of a part who score apart."""
    return of(practical, subject)[:PAIR]


def mine(practical: Practical, person_id: UUID) -> list[PracticalScorer]:
    """Return the parts that somebody scores.

    Raises:
        NotFound: none.
    """
    found = [one for one in practical.scorers if one.person_id == person_id]
    if not found:
        raise NotFound
    return found


def scale(practical: Practical, subjects: Collection[str]) -> dict[str, Fraction | None]:
    """Return what is scored in some parts, with its most points; None for a veto."""
    sheet = score_sheets.of(practical.score_sheet)
    if WHOLE in subjects:
        return scoring.scale(sheet, practical.drawn)
    found: dict[str, Fraction | None] = {}
    for subject in subjects:
        found |= scoring.scale(reconciling.only(sheet, subject), practical.drawn)
    return found


def both_in(practical: Practical, subject: str) -> bool:
    """Say whether both examiners of a part have handed in."""
    two = pair(practical, subject)
    return len(two) == PAIR and all(one.handed_in_at is not None for one in two)


def given(practical: Practical, subject: str) -> tuple[Scores, Scores]:
    """Return what the two examiners of a part gave."""
    one, other = pair(practical, subject)
    return scores(practical, subject, one.person_id), scores(practical, subject, other.person_id)


def scores(practical: Practical, subject: str, person_id: UUID) -> Scores:
    """Return what an examiner gave of a part, as the rules of scoring understand it."""
    within = scale(practical, [subject])
    said = practical_words.values(practical.id, person_id)
    return practical_words.split(
        {code: value for code, value in said.items() if code in within}, within
    )


def has_spoken(practical: Practical, subject: str, person_id: UUID | None = None) -> bool:
    """Say whether an examiner, or anybody, said a word of a part."""
    said = select(PracticalWord.code).where(PracticalWord.practical_id == practical.id)
    if person_id is not None:
        said = said.where(PracticalWord.person_id == person_id)
    if subject != WHOLE:
        said = said.where(PracticalWord.code.in_(scale(practical, [subject])))
    return db.session.scalars(said.limit(1)).first() is not None


def closed(practical: Practical, scorers: Collection[PracticalScorer]) -> set[str]:
    """Return the codes of which an examiner's words come too late: handed in, or ended."""
    ended = {one.subject for one in practical.legs if one.state is SubjectState.ENDED}
    late = [one.subject for one in scorers if one.handed_in_at is not None or one.subject in ended]
    return set(scale(practical, late)) if late else set()


def handed_in_at(scorers: Collection[PracticalScorer]) -> datetime | None:
    """Return when the last of somebody's sheets was handed in, None while one is not."""
    moments = [one.handed_in_at for one in scorers]
    return max((one for one in moments if one), default=None) if all(moments) else None
