"""One command brings the platform up, again and again, and lets nobody wait outside."""

from __future__ import annotations

import json
import re
import resource
import shutil
import socket
import stat
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
import urllib3
from sqlalchemy import create_engine

from load_tests.server_process import ServerProcess
from server.db import Base
from tests.databases import Database, PostgresqlDatabase
from tests.house import ROOT

pytestmark = pytest.mark.slow

GIT = shutil.which("git") or "git"

#: CPU seconds that a start on a filled database may take; in time, with a core for itself, as many.
CPU_SECONDS = 8.0

#: Lines of a crowd: more than the server program holds by itself.
LINES = 1_200

#: The phone that signs in.
DEVICE = {"device_id": "6b1d5ad4-6c0f-4f35-9a0c-2d2f0a4f6f10", "device_name": "test"}

#: Every row of a database, by table.
Content = dict[str, list[tuple[str, ...]]]


@pytest.fixture(scope="module")
def server(
    _database: Database, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerProcess]:
    """A server that was brought up once, in an empty directory on an empty database."""
    url = _database.another("serving") if isinstance(_database, PostgresqlDatabase) else None
    # What changes by itself in the background is told by other tests.
    settings = {"BACKGROUND_WORK": "false"}
    folder = tmp_path_factory.mktemp("serving")
    server = ServerProcess(folder / "data", database_url=url, settings=settings)
    server.start()
    server.stop()
    yield server
    server.stop()


@dataclass(frozen=True, kw_only=True)
class LaterStart:
    """What was seen of a start on a database that is filled already, and of the stop after it."""

    content_before: Content
    content: Content
    files_before: dict[str, bytes]
    files: dict[str, bytes]
    cpu_seconds: float | None
    signed_in: urllib3.BaseHTTPResponse
    #: The reply to who comes while a crowd keeps its lines open.
    beside_a_crowd: urllib3.BaseHTTPResponse
    #: The reply to a request that was half sent when the server was told to stop.
    begun: bytes


@pytest.fixture(scope="module")
def later(server: ServerProcess) -> LaterStart:
    """Start the server anew, look, sign in, and stop it in the midst of a request."""
    content_before, files_before = content(server), files(server)
    server.start()
    spent = server.cpu_seconds()
    content_after, files_after = content(server), files(server)
    first = server.sign_ins()[0]
    words = {"sign_in_name": first.sign_in_name, "password": first.password}
    return LaterStart(
        content_before=content_before,
        content=content_after,
        files_before=files_before,
        files=files_after,
        cpu_seconds=spent,
        signed_in=post(server, "/v1/sign-in", words | DEVICE),
        beside_a_crowd=asked_beside(server, LINES),
        begun=stopped_in_the_midst(server),
    )


def asked_beside(server: ServerProcess, lines: int) -> urllib3.BaseHTTPResponse:
    """Return the reply to somebody who comes while so many others keep their lines open."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(now, min(most, 2 * lines)), most))
    with ExitStack() as crowd:
        for _ in range(lines):
            crowd.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=20))
        # On a line of its own: any other may be open since before the crowd came.
        line = crowd.enter_context(urllib3.PoolManager(retries=False, timeout=10.0))
        return line.request("GET", f"{server.url}/readyz")


def stopped_in_the_midst(server: ServerProcess) -> bytes:
    """Tell a server to stop while a request is being sent; return its reply."""
    body = json.dumps({"sign_in_name": "nobody", "password": "x", **DEVICE}).encode()
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
    return reply


def files(server: ServerProcess) -> dict[str, bytes]:
    """Return what is in the files of its data directory that people read."""
    return {path.name: path.read_bytes() for path in server.data_dir.glob("*.json")}


def content(server: ServerProcess) -> Content:
    """Return every row of its database, by table."""
    engine = create_engine(server.database_url or f"sqlite:///{server.data_dir / 'platform.db'}")
    with engine.connect() as connection:
        rows = {
            name: sorted(tuple(map(str, row)) for row in connection.execute(table.select()))
            for name, table in Base.metadata.tables.items()
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


def test_demonstration_passwords_are_printed_and_kept_and_sign_in(
    server: ServerProcess, later: LaterStart
) -> None:
    printed = re.sub(r"\s", "", server.log_path.read_text("utf-8"))
    sign_ins = server.sign_ins()

    assert all(one.password in printed for one in sign_ins)
    assert len({one.password for one in sign_ins}) == len(sign_ins) >= 12
    assert later.signed_in.status == 200
    assert "access_token" in later.signed_in.json()


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


def test_a_later_start_changes_nothing_and_is_quick(later: LaterStart) -> None:
    assert later.content == later.content_before
    assert later.files == later.files_before
    assert later.cpu_seconds is None or later.cpu_seconds < CPU_SECONDS


def test_a_crowd_that_keeps_its_lines_open_keeps_nobody_out(later: LaterStart) -> None:
    assert later.beside_a_crowd.status == 200


def test_what_was_begun_is_answered_before_the_server_stops(later: LaterStart) -> None:
    assert later.begun.startswith(b"HTTP/1.1 401")
    assert b"wrong_credentials" in later.begun
