"""A server that cannot be brought up says why, in one sentence, and nothing else."""

from __future__ import annotations

import os
import socket
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from server import secrets
from tests.databases import Database, PostgresqlDatabase
from tests.warm import WarmProcess

pytestmark = pytest.mark.slow

SOUND = {name: secrets.encode(bytes(range(i, i + 32))) for i, name in enumerate(secrets.NAMES)}


def a_free_port() -> int:
    """Return a port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def refused(data_dir: Path, **settings: str) -> str:
    """Start where it must not start; return the sentence it says, which must be the only one."""
    clean = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "MODE"}}
    said = data_dir.with_name(f"{data_dir.name}.said")
    started = WarmProcess(
        ["flask", "--app", "wsgi", "serve"],
        {**clean, "DATA_DIR": str(data_dir), "PORT": str(a_free_port()), **settings},
        said,
    )
    assert started.wait(60) != 0
    text = said.read_text("utf-8")
    assert "Traceback" not in text
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(lines) == 1, lines
    return lines[0]


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        said = refused(tmp_path / "data", PORT=str(port))

    assert f"127.0.0.1:{port}" in said
    assert "PORT" in said


@pytest.mark.parametrize("settings", [{}, {"MODE": "production", **SOUND}])
def test_a_data_directory_that_cannot_be_written_is_named(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    (tmp_path / "data").write_text("a file stands in its place")

    assert "DATA_DIR" in refused(tmp_path / "data", **settings)


def test_a_database_newer_than_the_code_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "platform.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999_from_the_future')")
    connection.close()

    said = refused(tmp_path)

    assert "9999_from_the_future" in said
    assert "newer than this code" in said


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://platform:confidential@127.0.0.1:1/platform",
        "sqlite:////no/such/directory/platform.db",
    ],
)
def test_a_database_that_cannot_be_reached_is_named_without_its_password(
    tmp_path: Path, url: str
) -> None:
    said = refused(tmp_path / "data", DATABASE_URL=url)

    assert "DATABASE_URL" in said
    assert "confidential" not in said


def test_production_does_not_start_without_its_secrets(tmp_path: Path) -> None:
    given = {name: secret for name, secret in SOUND.items() if name != "INDEX_KEY"}

    assert "INDEX_KEY" in refused(tmp_path / "data", MODE="production", **given)


def test_production_does_not_start_with_debugging_on(tmp_path: Path) -> None:
    said = refused(tmp_path / "data", MODE="production", FLASK_DEBUG="1", **SOUND)

    assert "FLASK_DEBUG" in said


def test_a_postgresql_that_forgets_commits_is_refused(
    _database: Database,  # noqa: PT019  # its value is used
    tmp_path: Path,
) -> None:
    if not isinstance(_database, PostgresqlDatabase):
        pytest.skip("runs with --database=postgresql")
    url = make_url(_database.another("forgetful")).update_query_dict(
        {"options": "-csynchronous_commit=off"}
    )

    said = refused(tmp_path / "data", DATABASE_URL=url.render_as_string(hide_password=False))

    assert "synchronous_commit is off" in said
