"""The power is cut while a crowd saves: what the disk held at that moment must hold every word.

The database lies on a file system in a file. Its copy has what was flushed, and nothing that the
system would have written later; mounting the copy is switching the machine on again.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from load_tests.server_process import ServerProcess
from server.app import engine_of
from tests.databases import SqliteDatabase
from tests.faults import disks, seats
from tests.faults.crowd import Phone, phones
from tests.faults.ledger import Judgement, Ledger, Word, judge, stored_in

pytestmark = pytest.mark.slow

CUTS, MANY_CUTS = 2, 20
PHONES, WORDS = 20, 150

NAME = "platform.db"


@pytest.fixture
def moved(app, _database, tmp_path):
    """Return how the database of the test is moved to a disk of its own."""
    if not isinstance(_database, SqliteDatabase):
        pytest.skip("PostgreSQL keeps its own promises; of SQLite the platform must see to it.")
    disks.skip_where_missing()

    def move(disk: Path) -> str:
        with closing(engine_of(app).raw_connection()) as connection:
            connection.cursor().execute("VACUUM INTO ?", (str(disk / NAME),))
        return f"sqlite:///{disk / NAME}"

    return move


async def cuts(
    server: ServerProcess, crowd: list[Phone], ledger: Ledger, image: Path, count: int
) -> list[tuple[Path, set[Word]]]:
    """Copy the disk again and again at random moments; return each copy and what was promised."""
    dice, found = Random(5), []
    async with asyncio.TaskGroup() as tasks:
        sitting = [tasks.create_task(phone.sit()) for phone in crowd]
        for number in range(count):
            await ledger.grown_by(WORDS)
            await asyncio.sleep(dice.uniform(0, 0.1))
            promised = set(ledger.acknowledged)
            with server.frozen():
                found.append((disks.cut(image, image.with_suffix(f".{number}")), promised))
        for phone in sitting:
            phone.cancel()
    return found


def is_sound(database: Path) -> bool:
    """Say whether SQLite finds nothing wrong with a file."""
    with closing(sqlite3.connect(database)) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)])


def switched_on(copy: Path, promised: set[Word], said: set[Word]) -> Judgement:
    """Mount a copy, let SQLite recover, and judge what it holds."""
    with disks.mounted(copy, copy.with_name(f"{copy.name}-mounted")) as disk:
        assert is_sound(disk / NAME)
        stored = stored_in(f"sqlite:///{disk / NAME}")
    return judge(acknowledged=promised, said=said, stored=stored)


def test_a_power_cut_loses_nothing_that_was_acknowledged(
    writing, config, moved, start_server, tmp_path, thorough
):
    taken = seats.taken(writing, config, PHONES)
    image = disks.made(tmp_path / "disk")
    with disks.mounted(image, tmp_path / "mounted") as disk:
        server, ledger = start_server(moved(disk)), Ledger()
        crowd = phones(server.url, taken, ledger, Random(7))
        copies = asyncio.run(cuts(server, crowd, ledger, image, MANY_CUTS if thorough else CUTS))
        server.kill()

    for copy, promised in copies:
        verdict = switched_on(copy, promised, ledger.said)
        assert verdict.spotless, verdict
    assert [len(promised) >= WORDS for _, promised in copies] == [True] * len(copies)


def test_a_server_that_does_not_flush_is_found_out(writing, config, moved, start_server, tmp_path):
    taken = seats.taken(writing, config, 4)
    image = disks.made(tmp_path / "disk")
    with disks.mounted(image, tmp_path / "mounted") as disk:
        weakened = [sys.executable, "-m", "tests.faults.weakened", "never_flush"]
        server, ledger = start_server(moved(disk), command=weakened), Ledger()
        crowd = phones(server.url, taken, ledger, Random(7))
        ((copy, promised),) = asyncio.run(cuts(server, crowd, ledger, image, 1))
        server.kill()

    with disks.mounted(copy, tmp_path / "switched-on") as disk:
        sound = is_sound(disk / NAME)
    # Pages that never came may leave it unsound, too, which nobody overlooks.
    assert not sound or switched_on(copy, promised, ledger.said).lost
