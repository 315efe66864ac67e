"""The ledger of a crowd of phones: what was said, what was acknowledged, and the judge over both.

The judge reads the rows over a connection of its own, and so does not depend on what it judges.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Engine, Table, create_engine, select

from exams.models import ResponseEntry

#: Seconds that a crowd may go without any acknowledgement before a test gives up.
PATIENCE = 60.0


class Word(NamedTuple):
    """One entry, whole: equal words are one and the same."""

    attempt_id: UUID
    slot: int
    sequence: int
    #: Chosen options as bits.
    chosen: int


@dataclass
class Ledger:
    """What the phones of a crowd know, whatever becomes of the server."""

    said: set[Word] = field(default_factory=set)
    acknowledged: set[Word] = field(default_factory=set)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _heard_at: float = field(default_factory=time.monotonic)
    _gap: float = 0.0

    def acknowledge(self, words: Iterable[Word]) -> None:
        """Note that the server has promised to keep these words."""
        self.acknowledged.update(words)
        self._note_gap()
        self._news.set()

    def take_longest_gap(self) -> float:
        """Return the longest time without any acknowledgement, in seconds, since last asked."""
        self._note_gap()
        gap, self._gap = self._gap, 0.0
        return gap

    def _note_gap(self) -> None:
        now = time.monotonic()
        self._gap, self._heard_at = max(self._gap, now - self._heard_at), now

    async def grown_by(self, count: int) -> None:
        """Wait until the server has acknowledged so many more words.

        Raises:
            TimeoutError: it acknowledges nothing for a long time.
        """
        enough = len(self.acknowledged) + count
        while len(self.acknowledged) < enough:
            self._news.clear()
            async with asyncio.timeout(PATIENCE):
                await self._news.wait()

    def counting(self, attempt_id: UUID) -> dict[int, Word]:
        """Return the word that counts in each slot of an attempt, once all are acknowledged."""
        newest: dict[int, Word] = {}
        for word in sorted(self.acknowledged, key=lambda one: one.sequence):
            if word.attempt_id == attempt_id:
                newest[word.slot] = word
        return newest


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What is wrong with the rows of a server, measured by a ledger."""

    #: Acknowledged, and not there.
    lost: list[Word]
    #: There more than once: one number of one phone in one slot.
    doubled: list[Word]
    #: There, and nobody ever said it.
    invented: list[Word]

    @property
    def spotless(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.lost or self.doubled or self.invented)

    def __str__(self) -> str:
        """Say how much is wrong; the words themselves would fill pages."""
        return (
            f"{len(self.lost)} lost, {len(self.doubled)} doubled, {len(self.invented)} invented;"
            f" the first: {(*self.lost, *self.doubled, *self.invented)[:1]}"
        )


def judge(*, acknowledged: set[Word], said: set[Word], stored: list[Word]) -> Judgement:
    """Measure what is stored by what the phones know."""
    there = set(stored)
    places = Counter((word.attempt_id, word.slot, word.sequence) for word in stored)
    return Judgement(
        lost=sorted(acknowledged - there),
        doubled=sorted(word for word in stored if places[word[:3]] > 1),
        invented=sorted(there - said),
    )


def stored_in(url: str) -> list[Word]:
    """Return the words in a database, over a connection of our own."""
    engine = create_engine(url)
    try:
        return words_of(engine)
    finally:
        engine.dispose()


def words_of(engine: Engine) -> list[Word]:
    """Return the words that an engine sees."""
    table: Table = ResponseEntry.__table__  # type: ignore[assignment]  # a table, by the mapping
    columns = (table.c.attempt_id, table.c.slot, table.c.sequence, table.c.chosen)
    with engine.connect() as connection:
        return [Word(*row) for row in connection.execute(select(*columns))]
