"""The table of first letters of pinyin, made from the dictionary of pypinyin.

`python -m tests.pinyin_table` writes it. The dictionary takes 60 MB and half a second to load, the
table two and a few milliseconds; every process that lets a question be found needs it.
"""

from __future__ import annotations

import json
import unicodedata
from itertools import groupby
from typing import Any

from question_bank.initials import LONGEST, TABLE


def table() -> dict[str, Any]:
    """Return the usual letter of each sign in runs of neighbours, and the phrases that differ."""
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    usual = {code: _letter(said.split(",")[0]) for code, said in PINYIN_DICT.items()}
    usual = {code: letter for code, letter in sorted(usual.items()) if letter}
    phrases = {}
    for phrase, readings in sorted(PHRASES_DICT.items()):
        letters = "".join(_letter(said[0]) for said in readings)
        expected = "".join(usual.get(ord(sign), "") for sign in phrase)
        if len(phrase) <= LONGEST and letters != expected:
            phrases[phrase] = letters
    runs = groupby(enumerate(usual), key=lambda one: one[1] - one[0])
    codes = [[code for _, code in run] for _, run in runs]
    return {
        "source": "pypinyin, MIT licence",
        "usual": [[run[0], "".join(usual[code] for code in run)] for run in codes],
        "phrases": phrases,
    }


def written() -> str:
    """Return the table as its file holds it."""
    return json.dumps(table(), ensure_ascii=False) + "\n"


def _letter(said: str) -> str:
    """Return the first letter of a reading without its tone."""
    return unicodedata.normalize("NFD", said)[:1]


if __name__ == "__main__":
    TABLE.write_text(written(), "utf-8")
