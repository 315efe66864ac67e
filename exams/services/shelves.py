"""What is read once and kept in memory, because it never changes (常驻内存)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Generic, TypeVar
from uuid import UUID
from weakref import WeakSet

from sqlalchemy import Connection

Kept = TypeVar("Kept")

#: Things kept on one shelf, per process: some 100 kB each for papers.
_MOST_KEPT = 256


#: Every shelf of this process.
_SHELVES: WeakSet[Shelf[Any]] = WeakSet()


def forget() -> None:
    """Keep nothing any more: for whoever exchanges the database beneath a running process."""
    for shelf in _SHELVES:
        shelf.clear()


class Shelf(Generic[Kept]):
    """The last things that were asked for. What it keeps is immutable, so it is never stale."""

    def __init__(self, read: Callable[[Connection, UUID], Kept]) -> None:
        self._read = read
        self._kept: OrderedDict[UUID, Kept] = OrderedDict()
        _SHELVES.add(self)

    def clear(self) -> None:
        """Take everything from the shelf."""
        self._kept.clear()

    def take(self, connection: Connection, thing_id: UUID) -> Kept:
        """Return a thing from memory, or read it over the connection and keep it."""
        kept = self._kept.get(thing_id)
        if kept is None:
            kept = self._kept[thing_id] = self._read(connection, thing_id)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return kept
