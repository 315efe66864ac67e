"""Do two candidates agree in more responses than their abilities explain (雷同作答分析)?

For every pair on one form the number of identical responses, right and wrong, is compared with
what two who do not know of each other would share: a right response by the Rasch model, and of
wrong ones each option as often as others chose it. The matches are then independent chances, and
the exact tail of their sum (generalised binomial test) says how rare that many are. Responses that
are missing never match. What is found is evidence for people, and nothing follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from exams.statistics import rasch
from exams.statistics.responses import Figures, Numbers, Responses, Truths

#: Candidates of a form below which shares of options are too uncertain to compare anybody.
FEWEST: Final = 100

#: Of a hundred exams in which nobody copied, at most one shows a pair; never above 1 in a million.
FAMILY_LEVEL: Final = 0.01
HIGHEST_LEVEL: Final = 1e-6

#: A response that was not given.
MISSING: Final = -1

#: Standard errors from which the exact tail is computed; below it no pair could be shown.
_SCREEN: Final = 4.0
_ROWS: Final = 256


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two candidates, by their numbers, who agree remarkably."""

    one: int
    other: int
    matches: int
    #: Of the matches, those in which both are wrong in the same way.
    identical_wrong: int
    expected: float
    #: The chance of as many matches, or more, where nobody knows of the other.
    p: float


@dataclass(frozen=True, kw_only=True)
class Found:
    """What comparing all pairs of a form has shown."""

    pair_count: int
    level: float
    pairs: tuple[Pair, ...]

    @property
    def expected_false(self) -> float:
        """How many pairs are shown on average where nobody copied: an upper bound."""
        return self.pair_count * self.level


def compare(chosen: Numbers, right: Truths, *, level: float | None = None) -> Found:
    """Compare all pairs of candidates on one form.

    Args:
        chosen: candidates × places, what was chosen as bits; `MISSING` where nothing was.
        right: candidates × places.
        level: the chance at which a pair is shown; None for the one that the size asks for.
    """
    count = len(chosen)
    pair_count = count * (count - 1) // 2
    if level is None:
        level = min(HIGHEST_LEVEL, FAMILY_LEVEL / max(pair_count, 1))
    if count < FEWEST:
        return Found(pair_count=0, level=level, pairs=())
    chances = _chances(chosen, right)
    pairs = [
        pair
        for one, other in _screened(chosen, chances)
        if (pair := _judged(int(one), int(other), chosen, right, chances)).p <= level
    ]
    pairs.sort(key=lambda pair: pair.p)
    return Found(pair_count=pair_count, level=level, pairs=tuple(pairs))


def tail(chances: Figures, matches: int) -> float:
    """Return the exact chance of at least so many successes of independent trials."""
    spread = np.zeros(len(chances) + 1)
    spread[0] = 1.0
    for chance in chances:
        spread[1:] = spread[1:] * (1 - chance) + spread[:-1] * chance
        spread[0] *= 1 - chance
    return float(spread[matches:].sum())


def _chances(chosen: Numbers, right: Truths) -> list[Figures]:
    """Return for each place the chance of each candidate to give each response that occurs."""
    scale = rasch.scale(_responses(right))
    known = 1 / (1 + np.exp(scale.difficulty[None, :] - scale.ability[:, None]))
    found = []
    for place in range(chosen.shape[1]):
        options = np.unique(chosen[:, place])
        given = chosen[:, place][:, None] == options[None, :]
        wrong = given & ~right[:, place][:, None]
        is_right = (given & right[:, place][:, None]).any(axis=0)
        shares = np.where(is_right, 0.0, wrong.sum(axis=0) + 0.5)
        shares = shares / max(float(shares.sum()), 1e-9)
        chance = np.where(is_right, known[:, [place]], (1 - known[:, [place]]) * shares)
        found.append(chance[:, options != MISSING])
    return found


def _responses(right: Truths) -> Responses:
    count, places = right.shape
    return Responses(
        person=np.repeat(np.arange(count), places),
        item=np.tile(np.arange(places), count),
        share=right.ravel().astype(np.float64),
        worth=np.ones(right.size),
        person_count=count,
        item_count=places,
        form_of=np.zeros(count, dtype=np.int64),
    )


def _screened(chosen: Numbers, chances: list[Figures]) -> Numbers:
    """Return the pairs that agree so much that the exact tail is worth computing."""
    count, places = chosen.shape
    found = []
    for begin in range(0, count, _ROWS):
        rows = slice(begin, min(begin + _ROWS, count))
        matches = np.zeros((rows.stop - begin, count))
        expected, spread = np.zeros_like(matches), np.zeros_like(matches)
        for place in range(places):
            column = chosen[:, place]
            mine = column[rows]
            matches += (mine[:, None] == column[None, :]) & (mine[:, None] != MISSING)
            chance = chances[place][rows] @ chances[place].T
            expected += chance
            spread += chance * (1 - chance)
        above = matches - expected > _SCREEN * np.sqrt(np.maximum(spread, 1e-9))
        one, other = np.nonzero(above)
        keep = one + begin < other
        found.append(np.column_stack((one[keep] + begin, other[keep])))
    return np.concatenate(found)


def _judged(one: int, other: int, chosen: Numbers, right: Truths, chances: list[Figures]) -> Pair:
    same = (chosen[one] == chosen[other]) & (chosen[one] != MISSING)
    chance = np.array([float(place[one] @ place[other]) for place in chances])
    matches = int(same.sum())
    return Pair(
        one=one,
        other=other,
        matches=matches,
        identical_wrong=int((same & ~right[one]).sum()),
        expected=float(chance.sum()),
        p=tail(np.clip(chance, 0.0, 1.0), matches),
    )
