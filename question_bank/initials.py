"""Pure: the first letters of the pinyin of a text (拼音首字母): 特种作业操作证 is `tzzyczz`.

A sign that is read in several ways takes the reading of the phrase it stands in: 重 is z in 重量
and c in 重庆. Only phrases in which a reading differs from the usual one are looked for, which is
a hundred times quicker than reading the whole text with the dictionary.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import Final

#: Phrases longer than this are proverbs.
_LONGEST: Final = 5


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
    for length in range(_LONGEST, 1, -1):
        if letters := phrases.get(text[place : place + length]):
            return letters
    return None


@cache
def _dictionary() -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    """Return the usual letter of each sign, the phrases with another one, their first signs."""
    # A tenth of a second to load: not when the server starts.
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    usual = {chr(code): _letter(said.split(",")[0]) for code, said in PINYIN_DICT.items()}
    phrases: dict[str, str] = {}
    for phrase, readings in PHRASES_DICT.items():
        letters = "".join(_letter(said[0]) for said in readings)
        if len(phrase) <= _LONGEST and letters != "".join(usual.get(sign, "") for sign in phrase):
            phrases[phrase] = letters
    return usual, phrases, frozenset(phrase[0] for phrase in phrases)


@lru_cache(4096)
def _letter(said: str) -> str:
    """Return the first letter of a reading without its tone."""
    return unicodedata.normalize("NFD", said)[:1]
