"""What examiners' phones say of a practical: kept word by word, counted by sequence (实操评分记录).

A phone may have no network for hours: words are sent in batches, twice, late, in any order, and
the highest sequence of each step counts. Neither examiner sees the other's before both have handed
in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from exams import scoring
from exams.models import Practical, PracticalScorer, PracticalWord
from exams.models.practicals import PracticalState
from exams.practical_errors import PracticalOver, ScoreIncomplete
from exams.services import (
    practical_verdicts,
    practical_words,
    practicals,
    score_sheets,
    separation,
    turns,
)
from exams.services.practical_words import JudgedWord
from server.db import db
from server.errors import NotFound
from server.policy import Identity, Permission


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A practical as one examiner sees it."""

    practical: Practical
    scorer: PracticalScorer
    #: Values by code that count, of this examiner.
    own: Mapping[str, Fraction]
    #: The other's; None until both have handed in.
    other: Mapping[str, Fraction] | None
    disputed: Sequence[str]


def seen(practical_id: UUID, *, by: Identity) -> Seen:
    """Return a practical as its examiner may see it now.

    Raises:
        NotFound: the asker does not score it.
    """
    practical, scorer = _mine(practical_id, by, locked=False)
    other = None
    if practical_verdicts.both_in(practical):
        own_place = scorer.place
        others = [one for one in practical.scorers[: practicals.PAIR] if one.place != own_place]
        other = practical_words.values(practical.id, others[0].person_id) if others else None
    return Seen(
        practical=practical,
        scorer=scorer,
        own=practical_words.values(practical.id, scorer.person_id),
        other=other,
        disputed=sorted(practical_verdicts.disputed(practical)),
    )


def store(
    practical_id: UUID, entries: Sequence[Any], *, by: Identity, at: datetime
) -> list[JudgedWord]:
    """Keep what an examiner's phone sends, and say entry by entry what became of it.

    A bad word spoils no good one. What comes after the sheet was handed in is kept and flagged,
    and does not count.

    Raises:
        NotFound: the asker does not score this practical.
    """
    practical, scorer = _mine(practical_id, by, locked=True)
    scale = scoring.scale(score_sheets.of(practical.score_sheet), practical.drawn)
    late = scorer.handed_in_at is not None or practical.state is PracticalState.VOIDED
    known = practical_words.of(practical_id, scorer.person_id)
    judged, new = [], []
    for raw in entries:
        word, verdict = practical_words.judge(raw, scale, known, late=late)
        judged.append(verdict)
        if word is not None:
            known.append(word)
            new.append(word)
    if new:
        owner = {"practical_id": practical_id, "person_id": scorer.person_id}
        rows = [
            {**owner, **word._asdict(), "value": str(word.value), "received_at": at} for word in new
        ]
        db.session.execute(insert(PracticalWord), rows)
    return judged


def hand_in(practical_id: UUID, *, by: Identity, at: datetime) -> Practical:
    """Hand in one's sheet; once both are in, the rule decides or calls for a third examiner.

    Repeating it changes nothing.

    Raises:
        NotFound: the asker does not score this practical.
        ScoreIncomplete: something was not scored yet.
        PracticalOver: it was voided.
        NotAdmitted: it is held at a sitting, and nobody let the candidate in there.
        NotSeparated: the asker was bound to the candidate meanwhile.
    """
    practical, scorer = _mine(practical_id, by, locked=True)
    if scorer.handed_in_at is not None:
        return practical
    if practical.state is not PracticalState.PLANNED or scorer.place > practicals.PAIR:
        raise PracticalOver
    scale = scoring.scale(score_sheets.of(practical.score_sheet), practical.drawn)
    missing = scale.keys() - practical_words.values(practical_id, scorer.person_id).keys()
    if missing:
        raise ScoreIncomplete(missing=sorted(missing))
    turns.check_let_in(practical)
    separation.check_acting(by, {practical.candidate_id}, at=at)
    scorer.handed_in_at = at
    db.session.flush()
    practicals.tell("practical_scored", practical, {"place": scorer.place}, by=by, at=at)
    practical_verdicts.settle(practical, at=at)
    return practical


def _mine(practical_id: UUID, by: Identity, *, locked: bool) -> tuple[Practical, PracticalScorer]:
    scope = by.scope(Permission.EXAMINE)
    find = practicals.locked if locked else practicals.get
    practical = find(practical_id, scope=scope)
    for scorer in practical.scorers:
        if scorer.person_id == by.person_id:
            return practical, scorer
    raise NotFound
