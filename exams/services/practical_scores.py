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

from exams.models import Practical, PracticalScorer, PracticalWord
from exams.models.practicals import PracticalState, SubjectState
from exams.practical_errors import PracticalOver, ScoreIncomplete
from exams.services import (
    practical_parts,
    practical_verdicts,
    practical_words,
    practicals,
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
    #: What the examiner scores: the whole, or subjects of a circuit.
    parts: Sequence[PracticalScorer]
    #: Values by code that count, of this examiner.
    own: Mapping[str, Fraction]
    #: The others' of the parts that both have handed in; None where there is none yet.
    other: Mapping[str, Fraction] | None
    disputed: Sequence[str]

    @property
    def place(self) -> int:
        """1 or 2 where the examiner scores apart; 3 where they only rule."""
        return min(one.place for one in self.parts)

    @property
    def handed_in_at(self) -> datetime | None:
        """When the last part was handed in, None while one is not."""
        return practical_parts.handed_in_at(self.parts)


def seen(practical_id: UUID, *, by: Identity) -> Seen:
    """Return a practical as its examiner may see it now.

    Raises:
        NotFound: the asker does not score it.
    """
    practical, mine = _mine(practical_id, by, locked=False)
    disputed = [practical_verdicts.disputed(practical, one.subject) for one in mine]
    return Seen(
        practical=practical,
        parts=mine,
        own=practical_words.values(practical.id, by.person_id),
        other=_others(practical, mine),
        disputed=sorted(frozenset().union(*disputed)),
    )


def _others(practical: Practical, mine: Sequence[PracticalScorer]) -> dict[str, Fraction] | None:
    """Return what the other examiners gave of the parts that both have handed in."""
    found: dict[str, Fraction] | None = None
    for part in mine:
        if practical_parts.both_in(practical, part.subject):
            two = practical_parts.pair(practical, part.subject)
            other = next(one for one in two if one.place != part.place)
            within = practical_parts.scale(practical, [part.subject])
            said = practical_words.values(practical.id, other.person_id)
            found = (found or {}) | {code: said[code] for code in within if code in said}
    return found


def store(
    practical_id: UUID, entries: Sequence[Any], *, by: Identity, at: datetime
) -> list[JudgedWord]:
    """Keep what an examiner's phone sends, and say entry by entry what became of it.

    A bad word spoils no good one. What comes after the sheet was handed in is kept and flagged,
    and does not count.

    Raises:
        NotFound: the asker does not score this practical.
    """
    practical, mine = _mine(practical_id, by, locked=True)
    scale = practical_parts.scale(practical, [one.subject for one in mine])
    voided = practical.state is PracticalState.VOIDED
    closed = scale.keys() if voided else practical_parts.closed(practical, mine)
    known = practical_words.of(practical_id, by.person_id)
    judged, new = [], []
    for raw in entries:
        late = practical_words.code_of(raw) in closed
        word, verdict = practical_words.judge(raw, scale, known, late=late)
        judged.append(verdict)
        if word is not None:
            known.append(word)
            new.append(word)
    if new:
        owner = {"practical_id": practical_id, "person_id": by.person_id}
        rows = [
            {**owner, **word._asdict(), "value": str(word.value), "received_at": at} for word in new
        ]
        db.session.execute(insert(PracticalWord), rows)
    return judged


def hand_in(
    practical_id: UUID, *, subject: str | None = None, by: Identity, at: datetime
) -> Practical:
    """Hand in one's sheet; once both are in, the rule decides or calls for a third examiner.

    Repeating it changes nothing.

    Args:
        practical_id: the practical.
        subject: of a circuit; None for all that one scores.
        by: the examiner.
        at: the moment.

    Raises:
        NotFound: the asker does not score this practical, or not this subject.
        ScoreIncomplete: something was not scored yet.
        PracticalOver: it was voided.
        NotAdmitted: it is held at a sitting, and nobody let the candidate in there.
        NotSeparated: the asker was bound to the candidate meanwhile.
    """
    practical, mine = _mine(practical_id, by, locked=True)
    wanted = [one for one in mine if subject in (None, one.subject)]
    if not wanted:
        raise NotFound
    if all(one.handed_in_at is not None for one in wanted):
        return practical
    open_parts = _open(practical, wanted)
    scale = practical_parts.scale(practical, [one.subject for one in open_parts])
    missing = scale.keys() - practical_words.values(practical_id, by.person_id).keys()
    if missing:
        raise ScoreIncomplete(missing=sorted(missing))
    turns.check_let_in(practical)
    separation.check_acting(by, {practical.candidate_id}, at=at)
    for one in open_parts:
        one.handed_in_at = at
    db.session.flush()
    for one in open_parts:
        told = {"place": one.place} | ({"subject": one.subject} if one.subject else {})
        practicals.tell("practical_scored", practical, told, by=by, at=at)
        practical_verdicts.settle(practical, one.subject, at=at)
    return practical


def _open(practical: Practical, wanted: Sequence[PracticalScorer]) -> list[PracticalScorer]:
    """Return the parts of which a sheet may be handed in now."""
    if practical.state is not PracticalState.PLANNED:
        raise PracticalOver
    ended = {one.subject for one in practical.legs if one.state is SubjectState.ENDED}
    found = [
        one
        for one in wanted
        if one.handed_in_at is None
        and one.place <= practical_parts.PAIR
        and one.subject not in ended
    ]
    if not found:
        raise PracticalOver
    return found


def _mine(
    practical_id: UUID, by: Identity, *, locked: bool
) -> tuple[Practical, list[PracticalScorer]]:
    scope = by.scope(Permission.EXAMINE)
    find = practicals.locked if locked else practicals.get
    practical = find(practical_id, scope=scope)
    return practical, practical_parts.mine(practical, by.person_id)
