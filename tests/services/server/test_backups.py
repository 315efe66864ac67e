"""A backup holds one moment, opens only for its key, comes back row for row, and says if not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, text

from load_tests.postgres import programs
from server.app import engine_of
from server.backups import archives, embedded, services, shelf
from server.backups.errors import BackupFailed
from server.backups.manifests import Manifest
from server.config import Config, Mode
from server.db import db
from server.engines import engine_options
from server.organisations.models import Organisation
from tests.databases import Database, PostgresqlDatabase
from tests.factories.organisations import an_organisation
from tests.factories.people import a_person
from tests.moments import NOON

Run = Callable[..., Result]
Writing = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def settings(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """Settings with an empty folder of backups and a data directory of their own."""
    kept: Config = app.extensions["config"]
    bindir = None if kept.on_sqlite else programs()
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    changed = kept.replaced(data_dir=data_dir, backup_dir=tmp_path / "backups", pg_bindir=bindir)
    monkeypatch.setitem(app.extensions, "config", changed)
    return changed


@pytest.fixture
def database(_database: Database) -> Database:
    """The database the tests run on."""
    return _database


@pytest.fixture
def run(app: Flask, settings: Config) -> Run:
    """Run `flask backup …` with these settings."""
    del settings
    return lambda *words: app.test_cli_runner().invoke(args=["backup", *words])


def identity_of(config: Config) -> str:
    return (config.data_dir / "keys" / "backup.identity").read_text("utf-8")


def newest(config: Config) -> Path:
    return shelf.named(services.folder_of(config), "latest")


def somebody(writing: Writing, name: str) -> None:
    with writing():
        a_person(name=name)


def names(app: Flask) -> set[str]:
    with engine_of(app).connect() as connection:
        return set(connection.execute(text("SELECT name FROM person")).scalars())


def forged(config: Config, change: Callable[[Path], None]) -> None:
    """Seal the newest backup again under its manifest, with something changed in its copy."""
    archive = newest(config)
    folder = config.data_dir / "forging"
    folder.mkdir()
    manifest, copy = archives.unseal(archive, identity_of(config), folder)
    change(copy)
    recipient = archives.public_half(identity_of(config))
    archives.seal(manifest, copy, archive, [recipient])


def test_a_backup_is_tried_and_is_the_same_row_for_row(
    furnished: Flask, writing: Writing, run: Run, settings: Config
) -> None:
    somebody(writing, "王建国")

    made, tried = run("create"), run("verify")

    assert made.exit_code == tried.exit_code == 0, made.output + tried.output
    manifest = shelf.every(services.folder_of(settings))[0].manifest
    assert manifest.contents.tables["person"].rows == 1
    assert manifest.contents.tables["region"].rows > 3000
    assert manifest.made_at == NOON


def test_a_sealed_backup_shows_nothing_and_opens_for_its_key_alone(
    writing: Writing, run: Run, settings: Config, tmp_path: Path
) -> None:
    somebody(writing, "王建国")
    run("create")
    sealed = newest(settings).read_bytes()

    assert sealed.startswith(b"age-encryption.org/v1")
    assert "王建国".encode() not in sealed
    with pytest.raises(BackupFailed, match="cannot be opened"):
        archives.unseal(newest(settings), archives.new_identity(), tmp_path)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda sealed: sealed[:-1],
        lambda sealed: sealed[: len(sealed) // 2],
        lambda sealed: sealed[:-9] + bytes([sealed[-9] ^ 1]) + sealed[-8:],
        lambda sealed: sealed[:400] + bytes([sealed[400] ^ 1]) + sealed[401:],
        lambda sealed: sealed[:0],
    ],
)
def test_a_backup_that_was_cut_or_changed_is_refused(
    run: Run, settings: Config, spoil: Callable[[bytes], bytes]
) -> None:
    run("create")
    archive = newest(settings)
    archive.write_bytes(spoil(archive.read_bytes()))

    tried = run("verify")

    assert tried.exit_code == 1
    assert "cannot be opened" in tried.output


def test_what_differs_from_what_was_backed_up_is_named(
    database: Database, writing: Writing, run: Run, settings: Config
) -> None:
    if isinstance(database, PostgresqlDatabase):
        pytest.skip("a dump of PostgreSQL is not changed by SQL; its comparison is the same code")
    somebody(writing, "王建国")
    run("create")

    def change(copy: Path) -> None:
        engine = create_engine(f"sqlite:///{copy}")
        with engine.begin() as connection:
            connection.execute(text("UPDATE person SET name = '王建军'"))
        engine.dispose()

    forged(settings, change)
    tried = run("verify")

    assert tried.exit_code == 1
    assert "person: rows changed" in tried.output


def test_a_backup_made_while_people_write_is_of_one_moment(
    app: Flask, furnished: Flask, writing: Writing, run: Run
) -> None:
    enough = threading.Event()
    wrote: list[int] = []
    with writing():
        where = an_organisation().id

    def write() -> None:
        while not enough.is_set():
            with writing():
                under = db.session.get_one(Organisation, where)
                a_person(name=f"第{len(wrote)}人", under=under)
            wrote.append(1)

    beside = threading.Thread(target=write)
    beside.start()
    try:
        made = run("create")
    finally:
        enough.set()
        beside.join()

    assert made.exit_code == 0, made.output
    assert wrote
    assert run("verify").exit_code == 0


def test_restoring_brings_the_moment_back_and_keeps_what_stood_there(
    app: Flask,
    database: Database,
    writing: Writing,
    run: Run,
    settings: Config,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    somebody(writing, "王建国")
    run("create")
    somebody(writing, "李秀英")
    if isinstance(database, PostgresqlDatabase):
        empty = settings.replaced(database_url=database.another(f"restored_{uuid4().hex[:8]}"))
        monkeypatch.setitem(app.extensions, "config", empty)

    restored = run("restore", "latest", "--yes")

    assert restored.exit_code == 0, restored.output
    if isinstance(database, PostgresqlDatabase):
        engine = create_engine(empty.database_url)
        with engine.connect() as connection:
            assert connection.execute(text("SELECT name FROM person")).scalars().all() == ["王建国"]
        engine.dispose()
    else:
        assert names(app) == {"王建国"}
        (aside,) = embedded.path_of(settings).parent.glob("before-restoring-*.db")
        engine = create_engine(f"sqlite:///{aside}")
        with engine.connect() as connection:
            assert len(connection.execute(text("SELECT name FROM person")).all()) == 2
        engine.dispose()
        aside.unlink()


def test_a_database_in_use_is_not_replaced(
    app: Flask, writing: Writing, run: Run, settings: Config
) -> None:
    somebody(writing, "王建国")
    run("create")
    somebody(writing, "李秀英")

    server = create_engine(settings.database_url, **engine_options(settings.database_url))
    with server.connect() as held:
        held.execute(text("SELECT count(*) FROM person"))
        refused = run("restore", "latest", "--yes")
    server.dispose()

    assert refused.exit_code == 1
    assert "A server runs on" in refused.output or "is not empty" in refused.output
    assert names(app) == {"王建国", "李秀英"}


def test_an_anchor_kept_elsewhere_shows_that_a_backup_is_old(
    app: Flask, database: Database, run: Run, settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("create")
    if isinstance(database, PostgresqlDatabase):
        empty = settings.replaced(database_url=database.another(f"older_{uuid4().hex[:8]}"))
        monkeypatch.setitem(app.extensions, "config", empty)
    with app.app_context():
        db.engine.dispose()

    restored = run("restore", "latest", "--yes", "--anchor", f"7:{'0' * 64}")

    assert restored.exit_code == 3
    assert "7 audit entries" in restored.output


def test_production_makes_no_key_of_its_own(
    app: Flask, run: Run, settings: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    production = settings.replaced(mode=Mode.PRODUCTION)
    monkeypatch.setitem(app.extensions, "config", production)

    without = run("create")
    recipient = run("key", str(tmp_path / "identity")).output.strip()
    monkeypatch.setitem(
        app.extensions, "config", production.replaced(backup_recipients=(recipient,))
    )
    made, unopened = run("create"), run("verify")
    tried = run("verify", "--identity", str(tmp_path / "identity"))

    assert without.exit_code == 1
    assert "BACKUP_RECIPIENTS is missing" in without.output
    assert made.exit_code == 0
    assert "No key to open" in unopened.output
    assert tried.exit_code == 0, tried.output


def test_a_night_makes_a_backup_tries_it_and_removes_what_is_surplus(
    run: Run, settings: Config
) -> None:
    folder = services.folder_of(settings)
    for age in (100, 101):
        run("create")
        made = newest(settings)
        manifest = Manifest.from_json(made.with_suffix(".json").read_text("utf-8"))
        older = manifest.to_json().replace(NOON.isoformat(), f"2025-0{age - 98}-15T00:00:00+00:00")
        made.with_suffix(".json").write_text(older, "utf-8")
    assert len(shelf.every(folder)) == 2

    night = run("nightly")

    assert night.exit_code == 0, night.output
    assert [one.manifest.made_at for one in shelf.every(folder)] == [NOON]
