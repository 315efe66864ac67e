"""A small network: groups flow into cells, cells into sections, within their bounds."""

from collections import deque
from collections.abc import Iterator, Sequence
from uuid import UUID

#: One place where questions count: number of the section, and the topic it bounds or None.
Cell = tuple[int, str | None]


class Network:
    """Which group of questions serves which cell; at most one cell for each group.

    The flow is improved by augmenting paths that never take a cell below the minimum it reached,
    which gives a maximum flow: first of the minima, then of the whole.
    """

    def __init__(self, *, counts: Sequence[int]) -> None:
        self._counts = counts
        self._bounds: dict[Cell, tuple[int, int | None]] = {}
        self._offers: dict[Cell, list[UUID]] = {}
        self._offered: set[tuple[UUID, Cell]] = set()
        self._queue: list[list[tuple[UUID, Cell]]] = [[] for _ in counts]
        self._cell_of: dict[UUID, Cell] = {}
        self._loads: dict[Cell, int] = {}

    def add_cell(self, cell: Cell, *, minimum: int, maximum: int | None) -> None:
        """Open a cell that takes from `minimum` to `maximum` groups; None is without limit."""
        self._bounds[cell] = (minimum, maximum)
        self._offers[cell] = []
        self._loads[cell] = 0

    def offer(self, group: UUID, cell: Cell) -> None:
        """Say that the group could serve the cell; the order of offers is the order of choice."""
        if (group, cell) not in self._offered:
            self._offered.add((group, cell))
            self._offers[cell].append(group)
            self._queue[cell[0]].append((group, cell))

    def cell_of(self, group: UUID) -> Cell | None:
        """Return the cell that the group serves, or None."""
        return self._cell_of.get(group)

    def load(self, cell: Cell) -> int:
        """Return how many groups serve the cell."""
        return self._loads[cell]

    def section_load(self, section: int) -> int:
        """Return how many groups serve the section."""
        return sum(load for cell, load in self._loads.items() if cell[0] == section)

    def fill(self) -> None:
        """Let as much flow as can: all minima first, then each section up to its count."""
        for cell, (minimum, _) in self._bounds.items():
            self._take(iter((group, cell) for group in self._offers[cell]), minimum)
            while self._loads[cell] < minimum and self._augment([cell]):
                pass
        for section, count in enumerate(self._counts):
            self._take(iter(self._queue[section]), count - self.section_load(section))
            while self.section_load(section) < count and self._augment(self._open(section)):
                pass

    def _take(self, offers: Iterator[tuple[UUID, Cell]], wanted: int) -> None:
        """Take free groups in the order of their lots while the cells have room."""
        for group, cell in offers:
            if wanted <= 0:
                return
            if group not in self._cell_of and self._has_room(cell):
                self._cell_of[group] = cell
                self._loads[cell] += 1
                wanted -= 1

    def _has_room(self, cell: Cell) -> bool:
        maximum = self._bounds[cell][1]
        return maximum is None or self._loads[cell] < maximum

    def _open(self, section: int) -> list[Cell]:
        return [cell for cell in self._bounds if cell[0] == section and self._has_room(cell)]

    def _replacements(self, cell: Cell) -> list[Cell]:
        """Return the cells that may grow in place of this one: itself, or its open sisters."""
        if self._loads[cell] > self._bounds[cell][0]:
            return [cell, *(sister for sister in self._open(cell[0]) if sister != cell)]
        return [cell]

    def _augment(self, starts: list[Cell]) -> bool:
        """Add one group to one of the cells by exchanging along the shortest path, if any."""
        came_from: dict[Cell, tuple[UUID, Cell] | None] = dict.fromkeys(starts)
        queue = deque(starts)
        reached: set[UUID] = set()
        while queue:
            cell = queue.popleft()
            for group in self._offers[cell]:
                if group in reached:
                    continue
                reached.add(group)
                holder = self._cell_of.get(group)
                if holder is None:
                    self._exchange(group, cell, came_from)
                    return True
                for grown in self._replacements(holder):
                    if grown not in came_from:
                        came_from[grown] = (group, cell)
                        queue.append(grown)
        return False

    def _exchange(
        self, group: UUID, cell: Cell, came_from: dict[Cell, tuple[UUID, Cell] | None]
    ) -> None:
        """Walk the path back, moving each group into the cell that asked for it."""
        while True:
            loser = self._cell_of.get(group)
            if loser is not None:
                self._loads[loser] -= 1
            self._cell_of[group] = cell
            self._loads[cell] += 1
            step = came_from[cell]
            if step is None:
                return
            group, cell = step
