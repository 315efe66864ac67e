"""One command brings the platform up, again and again, and says in a sentence when it cannot."""

from __future__ import annotations

import os
import re
import resource
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import urllib3
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from load_tests.server_process import ServerProcess
from server import secrets
from server.db import Base
from tests.databases import Database, PostgresqlDatabase
from tests.house import ROOT

pytestmark = pytest.mark.slow

GIT = shutil.which("git") or "git"

SOUND = {name: secrets.encode(bytes(range(i, i + 32))) for i, name in enumerate(secrets.NAMES)}

#: CPU seconds that a start on a filled database may take; in time, with a core for itself, as many.
CPU_SECONDS = 5.0

#: Tables that the background work writes to by itself.
NOT_KEPT_STILL = {"work_lease", "clock_reading"}


@pytest.fixture(scope="module")
def server(
    _database: Database, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerProcess]:
    """A server that was brought up once, in an empty directory on an empty database."""
    url = _database.another("serving") if isinstance(_database, PostgresqlDatabase) else None
    server = ServerProcess(tmp_path_factory.mktemp("serving") / "data", database_url=url)
    server.start()
    server.stop()
    yield server
    server.stop()


def content(server: ServerProcess) -> dict[str, list[tuple[str, ...]]]:
    """Return every row of its database, by table."""
    engine = create_engine(server.database_url or f"sqlite:///{server.data_dir / 'platform.db'}")
    with engine.connect() as connection:
        rows = {
            name: sorted(tuple(map(str, row)) for row in connection.execute(table.select()))
            for name, table in Base.metadata.tables.items()
            if name not in NOT_KEPT_STILL
        }
    engine.dispose()
    return rows


def post(server: ServerProcess, path: str, body: dict[str, str]) -> urllib3.BaseHTTPResponse:
    """Send a body to a running server."""
    return urllib3.request("POST", f"{server.url}{path}", json=body, retries=False)


def test_the_first_start_fills_an_empty_database(server: ServerProcess) -> None:
    counts = {table: len(rows) for table, rows in content(server).items()}

    assert counts["region"] > 3000
    assert counts["person"] > 0
    assert counts["question_version"] >= 180


def test_what_is_private_is_readable_by_its_owner_alone(server: ServerProcess) -> None:
    private = [server.data_dir / "secrets.json", server.data_dir / "demonstration.json"]
    private += (path for path in (server.data_dir / "keys").rglob("*") if path.is_file())
    if server.database == "sqlite":
        private.append(server.data_dir / "platform.db")

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (*private, server.data_dir)}

    assert modes.pop("data") == 0o700
    assert set(modes.values()) == {0o600}


def test_demonstration_passwords_are_printed_and_kept_and_sign_in(server: ServerProcess) -> None:
    printed = re.sub(r"\s", "", server.log_path.read_text("utf-8"))
    sign_ins = server.sign_ins()
    server.start()
    first = sign_ins[0]

    device = {"device_id": "6b1d5ad4-6c0f-4f35-9a0c-2d2f0a4f6f10", "device_name": "test"}
    reply = post(
        server,
        "/v1/sign-in",
        {"sign_in_name": first.sign_in_name, "password": first.password, **device},
    )
    server.stop()

    assert all(one.password in printed for one in sign_ins)
    assert len({one.password for one in sign_ins}) == len(sign_ins) >= 12
    assert reply.status == 200
    assert "access_token" in reply.json()


def test_no_demonstration_password_is_in_the_repository(server: ServerProcess) -> None:
    passwords = [one.password for one in server.sign_ins()]

    found = subprocess.run(
        [GIT, "grep", "-l", "-F", *(word for one in passwords for word in ("-e", one))],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    ignored = subprocess.run([GIT, "check-ignore", "-q", "data/demonstration.json"], cwd=ROOT)

    assert (found.returncode, found.stdout) == (1, "")
    assert ignored.returncode == 0


def test_a_later_start_changes_nothing_and_is_quick(server: ServerProcess) -> None:
    before = content(server)
    files = {path.name: path.read_bytes() for path in server.data_dir.glob("*.json")}

    server.start()
    spent = server.cpu_seconds()
    server.stop()

    assert content(server) == before
    assert {path.name: path.read_bytes() for path in server.data_dir.glob("*.json")} == files
    assert spent is None or spent < CPU_SECONDS


def test_what_was_begun_is_answered_before_the_server_stops(server: ServerProcess) -> None:
    server.start()
    body = b'{"sign_in_name": "nobody", "password": "x", "device_id": "%s", "device_name": "d"}'
    body = body.replace(b"%s", b"6b1d5ad4-6c0f-4f35-9a0c-2d2f0a4f6f10")
    head = (
        f"POST /v1/sign-in HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n"
        # The server asks for the body once it has begun to read the request.
        "Expect: 100-continue\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    there = ("127.0.0.1", server.port)
    with socket.create_connection(there, timeout=20) as phone, phone.makefile("rb") as replies:
        phone.sendall(head.encode())
        assert replies.readline().startswith(b"HTTP/1.1 100")
        assert replies.readline() == b"\r\n"
        phone.sendall(body[:10])
        server.ask_to_stop()
        phone.sendall(body[10:])
        reply = replies.read()
    server.stop()

    assert reply.startswith(b"HTTP/1.1 401")
    assert b"wrong_credentials" in reply


def a_free_port() -> int:
    """Return a port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def refused(data_dir: Path, **settings: str) -> str:
    """Start where it must not start; return the sentence it says, which must be the only one."""
    clean = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "MODE"}}
    ended = subprocess.run(
        [Path(sys.executable).with_name("flask"), "--app", "wsgi", "serve"],
        cwd=ROOT,
        env={**clean, "DATA_DIR": str(data_dir), "PORT": str(a_free_port()), **settings},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode not in (0, None)
    assert "Traceback" not in ended.stdout + ended.stderr
    lines = [line for line in (ended.stdout + ended.stderr).splitlines() if line.strip()]
    assert len(lines) == 1, lines
    return lines[0]


def test_more_phones_keep_their_connection_than_the_server_library_allows(
    server: ServerProcess,
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    server.start()
    answers = []
    with ExitStack() as phones:
        for _ in range(1_100):
            phone = phones.enter_context(socket.create_connection(("127.0.0.1", server.port), 10))
            phone.sendall(b"GET /healthz HTTP/1.1\r\nHost: platform\r\n\r\n")
            answers.append(phone.recv(15))
    server.stop()

    assert set(answers) == {b"HTTP/1.1 200 OK"}


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
