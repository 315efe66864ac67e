"""Pure: the first letters of the pinyin of a text (拼音首字母): 特种作业操作证 is `tzzyczz`.

A sign that is read in several ways takes the reading of the phrase it stands in: 重 is z in 重量
and c in 重庆. Only phrases in which a reading differs from the usual one are looked for, which is
a hundred times quicker than reading the whole text with the dictionary.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final

#: Phrases longer than this are proverbs.
LONGEST: Final = 5

#: The letters, made from the dictionary of pypinyin (tests/pinyin_table.py).
TABLE: Final = Path(__file__).parent / "pinyin_initials.json"


def initials(text: str) -> str:
    """Return the first letters of the pinyin of a folded text; what is not Chinese is left out.

    A space stands where Chinese signs are not neighbours, so that no letters join across it.
    """
    usual, phrases, firsts = _dictionary()
    found: list[str] = []
    place = 0
    while place < len(text):
        sign = text[place]
        letters = _phrase_at(text, place, phrases) if sign in firsts else None
        found.append(letters or usual.get(sign, " "))
        place += len(letters) if letters else 1
    return " ".join("".join(found).split())


def _phrase_at(text: str, place: int, phrases: dict[str, str]) -> str | None:
    """Return the letters of the longest phrase that begins at a place."""
    for length in range(LONGEST, 1, -1):
        if letters := phrases.get(text[place : place + length]):
            return letters
    return None


@cache
def _dictionary() -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    """Return the usual letter of each sign, the phrases with another one, their first signs."""
    kept = json.loads(TABLE.read_text("utf-8"))
    usual = {
        chr(code): letter for first, run in kept["usual"] for code, letter in enumerate(run, first)
    }
    phrases: dict[str, str] = kept["phrases"]
    return usual, phrases, frozenset(phrase[0] for phrase in phrases)
