"""The doctor sees what would spoil an exam day, names it, and says go or no go."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from server import ballast
from server.app import engine_of
from server.backups import archives, services
from server.config import Config, Mode
from server.doctor import machine
from server.doctor.capacity import capacity
from server.doctor.findings import Level
from server.work import Work, give_back, take
from tests.databases import Database, SqliteDatabase
from tests.moments import NOON, Clock

Looked = dict[str, Level]


@pytest.fixture
def settings(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """Settings with a data directory of their own, where a night's backup was made and tried."""
    kept: Config = app.extensions["config"]
    changed = kept.replaced(data_dir=tmp_path, backup_dir=tmp_path / "backups")
    monkeypatch.setitem(app.extensions, "config", changed)
    return changed


@pytest.fixture
def database(_database: Database) -> Database:
    """The database the tests run on."""
    return _database


@pytest.fixture
def now(the_clock: Clock) -> datetime:
    """The moment that PostgreSQL tells, too, whose clock is looked at."""
    the_clock.move(datetime.now(UTC) - the_clock.now())
    return the_clock.now()


@pytest.fixture
def drill(tmp_path: Path, now: datetime) -> Path:
    """The report of a drill of yesterday that carried 3,000 candidates."""
    report = tmp_path / "report.json"
    played = (now - timedelta(days=1)).isoformat()
    found = {"at": played, "go": True, "safe_candidates": 3000, "tried_candidates": 200}
    report.write_text(json.dumps(found), "utf-8")
    return report


@pytest.fixture
def at_work(furnished: Flask, now: datetime) -> None:
    """A server that has just done its work beside the requests."""
    work = Work(name="heartbeat", every=timedelta(seconds=1), run=lambda _at: 0)
    with furnished.app_context():
        take(work, "a server", at=now)
        give_back(work, "a server", at=now)


@pytest.fixture
def look(
    furnished: Flask, at_work: None, settings: Config, drill: Path
) -> Callable[..., tuple[int, Looked]]:
    """Run `flask doctor --json`; return its exit status and the level of each check."""
    del at_work, settings

    def run(*words: str) -> tuple[int, Looked]:
        arguments = ["doctor", "--json", "--drill", str(drill), *words]
        result = furnished.test_cli_runner().invoke(args=arguments)
        said: dict[str, Any] = json.loads(result.stdout)
        assert said["go"] is (result.exit_code == 0)
        assert all(one["zh"] and one["en"] for one in said["findings"])
        worst: Looked = {}
        for one in said["findings"]:
            worst[one["check"]] = max(
                worst.get(one["check"], Level.FINE), Level(one["level"]), key=list(Level).index
            )
        return result.exit_code, worst

    return run


Look = Callable[..., tuple[int, Looked]]


def test_a_sound_machine_is_a_go(look: Look) -> None:
    status, found = look("--candidates", "3000")

    assert status == 0
    assert {"schema", "disk", "disk_speed", "memory", "durability", "work", "jobs"} <= found.keys()
    assert {"private_files", "backup", "capacity", "signing_keys"} <= found.keys()
    assert found["schema"] is found["durability"] is found["work"] is Level.FINE


def test_a_database_of_another_release_is_a_no_go(look: Look, furnished: Flask) -> None:
    with engine_of(furnished).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001_platform'"))
    try:
        status, found = look()
    finally:
        head = furnished.extensions["schema_head"]
        with engine_of(furnished).begin() as connection:
            connection.execute(
                text("UPDATE alembic_version SET version_num = :head"), {"head": head}
            )

    assert (status, found["schema"]) == (1, Level.STOP)


def test_a_server_that_stands_still_is_a_no_go(look: Look, the_clock: Clock) -> None:
    the_clock.move(timedelta(minutes=6))

    assert look()[1]["work"] is Level.STOP


def test_clocks_that_are_apart_are_a_no_go(
    look: Look, database: Database, the_clock: Clock
) -> None:
    if isinstance(database, SqliteDatabase):
        pytest.skip("the embedded database has no clock")
    assert look()[1]["database_clock"] is Level.FINE

    the_clock.move(timedelta(seconds=3))

    assert look()[1]["database_clock"] is Level.STOP


def test_a_key_that_others_may_read_is_a_no_go(look: Look, settings: Config) -> None:
    (settings.data_dir / "keys").mkdir()
    key = settings.data_dir / "keys" / "certificates.pem"
    key.write_text("a key", "ascii")
    key.chmod(0o640)

    assert look()[1]["private_files"] is Level.STOP
    key.chmod(0o600)
    assert look()[1]["private_files"] is Level.FINE


def test_a_database_that_may_lose_a_commit_is_a_no_go(
    look: Look, furnished: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if isinstance(database, SqliteDatabase):
        connection = engine_of(furnished).raw_connection()  # begins no transaction
        connection.cursor().execute("PRAGMA synchronous = OFF")
        connection.close()
    else:  # the private server of the tests runs without fsync, as nobody may in production
        config = furnished.extensions["config"].replaced(mode=Mode.PRODUCTION)
        monkeypatch.setitem(furnished.extensions, "config", config)

    status, found = look()
    engine_of(furnished).dispose()

    assert (status, found["durability"]) == (1, Level.STOP)


def test_more_candidates_than_were_drilled_are_a_no_go(look: Look) -> None:
    assert look("--candidates", "3001")[1]["capacity"] is Level.STOP


@pytest.mark.parametrize(
    ("changed", "candidates", "level"),
    [
        ({}, 3000, Level.FINE),
        ({}, None, Level.FINE),
        ({}, 3001, Level.STOP),
        ({"tried_candidates": 5000}, 5000, Level.FINE),
        ({"go": False}, 10, Level.STOP),
        ({"at": "2026-01-01T00:00:00+00:00"}, 10, Level.CARE),
        ({"safe_candidates": None}, 10, Level.CARE),
        ({"at": "yesterday"}, 10, Level.CARE),
    ],
)
def test_what_a_drill_says_of_so_many_candidates(
    drill: Path, now: datetime, changed: dict[str, Any], candidates: int | None, level: Level
) -> None:
    told = json.loads(drill.read_text("utf-8"))
    drill.write_text(json.dumps(told | changed), "utf-8")

    assert capacity(drill, candidates, now).level is level


def test_a_drill_that_was_never_played_is_asked_for(tmp_path: Path) -> None:
    assert "make drill" in capacity(tmp_path / "none.json", 10, NOON).en


def test_a_backup_is_missed_until_one_came_back_whole(
    look: Look, settings: Config, database: Database, now: datetime
) -> None:
    if not isinstance(database, SqliteDatabase):
        pytest.skip("what is looked at are files, the same for both databases")
    identity = archives.new_identity()
    before = look()[1]
    recipient = (archives.public_half(identity),)
    made = services.create(settings, recipient, lambda *_: None, at=now)
    untried = look()[1]
    services.verify(settings, made, identity, lambda *_: None, at=now)
    tried = look()[1]

    assert (before["backup"], before["backup_trial"]) == (Level.CARE, Level.CARE)
    assert (untried["backup"], untried["backup_trial"]) == (Level.FINE, Level.CARE)
    assert (tried["backup"], tried["backup_trial"]) == (Level.FINE, Level.FINE)


def test_a_missing_ballast_is_seen(tmp_path: Path, config: Config) -> None:
    settings = config.replaced(data_dir=tmp_path, ballast=4096)

    (missing,) = machine.thrown_overboard(settings, NOON)
    (tmp_path / ballast.NAME).write_bytes(bytes(4096))
    (there,) = machine.thrown_overboard(settings, NOON)

    assert (missing.level, there.level) == (Level.CARE, Level.FINE)
    assert list(machine.thrown_overboard(settings.replaced(ballast=0), NOON)) == []
