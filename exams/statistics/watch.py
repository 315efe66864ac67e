"""Leak and drift watch (泄题与漂移监测): does a question become easier, or quicker, than it was?

The first uses of a question say how hard it is and how long it takes. Over what follows a sum runs
(CUSUM): each response adds how much likelier it is if the question had become one logit easier,
and, where it is right and its time is known, if it had become one deviation quicker. The sum never
falls below zero, so that it remembers no honest past; above the threshold the question is
suspected. A suspicion suspends a question until a person has looked; it says nothing of a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from exams.statistics.responses import Figures, Numbers, Responses, Truths, ratio, totals

#: Uses from which a question is known well enough to be watched.
KNOWN_AFTER: Final = 100

#: How much easier, in logits, and quicker, in deviations of log time, a leaked question is.
EASIER: Final = 1.0
QUICKER: Final = 1.0

#: Standard errors by which a question is taken to be easier than its first uses say, so that what
#: is not known of it raises no alarm.
_CAUTION: Final = 2.0

#: Threshold at which, in simulation, less than one honest question of a thousand is suspected
#: within 400 uses after the first hundred; see tests/rules/exams/statistics/test_watch.py.
THRESHOLD: Final = 10.0
USES: Final = 400

#: Times farther off than so many deviations say no more.
_FARTHEST: Final = 2.5

#: A drift is this many logits, and this many standard errors: by chance under 1 of 1,000.
DRIFT: Final = 0.5
DRIFT_ERRORS: Final = 3.8


#: A step this small, in logits, changes nothing that anybody reads.
_EXACT: Final = 1e-9


@dataclass(frozen=True, kw_only=True)
class Watched:
    """Where the watch stands with each question; NaN where it is not known well enough."""

    #: Uses after the first hundred.
    uses: Numbers
    #: The highest the sum has been.
    highest: Figures
    threshold: Figures
    #: Difficulty of the later uses less that of the first, in logits; below zero is easier.
    drift: Figures
    drift_error: Figures

    @property
    def suspected(self) -> Truths:
        """Which questions are suspected to have leaked."""
        return np.asarray(self.highest > self.threshold)

    @property
    def drifted(self) -> Truths:
        """Which questions are no longer as hard as they were, in either direction."""
        far = np.abs(self.drift) > DRIFT
        return np.asarray(far & (np.abs(self.drift) > DRIFT_ERRORS * self.drift_error))


def watch(responses: Responses, ability: Figures, seconds: Figures, order: Numbers) -> Watched:
    """Watch every question.

    Args:
        responses: the responses.
        ability: of each candidate, in logits.
        seconds: what each response took; NaN where it is not known.
        order: positions of the responses, by question and then by time.
    """
    item, right = responses.item[order], responses.right[order].astype(float)
    able, place = ability[responses.person[order]], _places(responses, order)
    first = place < KNOWN_AFTER
    size = responses.item_count
    hard, error = _difficulty(item[first], right[first], able[first], size)
    late, late_error = _difficulty(item[~first], right[~first], able[~first], size)
    chance = 1 / (1 + np.exp((hard - _CAUTION * error)[item] - able))
    adds = right * EASIER - np.log1p(chance * (np.exp(EASIER) - 1))
    adds += right * _haste(responses, seconds, order, first)
    uses = np.maximum(responses.count - KNOWN_AFTER, 0)
    highest = _highest(item[~first], place[~first] - KNOWN_AFTER, adds[~first], size)
    return Watched(
        uses=uses,
        highest=np.where(uses > 0, highest, np.nan),
        threshold=THRESHOLD + np.log(np.maximum(uses, USES) / USES),
        drift=np.where(uses >= KNOWN_AFTER, late - hard, np.nan),
        drift_error=np.hypot(error, late_error),
    )


def _places(responses: Responses, order: Numbers) -> Numbers:
    """Return the number of each use of a question, from 0."""
    starts = np.concatenate(([0], np.cumsum(responses.count)[:-1]))
    return np.asarray(np.arange(len(responses)) - starts[responses.item[order]])


def _difficulty(item: Numbers, right: Figures, able: Figures, size: int) -> tuple[Figures, Figures]:
    """Return the difficulty of each question given the abilities, and its standard error."""
    hard, info = np.zeros(size), np.ones(size)
    for _ in range(12):
        chance = 1 / (1 + np.exp(hard[item] - able))
        info = totals(item, chance * (1 - chance), size) + 0.25
        pull = totals(item, chance - right, size) - 0.25 * hard
        step = np.clip(pull / info, -1.5, 1.5)
        hard = hard + step
        if np.abs(step).max(initial=0) < _EXACT:
            break
    return hard, 1 / np.sqrt(info)


def _haste(responses: Responses, seconds: Figures, order: Numbers, first: Truths) -> Figures:
    """Return how much likelier each time is if the question had become quicker; 0 if unknown."""
    took = np.log(np.where(seconds > 0, seconds, np.nan))
    known = np.isfinite(took)
    plain = np.where(known, took, 0)
    pace = ratio(responses.sum_by_person(plain), responses.sum_by_person(known.astype(float)))
    off = (took - pace[responses.person])[order]
    item, use = responses.item[order], first & np.isfinite(off)
    size = responses.item_count
    count = np.bincount(item[use], minlength=size)
    usual = ratio(totals(item[use], off[use], size), count)
    spread = np.sqrt(ratio(totals(item[use], (off[use] - usual[item[use]]) ** 2, size), count - 1))
    enough = (count >= KNOWN_AFTER // 2) & (spread > 0.05)
    usual = usual - _CAUTION * spread / np.sqrt(np.maximum(count, 1))
    z = (off - usual[item]) / np.where(enough, spread, np.nan)[item]
    z = np.clip(z, -_FARTHEST, _FARTHEST)
    return np.where(np.isfinite(z), -QUICKER * z - QUICKER**2 / 2, 0.0)


def _highest(item: Numbers, place: Numbers, adds: Figures, size: int) -> Figures:
    """Run the sum of each question over its uses, and return the highest it was.

    All questions take a step together; those with the most uses stand first, so that the ones that
    have come to their end fall off behind.
    """
    count = np.bincount(item, minlength=size)
    rank = np.empty(size, dtype=np.int64)
    rank[np.argsort(-count, kind="stable")] = np.arange(size)
    by_step = np.lexsort((rank[item], place))
    steps = adds[by_step]
    sums, highest = np.zeros(size), np.zeros(size)
    begin = 0
    for going in np.bincount(place):
        sums[:going] = np.maximum(0, sums[:going] + steps[begin : begin + going])
        np.maximum(highest[:going], sums[:going], out=highest[:going])
        begin += going
    return highest[rank]
