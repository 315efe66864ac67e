"""Words of examiners' phones: reading, judging, and which of them count (实操评分记录)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from exams import scoring
from exams.models import PracticalWord
from exams.scoring import Scores
from exams.sync import HIGHEST_SEQUENCE, Verdict
from server.db import db

#: Points as a phone writes them: `3`, `2.5`, `5/2`.
_POINTS = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,3}|/[1-9][0-9]{0,2})?")


class WordReason(StrEnum):
    """Why a word was not simply accepted."""

    NOT_READABLE = "not_readable"
    UNKNOWN_CODE = "unknown_code"
    OUTSIDE_SCALE = "outside_scale"
    DUPLICATE = "duplicate"
    OLDER = "older"
    HANDED_IN = "handed_in"


@dataclass(frozen=True, kw_only=True)
class JudgedWord:
    """What became of one word."""

    code: str | None
    sequence: int | None
    verdict: Verdict
    reason: WordReason | None = None
    late: bool = False


class Word(NamedTuple):
    """One word that can be read."""

    code: str
    sequence: int
    value: Fraction
    #: Came after the sheet was handed in.
    late: bool


def split(values: Mapping[str, Fraction], scale: Mapping[str, Fraction | None]) -> Scores:
    """Return values as points of steps and failed vetoes."""
    return Scores(
        marks={code: value for code, value in values.items() if scale[code] is not None},
        failed_vetoes=frozenset(
            code for code, value in values.items() if scale[code] is None and value == 1
        ),
    )


def judge(
    raw: Any,
    scale: Mapping[str, Fraction | None],
    known: Sequence[Word],
    *,
    late: bool,
) -> tuple[Word | None, JudgedWord]:
    """Say what becomes of an entry as it came; the word is returned where it is kept.

    Args:
        raw: the entry.
        scale: what is scored, with its most points.
        known: what the examiner said before.
        late: whether the sheet was handed in before.
    """
    word = _read(raw, late=late)
    if word is None:
        return None, JudgedWord(
            code=None, sequence=None, verdict=Verdict.REFUSED, reason=WordReason.NOT_READABLE
        )
    reason, verdict = _reason(word, scale, known)
    if verdict is Verdict.ACCEPTED and late:
        reason = WordReason.HANDED_IN
    judged = JudgedWord(
        code=word.code,
        sequence=word.sequence,
        verdict=verdict,
        reason=reason,
        late=late and verdict is Verdict.ACCEPTED,
    )
    # An older word is kept, too: everything that was said is.
    kept = verdict is Verdict.ACCEPTED or reason is WordReason.OLDER
    return (word if kept else None), judged


def _reason(
    word: Word,
    scale: Mapping[str, Fraction | None],
    known: Sequence[Word],
) -> tuple[WordReason | None, Verdict]:
    if word.code not in scale:
        return WordReason.UNKNOWN_CODE, Verdict.REFUSED
    if not scoring.fits(word.value, scale[word.code]):
        return WordReason.OUTSIDE_SCALE, Verdict.REFUSED
    mine = [(sequence, value) for code, sequence, value, _ in known if code == word.code]
    if (word.sequence, word.value) in mine:
        return WordReason.DUPLICATE, Verdict.IGNORED
    if any((word.sequence, word.value) < one for one in mine):
        return WordReason.OLDER, Verdict.IGNORED
    return None, Verdict.ACCEPTED


def _read(raw: Any, *, late: bool) -> Word | None:
    if not isinstance(raw, Mapping) or raw.keys() != {"code", "sequence", "value"}:
        return None
    code, sequence, value = raw["code"], raw["sequence"], raw["value"]
    if not isinstance(code, str) or not isinstance(value, str) or not _POINTS.fullmatch(value):
        return None
    if type(sequence) is not int or not 1 <= sequence <= HIGHEST_SEQUENCE:
        return None
    return Word(code, sequence, Fraction(value), late)


def code_of(raw: Any) -> str | None:
    """Return what an entry as it came is about, None where that cannot be read."""
    code = raw.get("code") if isinstance(raw, Mapping) else None
    return code if isinstance(code, str) else None


def of(practical_id: UUID, person_id: UUID) -> list[Word]:
    """Return everything that an examiner's phone said of a practical."""
    statement = select(
        PracticalWord.code, PracticalWord.sequence, PracticalWord.value, PracticalWord.late
    ).where(PracticalWord.practical_id == practical_id, PracticalWord.person_id == person_id)
    return [
        Word(code, sequence, Fraction(value), late)
        for code, sequence, value, late in db.session.execute(statement)
    ]


def values(practical_id: UUID, person_id: UUID) -> dict[str, Fraction]:
    """Return what counts: of each code the word with the highest sequence that was in time."""
    counting: dict[str, tuple[int, Fraction]] = {}
    for code, sequence, value, late in of(practical_id, person_id):
        if not late and (sequence, value) > counting.get(code, (0, Fraction())):
            counting[code] = (sequence, value)
    return {code: value for code, (_, value) in counting.items()}
