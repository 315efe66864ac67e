"""Pure: terms of experts, what they ask for, and what stands against them (选聘条件)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from certificates.competence.errors import TermTooLong
from certificates.definitions import months_later
from server.training.kinds import Function


class ConflictKind(StrEnum):
    """What stands against an appointment (利益冲突)."""

    #: 任职资格限制
    BARRED = "barred"
    #: 任教：teaches at a provider, or is of the pool as a teacher.
    TEACHES = "teaches"
    #: 命题或考评：is of the pool as an author or examiner.
    SETS_OR_EXAMINES = "sets_or_examines"


@dataclass(frozen=True, kw_only=True)
class SelectionRule:
    """What an appointment to a function asks for, from a day on."""

    function: Function
    effective_from: date
    #: The longest term.
    most_months: int
    #: How many may follow one another.
    most_terms: int
    #: The least grade, by framework: one of them is enough.
    grades: Mapping[str, str]
    conflicts: frozenset[ConflictKind]
    source_zh: str
    source_en: str


@cache
def rules() -> tuple[SelectionRule, ...]:
    """Return the rules that come with the platform."""
    text = files("certificates.competence.data").joinpath("selection.json").read_text("utf-8")
    return tuple(
        SelectionRule(
            function=Function(row["function"]),
            effective_from=date.fromisoformat(row["effective_from"]),
            most_months=row["most_months"],
            most_terms=row["most_terms"],
            grades=row["grades"],
            conflicts=frozenset(ConflictKind(each) for each in row["conflicts"]),
            source_zh=row["source_zh"],
            source_en=row["source_en"],
        )
        for row in json.loads(text)
    )


def rule(function: Function, *, on: date) -> SelectionRule:
    """Return the rule that counts on a day; before the first, the first."""
    every = sorted(
        (each for each in rules() if each.function is function),
        key=lambda each: each.effective_from,
    )
    return next((each for each in reversed(every) if each.effective_from <= on), every[0])


def check(
    asked: SelectionRule, first: date, last: date, before: Iterable[tuple[date, date]]
) -> None:
    """Check the days of a term, and that it is not one too many.

    Args:
        asked: the rule.
        first: the first day of the term.
        last: its last day.
        before: first and last days of the terms that the person had in this function.

    Raises:
        TermTooLong: it is longer than a term may be, or follows on as many as may.
    """
    too_long = last >= months_later(first, asked.most_months)
    if too_long or followed(before, first) >= asked.most_terms:
        raise TermTooLong(months=asked.most_months, terms=asked.most_terms)


def followed(before: Iterable[tuple[date, date]], first: date) -> int:
    """Return how many terms follow one another, without a day between, up to a first day."""
    count, begins = 0, first
    for start, end in sorted(before, reverse=True):
        if start < begins and end >= begins - timedelta(days=1):
            count, begins = count + 1, start
    return count


def reaches(grades: Iterable[str], held: str | None, least: str) -> bool:
    """Say whether a grade is at least another, in the order given."""
    order = list(grades)
    return held in order and least in order and order.index(held) >= order.index(least)
