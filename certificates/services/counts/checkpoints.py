"""Checkpoints: the sums before the first day of each quarter, from all changes (季初数)."""

from __future__ import annotations

from datetime import date

import numpy as np

from certificates.services.counts.tallying import KEY_DAY_BITS
from certificates.sweeping import Numbers


def laid(keys: Numbers, sixes: Numbers) -> tuple[Numbers, Numbers]:
    """Return the checkpoints of every region and indicator: keys of their days, and the sums.

    From the quarter after the first change on, up to the quarter after the last.

    Args:
        keys: the cells of all days, in order; see `tallying.unpacked`.
        sixes: what each changes.
    """
    if not len(keys):
        return keys, sixes
    series = keys >> KEY_DAY_BITS
    starts = np.flatnonzero(np.insert(series[1:] != series[:-1], 0, values=True))
    ends = np.append(starts[1:], len(keys)) - 1
    days = keys & ((1 << KEY_DAY_BITS) - 1)
    quarters = _quarters(int(days.min()), int(days.max()))
    first = np.searchsorted(quarters, days[starts], "right")
    last = np.searchsorted(quarters, days[ends], "right")
    counts = np.minimum(last + 1, len(quarters)) - first
    which = np.repeat(np.arange(len(starts)), counts)
    place = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    wanted = (series[starts][which] << KEY_DAY_BITS) | quarters[first[which] + place]
    return wanted, before(keys, sixes, wanted)


def before(keys: Numbers, sixes: Numbers, wanted: Numbers) -> Numbers:
    """Return the sums of regions and indicators before some days, from what each day changes.

    Args:
        keys: the cells of all days, in order.
        sixes: what each changes.
        wanted: keys of the days before which is asked.
    """
    so_far = np.zeros((len(keys) + 1, sixes.shape[1]), np.int32)
    np.cumsum(sixes, axis=0, out=so_far[1:])
    series = (wanted >> KEY_DAY_BITS) << KEY_DAY_BITS
    found: Numbers = so_far[np.searchsorted(keys, wanted)] - so_far[np.searchsorted(keys, series)]
    return found


def _quarters(first: int, last: int) -> Numbers:
    """Return the first day of every quarter from the one of `first` to the one after `last`."""
    begin, end = date.fromordinal(first), date.fromordinal(last)
    months = range(begin.year * 4 + (begin.month - 1) // 3, end.year * 4 + (end.month - 1) // 3 + 2)
    return np.array(
        [date(one // 4, one % 4 * 3 + 1, 1).toordinal() for one in months if one // 4 <= 9999],
        np.int64,
    )
