"""Runs of days of many people at once, in columns of whole numbers (批量区段).

The same arithmetic as `certificates.timelines`, for hundreds of thousands of people in one stroke:
sorting the days on which something begins or ends, and counting what holds between two of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]

#: Bits that a day takes beside a group: the last day of the calendar is 3,652,059.
DAY_BITS = 22


class Runs(NamedTuple):
    """Runs of days, by group and day: the state of `group` from `start` up to without `end`."""

    group: Numbers
    start: Numbers
    end: Numbers
    state: Numbers

    def only(self, which: Numbers) -> Runs:
        """Return some of them."""
        return Runs(*(column[which] for column in self))


def together(parts: Sequence[Runs]) -> Runs:
    """Return all runs of several lists in one."""
    if not parts:
        nothing = np.empty(0, np.int64)
        return Runs(nothing, nothing, nothing, nothing)
    return Runs(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def runs(group: Numbers, start: Numbers, end: Numbers, state: Numbers | int) -> Runs:
    """Return runs, those without any day left out."""
    found = Runs(group, start, end, np.broadcast_to(np.asarray(state), group.shape))
    return found.only(found.start < found.end)


def sweep(parts: Runs, *, lowest: bool) -> Runs:
    """Return the least (else the greatest) state of every day that lies in any run.

    By group and day, as few runs as possible; days that lie in none are left out.
    """
    if not len(parts.group):
        return parts
    states = int(parts.state.max()) + 1
    groups, days, active = counted(*parts, states)
    here = active > 0
    held = here.any(axis=1)
    found = here.argmax(axis=1) if lowest else states - 1 - here[:, ::-1].argmax(axis=1)
    ends = np.append(days[1:], 0)
    return joined(Runs(groups[held], days[held], ends[held], found[held].astype(np.int64)))


def common(parts: Sequence[Runs]) -> Runs:
    """Return the days that lie in every one of several lists, group by group; their state is 0."""
    each = [
        sweep(part._replace(state=np.zeros(len(part.group), np.int64)), lowest=True)
        for part in parts
    ]
    if len(each) == 1:
        return each[0]
    every = together(each)
    groups, days, active = counted(*every, 1)
    held = active[:, 0] == len(each)
    ends = np.append(days[1:], 0)
    zeros = np.zeros(int(held.sum()), np.int64)
    return joined(Runs(groups[held], days[held], ends[held], zeros))


def counted(
    group: Numbers, start: Numbers, end: Numbers, kind: Numbers, width: int
) -> tuple[Numbers, Numbers, Numbers]:
    """Return each day of each group on which something changes, and how many of a kind hold then.

    Args:
        group: not greater than 2^41.
        start: the first day of each run.
        end: the day after its last.
        kind: what is counted, from 0 up to without `width`.
        width: how many kinds there are.
    """
    both, days = np.concatenate([group, group]), np.concatenate([start, end])
    order = np.argsort((both << DAY_BITS) | days)
    both, days = both[order], days[order]
    active = np.zeros((len(order), width), np.int32)
    signs = np.where(order < len(group), 1, -1)
    active[np.arange(len(order)), np.concatenate([kind, kind])[order]] = signs
    np.cumsum(active, axis=0, out=active)
    if not len(both):
        return both, days, active
    last = np.append((both[1:] != both[:-1]) | (days[1:] != days[:-1]), values=True)
    return both[last], days[last], active[last]


def joined(parts: Runs) -> Runs:
    """Join runs that touch and are in one state; they are in order and none overlaps another."""
    group, start, end, state = parts
    if not len(group):
        return parts
    fresh = (group[1:] != group[:-1]) | (state[1:] != state[:-1]) | (start[1:] != end[:-1])
    firsts = np.flatnonzero(np.insert(fresh, 0, values=True))
    lasts = np.append(firsts[1:], len(group)) - 1
    return Runs(group[firsts], start[firsts], end[lasts], state[firsts])


def matches(wanted: Numbers, held: Numbers) -> tuple[Numbers, Numbers]:
    """Return every pair of places at which both have the same value; `held` is sorted."""
    first = np.searchsorted(held, wanted, "left")
    counts = np.searchsorted(held, wanted, "right") - first
    left = np.repeat(np.arange(len(wanted)), counts)
    within = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
    return left, np.repeat(first, counts) + within


def by_value(rule: Callable[[int], int], values: Numbers) -> Numbers:
    """Return what a rule makes of each value; it is asked once for each that occurs."""
    some, places = np.unique(values, return_inverse=True)
    return np.fromiter((rule(value) for value in some.tolist()), np.int64, len(some))[places]
