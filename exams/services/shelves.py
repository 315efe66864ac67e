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


#: Every shelf and every store of this process.
_SHELVES: WeakSet[Shelf[Any] | Store[Any]] = WeakSet()


def forget() -> None:
    """Keep nothing any more: for whoever exchanges the database beneath a running process."""
    for shelf in _SHELVES:
        shelf.clear()


class Shelf(Generic[Kept]):
    """The last things that were asked for. What it keeps is immutable, so it is never stale."""

    def __init__(self, read: Callable[[Connection, UUID], Kept], *, most: int = _MOST_KEPT) -> None:
        self._read = read
        self._most = most
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
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return kept


class Store(Generic[Kept]):
    """A few things that were put down last; whether one is still good, who takes it knows.

    Args:
        most: how many.
    """

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[UUID, Kept] = OrderedDict()
        _SHELVES.add(self)

    def clear(self) -> None:
        """Take everything away."""
        self._kept.clear()

    def find(self, thing_id: UUID) -> Kept | None:
        """Return a thing; None where it is not there."""
        return self._kept.get(thing_id)

    def keep(self, thing_id: UUID, kept: Kept) -> None:
        """Put a thing down, in place of an earlier one and of the oldest."""
        self._kept.pop(thing_id, None)
        self._kept[thing_id] = kept
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def drop(self, thing_id: UUID) -> None:
        """Take a thing away."""
        self._kept.pop(thing_id, None)
