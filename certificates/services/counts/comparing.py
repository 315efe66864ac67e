"""The sums as they are kept, beside what was counted, cell by cell (账实对照)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from certificates.models import CoverageCheckpoint, CoverageDay
from certificates.services.counts import bulk
from certificates.services.counts.checkpoints import before, laid
from certificates.services.counts.tallying import INDICATOR_BITS, KEY_DAY_BITS, Cells, Tally
from certificates.sums import SUMS
from certificates.sweeping import Numbers
from server.db import Base

#: Half of what 32 bits hold: a sum, and the number of a region, are smaller.
_HALF = 2**31

_NOTHING: Cells = (np.empty(0, np.int64), np.empty((0, len(SUMS)), np.int32))


class Compared(NamedTuple):
    """A stretch of cells with whole regions and indicators; keys as `tallying.unpacked` has them.

    What is kept and what was counted stand in the same rows.
    """

    #: What days change.
    days: Numbers
    kept: Numbers
    counted: Numbers
    #: Checkpoints that are laid, and the sums before their days.
    checkpoints: Numbers
    laid: Numbers
    due: Numbers


def compared(tally: Tally) -> Iterator[Compared]:
    """Yield everything that is kept beside everything that was counted, piece by piece."""
    start = 0
    for keys, sixes in tally.cells():
        # A piece ends with a whole region and indicator; the next begins with what comes after.
        end = (int(keys[-1] >> KEY_DAY_BITS) + 1) << KEY_DAY_BITS
        yield _piece(start, end, (keys, sixes))
        start = end
    yield _piece(start, np.iinfo(np.int64).max, _NOTHING)


def _piece(start: int, end: int, counted: Cells) -> Compared:
    keys, sixes = counted
    kept_keys, kept = cells(CoverageDay, start, end)
    some = kept.any(axis=1)
    same = np.array_equal(keys, kept_keys[some])
    every = keys if same else np.union1d(keys, kept_keys[some])
    laid_keys, sums = cells(CoverageCheckpoint, start, end)
    return Compared(
        days=every,
        kept=kept[some] if same else _spread(every, kept_keys[some], kept[some]),
        counted=sixes if same else _spread(every, keys, sixes),
        checkpoints=laid_keys,
        laid=sums,
        due=before(keys, sixes, laid_keys),
    )


def unlike(piece: Compared) -> Numbers:
    """Return the series in which the checkpoints are others than a count from nothing would lay."""
    keys, sums = piece.checkpoints, piece.laid
    some = piece.counted.any(axis=1)
    wanted, values = laid(piece.days[some], piece.counted[some])
    missing = np.setxor1d(keys, wanted, assume_unique=True)
    both, left, right = np.intersect1d(keys, wanted, assume_unique=True, return_indices=True)
    wrong = both[(sums[left] != values[right]).any(axis=1)]
    found: Numbers = np.unique(np.concatenate([missing, wrong]) >> KEY_DAY_BITS)
    return found


def cells(table: type[Base], start: int, end: int) -> Cells:
    """Return the rows from one region and indicator up to another, in order (see `unpacked`).

    The key in one number, the sums two to a number: what the driver hands over is what takes long.
    """
    pairs = [
        f"{bulk.wide(SUMS[at])} * {1 << 32} + {SUMS[at + 1]} + {_HALF}" for at in range(0, 6, 2)
    ]
    region = 1 << (KEY_DAY_BITS + INDICATOR_BITS)
    series = f"{bulk.wide('region')} * {region} + {bulk.wide('indicator')} * {1 << KEY_DAY_BITS}"
    key = f"{series} + day"
    words = f"""
        SELECT {key}, {", ".join(pairs)} FROM {table.__tablename__}
        WHERE region BETWEEN {start // region} AND {min(end // region, _HALF - 1)}
          AND {key} >= {start} AND {key} < {end}
        """  # noqa: S608  # our own names and numbers
    keys, *found = bulk.read(words, 1 + len(pairs))
    sixes = [half for pair in found for half in (pair >> 32, (pair & (2 * _HALF - 1)) - _HALF)]
    order = np.argsort(keys, kind="stable")
    return keys[order], np.stack(sixes, axis=1).astype(np.int32)[order]


def _spread(every: Numbers, keys: Numbers, sixes: Numbers) -> Numbers:
    found = np.zeros((len(every), len(SUMS)), np.int64)
    found[np.searchsorted(every, keys)] = sixes
    return found
