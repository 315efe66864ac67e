"""Piles (暂存): many values laid by in little memory until they are written.

A file of many thousand questions, as dictionaries, takes several times the memory of its words.
"""

from __future__ import annotations

import pickle
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

Thing = TypeVar("Thing")

#: Things packed together.
_TOGETHER = 500


class Pile(Generic[Thing]):
    """Things in the order they came, to be taken away once, some at a time.

    Args:
        things: what lies on it from the beginning.
    """

    def __init__(self, things: Iterable[Thing] = ()) -> None:
        self._packed: deque[bytes] = deque()
        self._loose: list[Thing] = []
        self._count = 0
        for thing in things:
            self.add(thing)

    def __len__(self) -> int:
        """Return how many things lie on it."""
        return self._count

    def add(self, thing: Thing) -> None:
        """Lay one more thing on it."""
        self._loose.append(thing)
        self._count += 1
        if len(self._loose) == _TOGETHER:
            self._packed.append(zlib.compress(pickle.dumps(self._loose), level=1))
            self._loose = []

    def taken(self) -> Iterator[list[Thing]]:
        """Yield everything, some at a time; the pile is empty then."""
        while self._packed:
            packed = zlib.decompress(self._packed.popleft())
            some: list[Thing] = pickle.loads(packed)  # noqa: S301  # made by this very object
            self._count -= len(some)
            yield some
        if self._loose:
            some, self._loose, self._count = self._loose, [], 0
            yield some
