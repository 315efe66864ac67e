"""When a question is brought before a reviewer, by what its responses say (试题预警).

Every figure has a least number of responses below which it is shown grey and flags nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Flag(StrEnum):
    """Why a person should look at a question (预警)."""

    TOO_HARD = "too_hard"  # 过难
    TOO_EASY = "too_easy"  # 过易
    WEAK_DISCRIMINATION = "weak_discrimination"  # 区分度低
    #: Better candidates do worse, or a regrade overruled it: the key may be wrong (答案可疑).
    KEY_SUSPECTED = "key_suspected"
    UNUSED_OPTION = "unused_option"  # 干扰项无人选
    #: The best third prefers a wrong option to the key (干扰项优于答案).
    PREFERRED_OPTION = "preferred_option"
    #: Facility is not what the bank says of the question (难度与标注不符).
    DIFFICULTY_DIFFERS = "difficulty_differs"
    #: Responses do not follow ability (拟合不良).
    MISFIT = "misfit"
    #: Harder or easier for some than for others as able (群体差异).
    DIFFERENTIAL = "differential"
    LEAK_SUSPECTED = "leak_suspected"  # 疑似泄题
    #: Not as hard as it was (难度漂移).
    DRIFTED = "drifted"


#: Flags that keep a question out of new papers until a reviewer has looked.
SUSPENDING: Final = frozenset({Flag.KEY_SUSPECTED, Flag.LEAK_SUSPECTED})


class Figure(StrEnum):
    """A figure that needs so many responses."""

    FACILITY = "facility"
    DISCRIMINATION = "discrimination"
    OPTIONS = "options"
    DIFFICULTY = "difficulty"
    SECONDS = "seconds"
    WATCH = "watch"


#: The least number of responses of each figure.
LEAST: Final = {
    Figure.FACILITY: 50,
    Figure.DISCRIMINATION: 200,
    Figure.OPTIONS: 100,
    Figure.DIFFICULTY: 30,
    Figure.SECONDS: 200,
    Figure.WATCH: 200,
}

#: Responses from which facility may steer the assembly of papers.
STEERS_FROM: Final = 200

HARDEST, EASIEST = 0.20, 0.95
LEAST_DISCRIMINATION: Final = 10.0
LEAST_CHOSEN: Final = 0.02
MOST_OUTFIT: Final = 1.5
MOST_DIFFERENCE: Final = 0.10


@dataclass(frozen=True, kw_only=True)
class OptionFigures:
    """How one option of a question was taken."""

    label: str
    is_key: bool
    #: Responses that chose it.
    count: int
    #: The same among the best third of those who met the question.
    best_count: int


@dataclass(frozen=True, kw_only=True)
class Observed:
    """What is known of one question version; None where it cannot be said."""

    response_count: int
    facility: float | None
    discrimination: float | None
    outfit: float | None
    options: Sequence[OptionFigures]
    #: What the bank says of it, as the share expected to respond rightly.
    stated: float | None = None
    #: Whether the interval of the facility holds what the bank says.
    stated_is_likely: bool = True
    differs_by_group: bool = False
    leak_suspected: bool = False
    drifted: bool = False
    #: Whether a regrade found the key wrong, or the question no good: the bank still says it.
    overruled: bool = False


def grey(response_count: int) -> list[Figure]:
    """Return the figures that too few responses stand behind."""
    return [figure for figure, least in LEAST.items() if response_count < least]


def flags(seen: Observed) -> list[Flag]:
    """Return why a person should look at a question, in the order of the list of flags."""
    too_few = set(grey(seen.response_count))
    found: set[Flag] = set()
    if Figure.FACILITY not in too_few:
        found |= _of_facility(seen)
    if Figure.DISCRIMINATION not in too_few:
        found |= _of_discrimination(seen)
    if Figure.OPTIONS not in too_few:
        found |= _of_options(seen)
    told = {
        Flag.KEY_SUSPECTED: seen.overruled,
        Flag.DIFFERENTIAL: seen.differs_by_group,
        Flag.LEAK_SUSPECTED: seen.leak_suspected,
        Flag.DRIFTED: seen.drifted,
    }
    found |= {flag for flag, raised in told.items() if raised}
    return [flag for flag in Flag if flag in found]


def _of_facility(seen: Observed) -> set[Flag]:
    if seen.facility is None:
        return set()
    steers = seen.response_count >= STEERS_FROM and seen.stated is not None
    off = steers and abs(seen.facility - (seen.stated or 0.0)) > MOST_DIFFERENCE
    return _raised(
        {
            Flag.TOO_HARD: seen.facility < HARDEST,
            Flag.TOO_EASY: seen.facility > EASIEST,
            Flag.DIFFICULTY_DIFFERS: off and not seen.stated_is_likely,
        }
    )


def _of_discrimination(seen: Observed) -> set[Flag]:
    index, outfit = seen.discrimination, seen.outfit
    return _raised(
        {
            Flag.KEY_SUSPECTED: index is not None and index < 0,
            Flag.WEAK_DISCRIMINATION: index is not None and 0 <= index < LEAST_DISCRIMINATION,
            Flag.MISFIT: outfit is not None and outfit > MOST_OUTFIT,
        }
    )


def _of_options(seen: Observed) -> set[Flag]:
    wrong = [one for one in seen.options if not one.is_key]
    key = [one.best_count for one in seen.options if one.is_key]
    least = LEAST_CHOSEN * seen.response_count
    return _raised(
        {
            Flag.UNUSED_OPTION: any(one.count < least for one in wrong),
            Flag.PREFERRED_OPTION: bool(key) and any(one.best_count > min(key) for one in wrong),
        }
    )


def _raised(told: dict[Flag, bool]) -> set[Flag]:
    return {flag for flag, raised in told.items() if raised}
