"""The disk is full: phones are told to come back, and once there is room they are served again."""

from __future__ import annotations

import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

import wsgi
from server import clock
from server.app import engine_of
from server.config import Config
from tests.databases import Database, SqliteDatabase
from tests.faults import disks, seats
from tests.faults.doors import assert_told_to_come_back, at_once, hand_in, save
from tests.faults.ledger import words_of
from tests.faults.seats import SLOTS

pytestmark = pytest.mark.slow

SEATS = 30


@pytest.fixture
def disk() -> Iterator[Path]:
    """A disk of its own, which the server of the database may enter."""
    disks.skip_where_missing()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)
        with disks.mounted(disks.made(folder / "disk"), folder / "mounted") as found:
            yield found


@pytest.fixture
def cramped(app: Flask, config: Config, _database: Database, disk: Path) -> Iterator[Flask]:
    """The application, with its responses on the disk."""
    if isinstance(_database, SqliteDatabase):
        url = f"sqlite:///{disk / 'platform.db'}"
        shutil.copyfile(_database.folder / "empty.db", disk / "platform.db")
        moved = wsgi.create_app(config.replaced(database_url=url))
        yield moved
        moved.extensions["group_commit"].stop()
        engine_of(moved).dispose()
    else:
        with responses_on(disk, engine_of(app)):
            yield app


@contextmanager
def responses_on(disk: Path, engine: Engine) -> Iterator[None]:
    """Let PostgreSQL keep the responses on a disk, in a table space of their own."""
    folder = disk / "responses"
    folder.mkdir()
    with engine.connect() as connection:
        data = connection.exec_driver_sql("SHOW data_directory").scalar_one()
    owner = pwd.getpwuid(Path(data).stat().st_uid)
    shutil.chown(folder, owner.pw_uid, owner.pw_gid)
    # What tests before this one have deleted lies in the file until it is written anew, and may be
    # more than the disk holds.
    _maintain(engine, "VACUUM FULL response_entry")
    _maintain(engine, f"CREATE TABLESPACE cramped LOCATION '{folder}'")
    try:
        _maintain(engine, *_moves("cramped"))
        yield
    finally:
        _maintain(engine, *_moves("pg_default"), "DROP TABLESPACE cramped")


def _moves(space: str) -> tuple[str, str]:
    return (
        f"ALTER TABLE response_entry SET TABLESPACE {space}",
        f"ALTER INDEX pk_response_entry SET TABLESPACE {space}",
    )


def _maintain(engine: Engine, *statements: str) -> None:
    with closing(engine.connect()) as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        for statement in statements:
            alone.exec_driver_sql(statement)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Leave no room on a disk for as long as the block lasts."""
    ballast = disk / "ballast"
    try:
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        yield
    finally:
        ballast.unlink()


def test_a_full_disk_sends_phones_away_and_room_lets_them_back(cramped, disk, config):
    taken = seats.taken(seats.writing_to(cramped), config, SEATS, at=clock.now())
    promised: set[tuple[object, int]] = set()

    with full(disk):
        for slot in SLOTS:
            replies = at_once([partial(save, cramped, seat, slot) for seat in taken])
            served = [reply.status_code == 200 for reply in replies]
            promised |= {
                (seat.attempt_id, slot) for seat, ok in zip(taken, served, strict=True) if ok
            }
            if not any(served):
                break
        for reply in replies:
            assert_told_to_come_back(reply)
        if engine_of(cramped).dialect.name == "sqlite":  # elsewhere only responses lie on the disk
            assert_told_to_come_back(hand_in(cramped, taken[0], tries=1))
        assert {(word.attempt_id, word.slot) for word in words_of(engine_of(cramped))} == promised

    again = at_once([partial(save, cramped, seat, slot) for seat in taken])
    assert {reply.status_code for reply in again} == {200}
    assert hand_in(cramped, taken[0]).status_code == 200
    promised |= {(seat.attempt_id, slot) for seat in taken}
    assert {(word.attempt_id, word.slot) for word in words_of(engine_of(cramped))} == promised
