"""Which form the next seat gets: of those no neighbour has, one that was dealt least (发卷)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from heapq import heappop, heappush
from uuid import UUID


class Dealer:
    """Deals forms, from 1, seat by seat; ten thousand to ten thousand seats in a second.

    The next form is the least of (neighbours who have it, times dealt in all, times dealt in the
    room, number). Forms stand in piles by how often they were dealt, so that few are looked at.

    Args:
        count: how many forms there are.
    """

    def __init__(self, count: int) -> None:
        #: Times dealt → a heap of forms.
        self._piles: dict[int, list[int]] = {0: list(range(1, count + 1))}
        self._in_rooms: dict[UUID, Counter[int]] = defaultdict(Counter)
        #: By pile, no form of it was dealt less often in the room at hand.
        self._floor: Counter[int] = Counter()
        self._room_id: UUID | None = None

    def deal(self, room_id: UUID, around: Mapping[int, int]) -> int:
        """Return the form of the next seat.

        Args:
            room_id: its room.
            around: forms of the seats around it, with how many have each.
        """
        if room_id != self._room_id:
            self._room_id = room_id
            self._floor.clear()
        used = self._in_rooms[room_id]
        for times in sorted(self._piles):
            form = self._taken(times, used, around)
            if form is not None:
                return self._dealt(form, times, used)
        # Everybody around has one: the form that fewest of them have.
        every = [(around[form], times, used[form], form) for times, form in self._every()]
        _, times, _, form = min(every)
        self._piles[times].remove(form)
        self._piles[times].sort()
        return self._dealt(form, times, used)

    def _every(self) -> list[tuple[int, int]]:
        return [(times, form) for times, pile in self._piles.items() for form in pile]

    def _taken(self, times: int, used: Counter[int], around: Mapping[int, int]) -> int | None:
        """Take the form of a pile that the room had least, and no neighbour; None for none."""
        pile, aside, found = self._piles[times], [], None
        while pile and found is None:
            form = heappop(pile)
            if form not in around and used[form] <= self._floor[times]:
                found = form
            else:
                aside.append(form)
        if found is None:
            self._floor[times] = min(used[form] for form in aside)
            found = min(
                (form for form in aside if form not in around),
                key=lambda form: (used[form], form),
                default=None,
            )
        for form in aside:
            if form != found:
                heappush(pile, form)
        return found

    def _dealt(self, form: int, times: int, used: Counter[int]) -> int:
        used[form] += 1
        if not self._piles[times]:
            del self._piles[times]
            del self._floor[times]
        heappush(self._piles.setdefault(times + 1, []), form)
        if len(self._piles[times + 1]) > 1:
            self._floor[times + 1] = min(self._floor[times + 1], used[form])
        else:
            self._floor[times + 1] = 0
        return form
