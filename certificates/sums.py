"""What stretches change in the sums of each region, day by day (逐日增减).

Six sums are kept for every region and indicator: how many are required, missing and left out,
counted once by person and once by post and required item. Each stretch adds +1 on its first day and
−1 on the day after its last; a figure of any day is the sum of all changes up to it. People are
counted once in each region, whatever they do in the regions beneath it: their stretches are
united there first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from certificates.papers import COVERED, END, FIRST_MISSING, NOT_DUE
from certificates.stretches import Stretch

#: The six sums: by person, then by post and item.
SUMS = (
    "required",
    "missing",
    "excluded",
    "items_required",
    "items_missing",
    "items_excluded",
)
#: One change, or one sum, of each.
Six = list[int]
#: Region, indicator, day.
Cell = tuple[int, int, int]


#: Says in the sums of which regions a ground counts.
Summed = Callable[[int], Sequence[int]]


def changes(
    stretches: Iterable[Stretch], summed: Summed, per_year: Collection[int]
) -> dict[Cell, Six]:
    """Return what the stretches of one person change in the sums; no change that is nothing.

    Args:
        stretches: all of one person (or organisation), in any order.
        summed: in the sums of which regions a ground counts.
        per_year: indicators in which having it for any post is enough.
    """
    here: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    for each in stretches:
        for region in summed(each.ground):
            here.setdefault((region, each.indicator), []).append(each[-3:])
    found: dict[Cell, Six] = {}
    for (region, indicator), parts in here.items():
        for day, six in united(parts, any_is_enough=indicator in per_year).items():
            found[region, indicator, day] = six
    return found


def united(parts: Sequence[tuple[int, int, int]], *, any_is_enough: bool) -> dict[int, Six]:
    """Return the changes that one person's parts (start, end, state) make in one region."""
    edges: dict[int, Six] = {}
    for start, end, state in parts:
        kind = NOT_DUE if state == NOT_DUE else min(state, FIRST_MISSING)
        edges.setdefault(start, [0, 0, 0])[kind] += 1
        edges.setdefault(end, [0, 0, 0])[kind] -= 1
    found: dict[int, Six] = {}
    left_out = covered = missing = 0
    before = (0, 0, 0, 0, 0, 0)
    for day in sorted(edges):
        edge = edges[day]
        left_out += edge[NOT_DUE]
        covered += edge[COVERED]
        missing += edge[FIRST_MISSING]
        due = covered + missing
        lacking = missing > 0 and not (any_is_enough and covered > 0)
        now = (
            int(due > 0),
            int(lacking),
            int(left_out > 0 and due == 0),
            due,
            missing,
            left_out,
        )
        if day < END and now != before:
            found[day] = [after - was for after, was in zip(now, before, strict=True)]
        before = now
    return found


def added(left: Mapping[Cell, Six], right: Mapping[Cell, Six], sign: int = 1) -> dict[Cell, Six]:
    """Return `left` and `right` together (or `left` without `right`, where the sign is −1)."""
    found = {cell: list(six) for cell, six in left.items()}
    for cell, six in right.items():
        into = found.setdefault(cell, [0] * len(SUMS))
        for place, number in enumerate(six):
            into[place] += sign * number
    return {cell: six for cell, six in found.items() if any(six)}
