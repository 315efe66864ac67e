"""Those who wait for a writer, and how they are told one after the other (应答).

Each waits on a bare lock, the cheapest thing a thread can wait on: this is passed by every
response of every candidate, and a future cost more than the database did. Whoever is told tells
the next: a hundred threads that are told at once push the writer aside, and then wait for the
interpreter anyway, one after the other.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

#: So many are told by the writer itself: as many as there may be cores that idle.
_TOLD_AT_ONCE = 2


class Waiting:
    """Somebody who waits for the answer to a wish."""

    __slots__ = ("_gone", "_heard", "answer", "store", "wish")

    #: Who tells them all together; None for a thread that waits by itself.
    teller: Teller | None = None

    def __init__(self, store: Any, wish: Any) -> None:
        self.store = store
        self.wish = wish
        self.answer: Any = None
        #: Held until there is an answer.
        self._heard = threading.Lock()
        self._heard.acquire()
        #: Whether nobody waits any more.
        self._gone = False

    def hears(self, patience: float) -> bool:
        """Wait for so many seconds; say whether there is an answer."""
        if self._heard.acquire(timeout=max(0.0, patience)):
            return True
        # Said before it is looked once more: so whoever tells it now either is heard, or sees that
        # nobody is there to tell the next.
        self._gone = True
        return self._heard.acquire(blocking=False)

    def tell(self) -> bool:
        """Let them go on; say whether they are there."""
        self._heard.release()
        return not self._gone


class Teller(Protocol):
    """Tells many at once of their answers."""

    def tell(self, told: Sequence[Any]) -> None:
        """Let them go on."""


class Answers:
    """Answers that were found, and those who are not yet told of theirs."""

    def __init__(self) -> None:
        self._untold: deque[Waiting] = deque()

    def give(self, answers: Iterable[tuple[Waiting, Any]]) -> None:
        """Give answers to those who wait for them."""
        together: dict[Teller, list[Waiting]] = {}
        for waiting, answer in answers:
            waiting.answer = answer
            if waiting.teller is None:
                self._untold.append(waiting)
            else:
                together.setdefault(waiting.teller, []).append(waiting)
        for teller, told in together.items():
            teller.tell(told)
        for _ in range(_TOLD_AT_ONCE):
            self._tell_one()

    def await_one(self, waiting: Waiting, patience: float) -> bool:
        """Wait for so many seconds, and tell the next; say whether there is an answer."""
        heard = waiting.hears(patience)
        if heard:
            self._tell_one()
        return heard

    def _tell_one(self) -> None:
        while self._untold:
            try:
                one = self._untold.popleft()
            except IndexError:  # somebody else told the last
                return
            if one.tell():
                return
