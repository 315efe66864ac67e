"""The feed for other systems has no gap and no double, however writers commit or give up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, insert

from certificates.commands import FEED
from certificates.models import CoverageBatch
from certificates.services import feeding
from server import work
from server.app import engine_of
from server.db import db, transaction
from server.exchange.models import ExchangeEntry, ExchangeHead, ExchangePending
from server.exchange.services import feed
from tests.moments import NOON

#: Writers that are in the midst of something at once.
WRITERS = 3

_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["write", "commit", "give up", "number", "follow"]),
        st.integers(0, WRITERS - 1),
    ),
    min_size=5,
    max_size=30,
)


class World:
    """Some writers, one who numbers, and one who follows."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.open: dict[int, tuple[Connection, list[int]]] = {}
        self.written = 0
        self.committed: list[int] = []
        self.followed: list[tuple[int, int | None]] = []

    def step(self, what: str, who: int) -> None:
        """Let somebody do something."""
        if what == "write":
            self._write(who)
        elif what in ("commit", "give up"):
            self._end(who, well=what == "commit")
        elif what == "number":
            self.number()
        else:
            self.follow()

    def _write(self, who: int) -> None:
        on_sqlite = self.engine.dialect.name == "sqlite"
        if on_sqlite and self.open.keys() - {who}:
            return  # it has one writer at a time
        if who not in self.open:
            connection = self.engine.connect().execution_options(writes=True)
            self.open[who] = (connection, [])
        connection, facts = self.open[who]
        self.written += 1
        write(connection, self.written)
        facts.append(self.written)

    def _end(self, who: int, *, well: bool) -> None:
        if who not in self.open:
            return
        connection, facts = self.open.pop(who)
        connection.commit() if well else connection.rollback()
        connection.close()
        self.committed += facts if well else []

    def number(self) -> None:
        """Give numbers to what is committed."""
        if self.engine.dialect.name == "sqlite" and self.open:
            return  # it has one writer at a time
        with transaction():
            feed.number(feeding.resolve, at=NOON, most=3)

    def follow(self) -> None:
        """Read on from where one stands."""
        seq = self.followed[-1][0] if self.followed else 0
        found = feed.behind(seq, region_path="/none/", kinds=["coverage_batch"], limit=4)
        self.followed += [(each.seq, each.number) for each in found.entries]
        db.session.rollback()

    def end(self) -> None:
        """Let everybody finish, and the follower catch up."""
        for who in list(self.open):
            self._end(who, well=True)
        for _ in range(self.written + 1):
            self.number()
            self.follow()


def write(connection: Connection, number: int) -> None:
    """Store a fact that the feed tells of."""
    connection.execute(insert(CoverageBatch).values(seq=number, recorded_at=NOON, opening=False))


@contextmanager
def fresh(app: Flask) -> Iterator[World]:
    """Begin with a feed in which nothing has happened."""
    engine = engine_of(app)
    with app.app_context():
        with transaction():
            for table in (ExchangeEntry, ExchangePending, ExchangeHead, CoverageBatch):
                db.session.execute(delete(table))
        world = World(engine)
        try:
            yield world
        finally:
            for connection, _ in world.open.values():
                connection.close()


def test_whatever_is_committed_is_followed_once_in_one_order_without_a_gap(app: Flask) -> None:
    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(steps=_STEPS)
    def holds(steps: list[tuple[str, int]]) -> None:
        with fresh(app) as world:
            for what, who in steps:
                world.step(what, who)
            world.end()

            assert [seq for seq, _ in world.followed] == list(range(1, len(world.committed) + 1))
            assert sorted(number or 0 for _, number in world.followed) == sorted(world.committed)

    holds()


#: Facts that each of two writers writes; every seventh is given up.
EACH = 25


def write_many(engine: Engine, begin: int) -> None:
    """Write facts, each in a transaction of its own."""
    for number in range(begin, begin + EACH):
        with engine.connect().execution_options(writes=True) as connection:
            write(connection, number)
            connection.rollback() if number % 7 == 0 else connection.commit()


def number_until(app: Flask, done: threading.Event) -> None:
    """Give numbers until nobody writes any more and nothing waits."""
    with app.app_context():
        while not done.is_set() or work.waits(FEED, at=NOON):
            with transaction():
                feed.number(feeding.resolve, at=NOON, most=5)


def test_two_writers_and_two_who_number_at_once_lose_and_double_nothing(app: Flask) -> None:
    begins, done, engine = (1, 1_001), threading.Event(), engine_of(app)
    with fresh(app) as world, ThreadPoolExecutor(4) as crowd:
        numbering = [crowd.submit(number_until, app, done) for _ in range(2)]
        writing = [crowd.submit(write_many, engine, begin) for begin in begins]
        for each in writing:
            each.result()
        done.set()
        for each in numbering:
            each.result()
        for _ in range(2 * EACH):
            world.follow()
        head = feed.head()
        db.session.rollback()

    committed = [n for begin in begins for n in range(begin, begin + EACH) if n % 7]
    assert [seq for seq, _ in world.followed] == list(range(1, len(committed) + 1))
    assert sorted(number or 0 for _, number in world.followed) == committed
    assert head == len(committed)
