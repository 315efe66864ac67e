"""From the words of phones to one sheet a candidate: what counted, and what it took (作答表).

A word says what is chosen in a slot; the last one, by phone and sequence, counts. What a slot took
is the time from one word to the next, as the server received them. Words that come in a heap were
stored on the phone without network: how long each of them took is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from exams.statistics.responses import Figures, Numbers, totals

#: Words that may arrive together while the phone has network.
_HEAP: Final = 3

#: The most that a sheet can hold, in tenths: nearly two hours.
_LONGEST: Final = 0xFFFF


@dataclass(frozen=True, kw_only=True)
class Words:
    """One element a word, in any order."""

    #: Which sheet, from 0.
    sheet: Numbers
    slot: Numbers
    epoch: Numbers
    sequence: Numbers
    #: Chosen options of the form as bits.
    chosen: Numbers
    #: When it came, in tenths of a second.
    came: Numbers

    def at(self, order: Numbers) -> Words:
        """Return some of the words, in this order."""
        return Words(
            sheet=self.sheet[order],
            slot=self.slot[order],
            epoch=self.epoch[order],
            sequence=self.sequence[order],
            chosen=self.chosen[order],
            came=self.came[order],
        )


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One candidate's responses, as they are stored."""

    chosen: bytes
    tenths: bytes


def write(words: Words, slot_counts: Numbers, begun: Numbers) -> Iterator[Sheet]:
    """Write the sheets of some candidates, in order.

    Args:
        words: all their words.
        slot_counts: places of each candidate's paper.
        begun: when each of them started, in tenths of a second.
    """
    starts = np.concatenate(([0], np.cumsum(slot_counts)))
    fits = (words.slot >= 1) & (words.slot <= slot_counts[words.sheet])
    words = words.at(np.flatnonzero(fits))
    cell = starts[words.sheet] + words.slot - 1
    chosen = _counting(words, cell, int(starts[-1]))
    took = _took(words, cell, int(starts[-1]), begun)
    for begin, end in pairwise(starts):
        yield Sheet(
            chosen=chosen[begin:end].astype("<u2").tobytes(),
            tenths=took[begin:end].astype("<u2").tobytes(),
        )


def read(column: bytes) -> Numbers:
    """Return one column of sheets, one after the other."""
    return np.frombuffer(column, dtype="<u2").astype(np.int64)


def _counting(words: Words, cell: Numbers, size: int) -> Numbers:
    """Return what counts in each cell: the word of the highest epoch, sequence and choice."""
    order = np.lexsort((words.chosen, words.sequence, words.epoch, cell))
    found = np.zeros(size, dtype=np.int64)
    # Of several values for one cell, the last is the one that stays.
    found[cell[order]] = words.chosen[order]
    return found


def _took(words: Words, cell: Numbers, size: int, begun: Numbers) -> Figures:
    order = np.lexsort((words.sequence, words.came, words.sheet))
    sheet, came = words.sheet[order], words.came[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (sheet[1:] != sheet[:-1]) | (came[1:] != came[:-1])
    batch = np.cumsum(first) - 1
    heap = np.bincount(batch) if len(order) else np.zeros(0, dtype=np.int64)
    at = np.flatnonzero(first)
    before = np.empty(len(at), dtype=np.int64)
    opens = np.ones(len(at), dtype=bool)
    opens[1:] = sheet[at[1:]] != sheet[at[:-1]]
    before[1:] = came[at[:-1]]
    before[opens] = begun[sheet[at[opens]]]
    gap = np.maximum(came[at] - before, 0) / np.maximum(heap, 1)
    known = heap <= _HEAP
    where = cell[order]
    took = totals(where, gap[batch], size)
    unknown = totals(where, (~known)[batch].astype(float), size) > 0
    return np.where(unknown, 0, np.minimum(np.rint(took), _LONGEST))
