"""Reading the next lot while the one before is counted (预读)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

Lot = TypeVar("Lot")
Found = TypeVar("Found")


def ahead(find: Callable[[Lot], Found], lots: Sequence[Lot]) -> Iterator[tuple[Lot, Found]]:
    """Yield every lot with what is found of it; what is found of the next is looked up meanwhile.

    The database and whoever counts take turns otherwise, each idle while the other works. The
    lookup goes over the connection of the caller, as it needs the same moment of the database: so
    the caller must leave that alone from one lot to the next.
    """
    if not lots:
        return
    with ThreadPoolExecutor(1) as beside:

        def look(lot: Lot) -> Future[Found]:
            # With the application and the session that the caller has.
            return beside.submit(copy_context().run, find, lot)

        looking = look(lots[0])
        for lot, following in zip(lots, [*lots[1:], None], strict=True):
            found = looking.result()
            if following is not None:
                looking = look(following)
            yield lot, found
