"""Rasch difficulty: all questions and candidates on one scale, whoever met whom (Rasch 难度).

The chance of a right response is 1 / (1 + e^(difficulty − ability)). Both are found where the
responses are likeliest, with a weak prior (MAP), so that nobody who had everything right is
infinitely able. Samples are sparse: each candidate meets a hundred of many thousand questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from exams.statistics.responses import Figures, Numbers, Responses, Truths, ratio, totals

#: Spread that abilities and difficulties are expected to have, in logits. Weak.
_SPREAD: Final = 2.0
_ENOUGH: Final = 0.002
_TURNS: Final = 60

#: Responses from which a question may hold the scale, and the move at which it no longer does.
ANCHOR_RESPONSES: Final = 100
ANCHOR_MOVE: Final = 0.5


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Questions and candidates on one scale, in logits."""

    difficulty: Figures
    #: Standard error of each difficulty.
    error: Figures
    ability: Figures
    ability_error: Figures
    #: Mean squared standardised residual of each question (outfit); 1 is as expected.
    outfit: Figures

    @property
    def reliability(self) -> float | None:
        """The share of the spread of abilities that is no error (边际信度)."""
        if len(self.ability) < 2:
            return None
        true, error = float(self.ability.var(ddof=1)), float(np.mean(self.ability_error**2))
        return true / (true + error) if true + error else None

    def moved(self, by: float) -> Scale:
        """Return the same scale with another zero."""
        return Scale(
            difficulty=self.difficulty + by,
            error=self.error,
            ability=self.ability + by,
            ability_error=self.ability_error,
            outfit=self.outfit,
        )


@dataclass(frozen=True, kw_only=True)
class _Cells:
    """Responses of candidates who cannot be told apart, counted together.

    By this model all who met the same questions and were right as often are as able. So a few
    thousand groups of them stand for as many candidates as there are.
    """

    #: The group of each candidate, and how many are in each.
    group_of: Numbers
    size: Numbers
    #: Of each cell: the group, the question, how many responded, and how many were right.
    group: Numbers
    item: Numbers
    count: Figures
    right: Figures

    def sum_by_item(self, values: Figures, item_count: int) -> Figures:
        """Add a value of each cell, by question."""
        return totals(self.item, values, item_count)

    def mean_by_group(self, values: Figures) -> Figures:
        """Add a value of each cell, by group, for one of its candidates."""
        return totals(self.group, values, len(self.size)) / self.size

    def chance(self, ability: Figures, difficulty: Figures) -> Figures:
        """Return the chance of a right response in each cell."""
        return np.asarray(1 / (1 + np.exp(difficulty[self.item] - ability[self.group])))


def scale(responses: Responses) -> Scale:
    """Find the scale of these responses; its zero is the mean difficulty of the questions."""
    cells, items = _counted(responses), responses.item_count
    won = cells.mean_by_group(cells.right)
    right = cells.sum_by_item(cells.right, items)
    ability = _start(won, cells.mean_by_group(cells.count))
    difficulty = -_start(right, responses.count)
    prior = 1 / _SPREAD**2
    for _ in range(_TURNS):
        expected = cells.count * (chance := cells.chance(ability, difficulty))
        gained = cells.sum_by_item(expected, items) - right - prior * difficulty
        step = gained / (cells.sum_by_item(expected * (1 - chance), items) + prior)
        difficulty = difficulty + np.clip(step, -1, 1)
        expected = cells.count * (chance := cells.chance(ability, difficulty))
        gained = won - cells.mean_by_group(expected) - prior * ability
        stride = gained / (cells.mean_by_group(expected * (1 - chance)) + prior)
        ability = ability + np.clip(stride, -1, 1)
        if max(np.abs(step).max(initial=0), np.abs(stride).max(initial=0)) < _ENOUGH:
            break
    return _judged(responses, cells, ability, difficulty)


def _counted(responses: Responses) -> _Cells:
    """Count candidates together who met the same form and were right as often."""
    right = responses.right.astype(float)
    items = responses.item_count
    group_of = np.arange(responses.person_count)
    if responses.form_of is not None:
        won = responses.sum_by_person(right).astype(np.int64)
        _, group_of = np.unique(responses.form_of * (items + 1) + won, return_inverse=True)
    size = np.bincount(group_of)
    if len(size) * items > len(responses):  # each for themselves costs less than a table
        ones = np.ones(len(responses))
        return _Cells(
            group_of=np.arange(responses.person_count),
            size=np.ones(responses.person_count, dtype=np.int64),
            group=responses.person,
            item=responses.item,
            count=ones,
            right=right,
        )
    cell = group_of[responses.person] * items + responses.item
    count = np.bincount(cell, minlength=len(size) * items)
    there = np.flatnonzero(count)
    return _Cells(
        group_of=group_of,
        size=size,
        group=there // items,
        item=there % items,
        count=count[there].astype(np.float64),
        right=totals(cell, right, len(count))[there],
    )


def linked(found: Scale, count: Numbers, before: Figures) -> tuple[Scale, Truths]:
    """Move a scale onto the one before, and say which questions have drifted away from it.

    Questions that were known before and have enough responses hold the scale; those that moved
    more than half a logit against the others do not.

    Args:
        found: the new scale.
        count: responses to each question.
        before: difficulties on the scale before; NaN where there is none.
    """
    holds = np.isfinite(before) & (count >= ANCHOR_RESPONSES)
    shift = 0.0
    for _ in range(20):
        if not holds.any():
            return found.moved(shift), np.zeros(len(before), dtype=bool)
        shift = float(np.mean(before[holds] - found.difficulty[holds]))
        off = np.abs(found.difficulty + shift - before)
        stays = holds & (off <= ANCHOR_MOVE)
        if not stays.any() or (stays == holds).all():
            break
        holds = stays
    moved = found.moved(shift)
    away = np.abs(moved.difficulty - before) > ANCHOR_MOVE
    return moved, np.isfinite(before) & (count >= ANCHOR_RESPONSES) & away


def _start(won: Figures, met: Figures | Numbers) -> Figures:
    return np.asarray(np.log((won + 0.5) / (np.asarray(met) - won + 0.5)))


def _judged(responses: Responses, cells: _Cells, ability: Figures, difficulty: Figures) -> Scale:
    prior, items = 1 / _SPREAD**2, responses.item_count
    chance = cells.chance(ability, difficulty)
    spread = chance * (1 - chance)
    off = cells.right * (1 - chance) ** 2 + (cells.count - cells.right) * chance**2
    met = responses.count > 0
    zero = float(difficulty[met].mean()) if met.any() else 0.0
    info = cells.sum_by_item(cells.count * spread, items)
    outfit = ratio(cells.sum_by_item(off / np.maximum(spread, 1e-9), items), responses.count)
    error = 1 / np.sqrt(cells.mean_by_group(cells.count * spread) + prior)
    return Scale(
        difficulty=np.where(met, difficulty - zero, np.nan),
        error=np.where(met, 1 / np.sqrt(info + prior), np.nan),
        ability=(ability - zero)[cells.group_of],
        ability_error=error[cells.group_of],
        outfit=outfit,
    )
