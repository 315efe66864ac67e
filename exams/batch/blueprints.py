"""How many questions of each topic a paper takes: a few plans, by integer program (命题蓝图).

Several plans instead of one, each pushed towards what the earlier ones took too little of, so that
every question of the bank comes up at times.
"""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np

from exams.batch.solver import Expression, Solver, Variable, solver
from exams.batch.stock import Cell, Numbers, Places, Shelf, needed

#: What a point of expected score beside the target costs, against a question beside the ideal.
_POINT = 0.3
#: The same once it is known how often each question comes up: no later step mends that.
_POINT_OF_A_KNOWN = 20.0

#: Share of the capacity under the cap that plans use; the rest leaves room to steer difficulty.
_USED = 0.85


def plans(shelf: Shelf, papers: int, *, count: int, usual: Numbers | None = None) -> list[Places]:
    """Return up to `count` plans: for each cell of the shelf, how many questions a paper takes.

    Args:
        shelf: the stock laid out.
        papers: how many papers there will be.
        count: how many different plans.
        usual: for each cell the expected points of a question that comes up, where exposure is
            known; every plan then lies on the target by itself.

    Raises:
        LookupError: no plan meets the bounds; `proof.shortages` says which.
    """
    number = min(count, papers)
    found: list[Places] = []
    for _ in range(number):
        limits = [
            _limit(shelf, cell, papers / number, sum(int(plan[i]) for plan in found))
            for i, cell in enumerate(shelf.cells)
        ]
        found.append(_plan(shelf, limits, found, usual))
    return found


def usual_values(shelf: Shelf, copies: Places) -> Numbers:
    """Return for each cell the expected points of a question as often as it comes up."""
    return np.array(
        [
            float(np.average(shelf.value[cell.members], weights=copies[cell.members]))
            if copies[cell.members].any()
            else _mean(shelf, cell)
            for cell in shelf.cells
        ]
    )


def _mean(shelf: Shelf, cell: Cell) -> float:
    return float(shelf.value[cell.members].mean()) if len(cell.members) else 0.0


def _limit(shelf: Shelf, cell: Cell, following: float, taken: int) -> int:
    """Return how many questions of a cell a plan can take.

    Args:
        shelf: the stock laid out.
        cell: the cell.
        following: how many papers follow the plan.
        taken: how many questions of the cell earlier plans take together.
    """
    groups = len(np.unique(shelf.stock.group[cell.members]))
    cap = shelf.specification.cap
    if cap is None:
        return min(cell.maximum, groups)
    capacity = len(cell.members) * cap / following - taken
    usual = int(capacity * _USED)
    # What must be taken may use the whole capacity.
    held = max(usual, min(cell.minimum, int(capacity + 1e-9)))
    return max(0, min(cell.maximum, groups, held))


def _plan(
    shelf: Shelf, limits: Sequence[int], earlier: Sequence[Places], usual: Numbers | None
) -> Places:
    program = solver()
    counts = [
        program.addVariable(lb=min(cell.minimum, most), ub=most, type=highspy.HighsVarType.kInteger)
        for cell, most in zip(shelf.cells, limits, strict=True)
    ]
    if any(cell.minimum > most for cell, most in zip(shelf.cells, limits, strict=True)):
        raise LookupError
    missed = [program.addVariable(lb=0) for _ in counts]
    wishes = []
    for section, wanted in enumerate(needed(shelf)):
        mine = [i for i, cell in enumerate(shelf.cells) if cell.section == section]
        if not mine:
            if wanted:
                raise LookupError
            continue
        program.addConstr(program.qsum([counts[i] for i in mine]) == wanted)
        held = sum(len(shelf.cells[i].members) for i in mine)
        for i in mine:
            # What a fair share by now would be, less what earlier plans took.
            share = wanted * len(shelf.cells[i].members) / held
            ideal = (len(earlier) + 1) * share - sum(int(plan[i]) for plan in earlier)
            program.addConstr(missed[i] - counts[i] >= -ideal)
            program.addConstr(missed[i] + counts[i] >= ideal)
            wishes.append(missed[i])
    wishes += _beside_target(program, shelf, counts, usual)
    program.minimize(program.qsum(wishes))
    if program.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise LookupError
    found: Places = np.rint(np.array([program.val(one) for one in counts])).astype(np.int64)
    return found


def _beside_target(
    program: Solver,
    shelf: Shelf,
    counts: Sequence[Variable],
    usual: Numbers | None,
) -> list[Expression]:
    target = shelf.specification.target
    if target is None:
        return []
    price = _POINT if usual is None else _POINT_OF_A_KNOWN
    values = [_mean(shelf, cell) for cell in shelf.cells] if usual is None else usual.tolist()
    fixed = sum(float(shelf.value[place]) for place in shelf.specification.required)
    expected = program.qsum([one * mean for one, mean in zip(counts, values, strict=True) if mean])
    over, under = program.addVariable(lb=0), program.addVariable(lb=0)
    program.addConstr(expected - over + under == target - fixed)
    return [over * price, under * price]
