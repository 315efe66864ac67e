"""A crowd of phones that save and hand in without end, and never forget a word unasked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from load_tests import journeys
from load_tests.figures import Timings
from load_tests.light import Lost, Walker
from load_tests.messages import Ask, Reply, put
from tests.faults.ledger import PATIENCE, Ledger, Word
from tests.faults.seats import SLOTS, Seat

#: Refusals that mean: send the same again.
_AGAIN = {409, 503, 507}

#: New words that one message carries at most; what a server was away for long waits for the next.
_MOST_AT_ONCE = 400


@dataclass
class Phone:
    """A phone that says something new again and again, until it hands in."""

    seat: Seat
    walker: Walker
    ledger: Ledger
    dice: Random
    #: Seconds between two messages, more or less.
    pause: float = 0.0
    #: Set when the candidate wants to hand in.
    finished: asyncio.Event = field(default_factory=asyncio.Event)
    _said: list[Word] = field(default_factory=list)
    _waiting: list[Word] = field(default_factory=list)

    async def sit(self) -> None:
        """Save until finished, then hand in, however often that must be asked."""
        try:
            await self._sit()
        finally:
            self.walker.close()
            await asyncio.sleep(0)  # the turn of the loop in which the connection is closed

    async def _sit(self) -> None:
        while not self.finished.is_set():
            self._speak()
            await self._save()
            if self.pause:
                await asyncio.sleep(self.dice.uniform(0.5, 1.5) * self.pause)
        while self._waiting:
            await self._save()
        submission = put(journeys.SUBMISSION, attempt_id=self.seat.attempt_id)
        while await self._send(submission) is None:
            pass

    def _speak(self) -> None:
        for _ in range(self.dice.randint(1, 3)):
            self._waiting.append(
                Word(
                    attempt_id=self.seat.attempt_id,
                    slot=self.dice.choice(SLOTS),
                    sequence=len(self._said) + 1,
                    chosen=self.dice.choice((1, 2)),
                )
            )
            self._said.append(self._waiting[-1])
        self.ledger.said.update(self._waiting)

    async def _save(self) -> None:
        # Old words are sent once more, as phones do that have missed a reply.
        again = self.dice.sample(self._said, min(2, len(self._said)))
        some = self._waiting[:_MOST_AT_ONCE]
        sent = [*some, *again]
        self.dice.shuffle(sent)
        entries = [
            {"slot": word.slot, "chosen": [word.chosen - 1], "sequence": word.sequence}
            for word in sent
        ]
        body = {"epoch": 1, "entries": entries}
        reply = await self._send(
            put(journeys.RESPONSES, body, attempt_id=self.seat.attempt_id),
        )
        if reply is not None:
            verdicts = {entry["verdict"] for entry in reply.body["entries"]}
            assert verdicts <= {"accepted", "ignored"}, reply.body
            self.ledger.acknowledge(sent)
            del self._waiting[: len(some)]

    async def _send(self, ask: Ask) -> Reply | None:
        """Ask once; None where the same must be asked again."""
        try:
            async with asyncio.timeout(PATIENCE):
                reply = await self.walker.send(ask)
        except Lost:
            await asyncio.sleep(self.dice.uniform(0.01, 0.1))
            return None
        if reply.status in _AGAIN:
            assert reply.body["code"], reply.body  # never a page of something in between
            await asyncio.sleep(self.dice.uniform(0.01, 0.1))
            return None
        assert reply.fine, (ask.method, ask.address, reply.status, reply.body)
        return reply


def phones(
    url: str, seats: Iterable[Seat], ledger: Ledger, dice: Random, *, pause: float = 0.0
) -> list[Phone]:
    """Return a phone for each seat, which rests so many seconds between two messages."""
    timings = Timings()
    return [
        Phone(
            seat,
            Walker(url=url, timings=timings, access_token=seat.token),
            ledger,
            Random(dice.random()),
            pause,
        )
        for seat in seats
    ]
