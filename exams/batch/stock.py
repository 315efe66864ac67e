"""What papers are made of, as columns: the questions, and the specification (题源与规格)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import shake_256

import numpy as np
from numpy.typing import NDArray

from exams.assembly import SectionRule

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]

#: Share of candidates that answers a question of unknown difficulty, by kind, and how sure that is.
UNKNOWN = 0.7
UNSURE = 0.15


@dataclass(frozen=True, kw_only=True, eq=False)
class Stock:
    """Questions that papers may draw, one row each."""

    #: The section whose kind a question has; -1 where none asks for it.
    section: Places
    #: The topic, as a place in `topics`.
    topic: Places
    #: Estimated share of all candidates that answers it, 0 to 1.
    facility: Numbers
    #: Standard error of that estimate.
    error: Numbers
    #: Questions of one group are never on one paper together.
    group: Places
    #: How often it has come up in earlier sittings.
    used: Places
    topics: Sequence[str]

    def __len__(self) -> int:
        """Return the number of questions."""
        return len(self.section)


@dataclass(frozen=True, kw_only=True)
class Specification:
    """What every paper must meet."""

    sections: Sequence[SectionRule]
    #: Points the average candidate is expected to reach; None leaves it to the bank.
    target: float | None = None
    #: By how many points a paper may lie beside the target.
    tolerance: float = 0.5
    #: How often a question may come up in one sitting; None for no limit but the papers.
    cap: int | None = None
    #: Questions, as places in the stock, that no paper takes.
    excluded: frozenset[int] = frozenset()
    #: Questions, as places in the stock, that every paper takes.
    required: frozenset[int] = frozenset()

    @property
    def size(self) -> int:
        """Questions of a paper."""
        return sum(rule.count for rule in self.sections)

    @property
    def points(self) -> int:
        """Points of a paper."""
        return sum(rule.count * rule.points for rule in self.sections)


@dataclass(frozen=True, kw_only=True, eq=False)
class Cell:
    """Questions that can take each other's place: one section, one topic where it is bounded."""

    section: int
    #: The topic; None for all those without bounds.
    topic: str | None
    #: Places in the stock.
    members: Places
    minimum: int
    maximum: int
    points: int

    @property
    def key(self) -> tuple[int, str | None]:
        """Section and topic."""
        return (self.section, self.topic)


@dataclass(frozen=True, kw_only=True)
class Chance:
    """Chance that can be repeated: numbers that only the seed and their purpose decide."""

    seed: bytes

    def uniform(self, purpose: str, count: int) -> Numbers:
        """Return `count` numbers from 0 to below 1."""
        stream = shake_256(purpose.encode() + b"\0" + self.seed).digest(8 * count)
        # 53 bits are what a float holds.
        return (np.frombuffer(stream, dtype=">u8") >> np.uint64(11)).astype(np.float64) / 2**53

    def order(self, purpose: str, count: int) -> Places:
        """Return the numbers from 0 to `count` - 1 in the order of their lots."""
        return np.argsort(self.uniform(purpose, count), kind="stable")


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """The stock laid out for a specification."""

    stock: Stock
    specification: Specification
    cells: Sequence[Cell]
    #: Expected points of each question for the average candidate.
    value: Numbers = field(repr=False)


def laid_out(stock: Stock, specification: Specification) -> Shelf:
    """Sort the questions into cells.

    Raises:
        ValueError: two sections ask for one kind, so that a question belongs to neither alone.
    """
    kinds = [rule.kind for rule in specification.sections]
    if len(set(kinds)) != len(kinds):
        raise ValueError("Each section of a batch takes a kind of its own.")
    open_to_all = np.ones(len(stock), dtype=bool)
    open_to_all[list(specification.excluded | specification.required)] = False
    cells: list[Cell] = []
    for place, rule in enumerate(specification.sections):
        mine = open_to_all & (stock.section == place)
        taken = np.zeros(len(stock), dtype=bool)
        fixed = _required_by_topic(stock, specification, place)
        for topic, bounds in rule.topics.items():
            here = mine & (stock.topic == _place_of(stock.topics, topic))
            taken |= here
            already = fixed.pop(topic, 0)
            most = rule.count if bounds.maximum is None else bounds.maximum
            cells.append(
                Cell(
                    section=place,
                    topic=topic,
                    members=np.flatnonzero(here),
                    minimum=max(0, bounds.minimum - already),
                    maximum=max(0, most - already),
                    points=rule.points,
                )
            )
        rest = np.flatnonzero(mine & ~taken)
        if len(rest):
            cells.append(
                Cell(
                    section=place,
                    topic=None,
                    members=rest,
                    minimum=0,
                    maximum=rule.count,
                    points=rule.points,
                )
            )
    points = np.array([rule.points for rule in specification.sections] or [0])
    value = stock.facility * points[np.maximum(stock.section, 0)]
    return Shelf(stock=stock, specification=specification, cells=cells, value=value)


def needed(shelf: Shelf) -> list[int]:
    """Return how many questions each section takes beyond those that are required."""
    counts = [rule.count for rule in shelf.specification.sections]
    for place in shelf.specification.required:
        counts[shelf.stock.section[place]] -= 1
    return counts


def _required_by_topic(stock: Stock, specification: Specification, section: int) -> dict[str, int]:
    counted: dict[str, int] = {}
    for place in specification.required:
        if stock.section[place] == section:
            name = stock.topics[stock.topic[place]]
            counted[name] = counted.get(name, 0) + 1
    return counted


def _place_of(topics: Sequence[str], topic: str) -> int:
    return topics.index(topic) if topic in topics else -1


def by_name(cells: Sequence[Cell], sections: Sequence[SectionRule]) -> Mapping[str, int]:
    """Return how many questions each cell holds, under a name for people."""
    return {
        f"{sections[cell.section].kind} {cell.topic or '*'}": len(cell.members) for cell in cells
    }
