"""What a bank lacks that cannot carry a specification, by linear program (短缺证明).

Each question may come up at a rate up to its cap; the rates must fill the sections, the topics
and the target, two of one group at most once together. Where that cannot be, what is missing is
as little as possible, and the program says where. That a bank lacks something here is a proof;
that it lacks nothing is no promise that papers can be made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from exams.assembly import Shortage
from exams.batch.solver import Expression, Variable, solver
from exams.batch.stock import Cell, Numbers, Places, Shelf, Specification, Stock, laid_out, needed

#: Steps into which the expected points of questions are sorted, so that like counts as one.
_BINS = 12

#: What a point beside the target costs, against a question that is missing.
_POINT = 0.05

#: Less than this is a rounding of the program.
_NOUGHT = 1e-6


@dataclass(frozen=True, kw_only=True)
class Lacking:
    """What is missing: questions by section and topic, and points of expected score."""

    shortages: tuple[Shortage, ...]
    #: By how many points the nearest reachable target lies above (positive) or below the one asked
    #: for; 0 where it can be reached.
    beside_target: float

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was found missing."""
        return not self.shortages and not self.beside_target


def shortages(stock: Stock, specification: Specification, papers: int) -> Lacking:
    """Return what the bank lacks for so many papers."""
    shelf = laid_out(stock, specification)
    program = _Program(shelf, papers)
    program.solve()
    return Lacking(
        shortages=tuple(program.short_topics() + program.short_sections()),
        beside_target=program.beside_target(),
    )


class _Program:
    """The linear program: rates of questions, and what may be missing at a price."""

    def __init__(self, shelf: Shelf, papers: int) -> None:
        self._shelf = shelf
        cap = shelf.specification.cap
        self._rate = 1.0 if cap is None else min(1.0, cap / papers)
        self._solver = solver()
        self._costs: list[Expression] = []
        self._groups: dict[int, list[Variable]] = {}
        self._terms: list[Expression] = []
        common = _common_groups(shelf)
        self._cells = [self._cell(cell, common) for cell in shelf.cells]
        for members in self._groups.values():
            self._solver.addConstr(self._solver.qsum(members) <= 1)
        self._missing = [self._floor(i, cell) for i, cell in enumerate(shelf.cells)]
        self._empty = [self._section(place) for place in range(len(needed(shelf)))]
        self._over, self._under = self._target()

    def solve(self) -> None:
        """Find the least that is missing."""
        self._solver.minimize(self._solver.qsum(self._costs))

    def short_topics(self) -> list[Shortage]:
        """Return the topics whose minimum cannot be met."""
        found = []
        for cell, missing in zip(self._shelf.cells, self._missing, strict=True):
            amount = self._value(missing)
            if amount:
                found.append(self._shortage(cell.section, cell.topic, cell.minimum, amount))
        return found

    def short_sections(self) -> list[Shortage]:
        """Return the sections that cannot be filled beyond that."""
        rules = self._shelf.specification.sections
        return [
            self._shortage(place, None, rules[place].count, self._value(empty))
            for place, empty in enumerate(self._empty)
            if self._value(empty)
        ]

    def beside_target(self) -> float:
        """Return by how many points the target cannot be reached."""
        if self._over is None:
            return 0.0
        return round(self._value(self._over) - self._value(self._under), 2)

    def _shortage(self, section: int, topic: str | None, asked: int, amount: float) -> Shortage:
        return Shortage(
            section=section,
            kind=self._shelf.specification.sections[section].kind,
            topic=topic,
            needed=asked,
            missing=max(1, int(np.ceil(amount - _NOUGHT))),
        )

    def _value(self, variable: Variable | None) -> float:
        value = 0.0 if variable is None else float(self._solver.val(variable))
        return value if value > _NOUGHT else 0.0

    def _cell(self, cell: Cell, common: Mapping[int, int]) -> list[Variable]:
        """Give rates to the questions of a cell; those without twins share one by value."""
        group, value = self._shelf.stock.group, self._shelf.value
        alone = np.array([common[int(group[place])] == 1 for place in cell.members], dtype=bool)
        rates = []
        for places in _alike(cell.members[alone], value):
            rates.append(self._rates(float(value[places].mean()), len(places) * self._rate))
        for place in cell.members[~alone].tolist():
            rates.append(self._rates(float(value[place]), self._rate))
            self._groups.setdefault(int(group[place]), []).append(rates[-1])
        return rates

    def _rates(self, value: float, most: float) -> Variable:
        variable: Variable = self._solver.addVariable(lb=0, ub=most)
        self._terms.append(variable * value)
        return variable

    def _floor(self, place: int, cell: Cell) -> Variable | None:
        rates = self._cells[place]
        if rates:
            self._solver.addConstr(self._solver.qsum(rates) <= cell.maximum)
        if not cell.minimum:
            return None
        missing: Variable = self._solver.addVariable(lb=0)
        self._solver.addConstr(self._solver.qsum([*rates, missing]) >= cell.minimum)
        self._costs.append(missing * 1.0)
        return missing

    def _section(self, place: int) -> Variable:
        empty: Variable = self._solver.addVariable(lb=0)
        mine = [i for i, cell in enumerate(self._shelf.cells) if cell.section == place]
        taken = [rate for i in mine for rate in self._cells[i]]
        # What a topic lacks is said there and fills the section here.
        missing = [one for i in mine if (one := self._missing[i]) is not None]
        self._solver.addConstr(
            self._solver.qsum([*taken, *missing, empty]) == needed(self._shelf)[place]
        )
        self._costs.append(empty * 1.0)
        return empty

    def _target(self) -> tuple[Variable | None, Variable | None]:
        target = self._shelf.specification.target
        if target is None:
            return None, None
        fixed = sum(float(self._shelf.value[i]) for i in self._shelf.specification.required)
        over, under = self._solver.addVariable(lb=0), self._solver.addVariable(lb=0)
        # Places that stay empty count as of average worth, so that they do not look like a
        # question of difficulty as well.
        filled = [one for one in (*self._missing, *self._empty) if one is not None]
        average = target / max(1, self._shelf.specification.points)
        expected = self._solver.qsum([*self._terms, *(one * average for one in filled)])
        tolerance = self._shelf.specification.tolerance
        self._solver.addConstr(expected - over <= target - fixed + tolerance)
        self._solver.addConstr(expected + under >= target - fixed - tolerance)
        self._costs += [over * _POINT, under * _POINT]
        return over, under


def _common_groups(shelf: Shelf) -> dict[int, int]:
    """Return how many questions that could be taken each group holds."""
    every: Places = np.concatenate([cell.members for cell in shelf.cells] or [np.array([], int)])
    groups, counts = np.unique(shelf.stock.group[every], return_counts=True)
    return dict(zip(groups.tolist(), counts.tolist(), strict=True))


def _alike(places: Places, value: Numbers) -> Sequence[Places]:
    """Sort questions into steps of like value."""
    if not len(places):
        return []
    ordered = places[np.argsort(value[places], kind="stable")]
    return [part for part in np.array_split(ordered, min(_BINS, len(ordered))) if len(part)]
