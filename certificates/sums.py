"""What stretches change in the sums of each region, day by day (逐日增减).

Six sums are kept for every region and indicator: how many are required, missing and left out,
counted once by person and once by post and required item. Each stretch adds +1 on its first day and
−1 on the day after its last; a figure of any day is the sum of all changes up to it. People are
counted once in each region, whatever they do in the regions beneath it: their stretches are
united there first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from certificates.papers import END, FIRST_MISSING
from certificates.stretches import Stretch

#: The number of the rules by which facts become stretches. Whoever changes what counts – another
#: verdict on any day, of the same facts – raises it: then an upgrade counts everybody anew.
#: 1: inductions by the rule of the gate.
RULES = 1

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
    every = list(stretches)
    chains = {tuple(summed(each.ground)) for each in every}
    if len(chains) == 1:
        # Somebody who always stood in one place changes the same in every region above it.
        (chain,) = chains
        return {
            (region, indicator, day): list(six)
            for (indicator, day), six in changes_in_one(every, per_year).items()
            for region in chain
        }
    regions = {region for chain in chains for region in chain}
    found: dict[Cell, Six] = {}
    for region in regions:
        beneath = [each for each in every if region in summed(each.ground)]
        for (indicator, day), six in changes_in_one(beneath, per_year).items():
            found[region, indicator, day] = six
    return found


def changes_in_one(
    stretches: Iterable[Stretch], per_year: Collection[int]
) -> dict[tuple[int, int], Six]:
    """Return what stretches of one person that all count in a region change there.

    By indicator and day.
    """
    parts: dict[int, list[tuple[int, int, int]]] = {}
    for each in stretches:
        parts.setdefault(each.indicator, []).append(each[-3:])
    return {
        (indicator, day): six
        for indicator, found in parts.items()
        for day, six in united(found, any_is_enough=indicator in per_year).items()
    }


def united(parts: Sequence[tuple[int, int, int]], *, any_is_enough: bool) -> dict[int, Six]:
    """Return the changes that one person's parts (start, end, state) make in one region."""
    edges: dict[int, Six] = {}
    for start, end, state in parts:
        kind = state if state < FIRST_MISSING else FIRST_MISSING
        edge = edges.get(start)
        if edge is None:
            edge = edges[start] = [0, 0, 0]
        edge[kind] += 1
        edge = edges.get(end)
        if edge is None:
            edge = edges[end] = [0, 0, 0]
        edge[kind] -= 1
    found: dict[int, Six] = {}
    left_out = covered = missing = 0
    a = b = c = d = e = f = 0
    for day in sorted(edges):
        out, has, lacks = edges[day]
        left_out += out
        covered += has
        missing += lacks
        due = covered + missing
        required = 1 if due else 0
        lacking = 1 if missing and not (any_is_enough and covered) else 0
        excluded = 1 if left_out and not due else 0
        six = [required - a, lacking - b, excluded - c, due - d, missing - e, left_out - f]
        if day < END and any(six):
            found[day] = six
        a, b, c, d, e, f = required, lacking, excluded, due, missing, left_out
    return found
