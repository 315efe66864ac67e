"""Pure: what differs between two contents, field by field and word by word (差异对比)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, Final

#: A word: a run of Latin letters and digits, with the point inside a number; else one sign.
_WORD: Final = re.compile(r"[A-Za-z0-9]+(?:\.[0-9]+)*|\s+|.", re.DOTALL)

#: The fields of a version that are compared, in the order in which people read them.
FIELDS: Final = (
    "kind",
    "stem",
    "options",
    "key",
    "explanation",
    "topic",
    "difficulty",
    "law_citation",
)


class Part(StrEnum):
    """What became of a stretch of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of text that is the same, was removed or was added."""

    part: Part
    text: str


@dataclass(frozen=True, kw_only=True)
class FieldDifference:
    """A field that differs: before, after, and the words between."""

    field: str
    before: str | None
    after: str | None
    pieces: tuple[Piece, ...]


def words(before: str, after: str) -> tuple[Piece, ...]:
    """Return how one text becomes the other, word by word; in Chinese each sign is a word.

    The pieces that were not added make up `before`, those that were not removed `after`.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    pieces: list[Piece] = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece(part=Part.SAME, text="".join(old[i:j])))
            continue
        if i < j:
            pieces.append(Piece(part=Part.REMOVED, text="".join(old[i:j])))
        if k < m:
            pieces.append(Piece(part=Part.ADDED, text="".join(new[k:m])))
    return tuple(pieces)


def between(before: Any, after: Any) -> list[FieldDifference]:
    """Return the fields in which two versions differ.

    Args:
        before: has the attributes named in `FIELDS`, as a version has.
        after: the same.
    """
    return [
        FieldDifference(field=field, before=old, after=new, pieces=words(old or "", new or ""))
        for field in FIELDS
        for old, new in [(_text(before, field), _text(after, field))]
        if old != new
    ]


def _text(version: Any, field: str) -> str | None:
    value = getattr(version, field)
    if field == "options":
        return "\n".join(_lines(value))
    if field == "key":
        return "".join(value)
    return None if value is None else str(value)


def _lines(options: Sequence[Any]) -> Iterator[str]:
    return (f"{option['label']}. {option['text']}" for option in options)
