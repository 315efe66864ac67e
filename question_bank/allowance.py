"""How much of the practice pool one person may see in a day (每日练习额度).

Who practises in earnest does not reach it; who wants the whole bank does. The figures are dated
data beside this file, and the day is one of Asia/Shanghai.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What one person may see on a day."""

    #: The first day on which it counts.
    effective_from: date
    #: Different questions that may be shown, mock exams left aside.
    questions_a_day: int
    mock_exams_a_day: int
    source: str


def on(day: date) -> Allowance:
    """Return what counts on a day: the newest that has begun, else the oldest."""
    begun = [one for one in _shipped() if one.effective_from <= day]
    return begun[-1] if begun else _shipped()[0]


@cache
def _shipped() -> tuple[Allowance, ...]:
    text = files("question_bank").joinpath("practice_allowances.json").read_text("utf-8")
    rows = [
        Allowance(**{**row, "effective_from": date.fromisoformat(row["effective_from"])})
        for row in json.loads(text)
    ]
    return tuple(sorted(rows, key=lambda one: one.effective_from))
