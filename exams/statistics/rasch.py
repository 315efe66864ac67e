"""Rasch difficulty: all questions and candidates on one scale, whoever met whom (Rasch 难度).

The chance of a right response is 1 / (1 + e^(difficulty − ability)). Both are found where the
responses are likeliest, with a weak prior (MAP), so that nobody who had everything right is
infinitely able. Samples are sparse: each candidate meets a hundred of many thousand questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from exams.statistics.responses import Figures, Numbers, Responses, Truths, ratio

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


def scale(responses: Responses) -> Scale:
    """Find the scale of these responses; its zero is the mean difficulty of the questions."""
    right = responses.right.astype(float)
    ability = _start(responses.sum_by_person(right), responses.sum_by_person(np.ones(len(right))))
    difficulty = -_start(responses.sum_by_item(right), responses.count)
    prior = 1 / _SPREAD**2
    for _ in range(_TURNS):
        chance = _chance(responses, ability, difficulty)
        gained = responses.sum_by_item(chance - right) - prior * difficulty
        step = gained / (responses.sum_by_item(chance * (1 - chance)) + prior)
        difficulty = difficulty + np.clip(step, -1, 1)
        chance = _chance(responses, ability, difficulty)
        gained = responses.sum_by_person(right - chance) - prior * ability
        stride = gained / (responses.sum_by_person(chance * (1 - chance)) + prior)
        ability = ability + np.clip(stride, -1, 1)
        if max(np.abs(step).max(initial=0), np.abs(stride).max(initial=0)) < _ENOUGH:
            break
    return _judged(responses, right, ability, difficulty)


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


def _chance(responses: Responses, ability: Figures, difficulty: Figures) -> Figures:
    return np.asarray(1 / (1 + np.exp(difficulty[responses.item] - ability[responses.person])))


def _judged(responses: Responses, right: Figures, ability: Figures, difficulty: Figures) -> Scale:
    prior = 1 / _SPREAD**2
    chance = _chance(responses, ability, difficulty)
    spread = chance * (1 - chance)
    met = responses.count > 0
    zero = float(difficulty[met].mean()) if met.any() else 0.0
    outfit = ratio(
        responses.sum_by_item((right - chance) ** 2 / np.maximum(spread, 1e-9)), responses.count
    )
    return Scale(
        difficulty=np.where(met, difficulty - zero, np.nan),
        error=np.where(met, 1 / np.sqrt(responses.sum_by_item(spread) + prior), np.nan),
        ability=ability - zero,
        ability_error=1 / np.sqrt(responses.sum_by_person(spread) + prior),
        outfit=outfit,
    )
