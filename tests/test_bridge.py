"""A WSGI application behind our bridge is asked, and answers, as it is by the server itself."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import urllib3

from load_tests.server_process import ServerProcess
from load_tests.spawning import spawned

pytestmark = [pytest.mark.slow, pytest.mark.once]

#: Bytes that are read as they come, and not before.
LARGE = 3_000_000


@pytest.fixture(scope="module")
def echoes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    """Return the ports of the same application, asked by the server itself and by the bridge."""
    with ExitStack() as stack:
        ports = {}
        for way in ("wsgi", "rsgi"):
            log = tmp_path_factory.mktemp("echo") / way
            port = ports[way] = ServerProcess(log).port
            words = [sys.executable, "-m", "tests.echo", way, str(port)]
            process = spawned(words, {"PATH": "/usr/bin:/bin"}, log)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            _wait_for(port)
        yield ports


def _wait_for(port: int) -> None:
    retries = urllib3.Retry(connect=200, backoff_factor=0.05, backoff_max=0.05)
    with urllib3.PoolManager(retries=retries) as pool:
        assert pool.request("GET", f"http://127.0.0.1:{port}/").status == 200


@pytest.fixture
def bridge(echoes: dict[str, int]) -> str:
    """Return the address of the application behind the bridge."""
    return f"http://127.0.0.1:{echoes['rsgi']}"


def raw(port: int, words: bytes) -> bytes:
    """Return all that comes back for some bytes, until the line is closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(words)
        return b"".join(iter(lambda: line.recv(65_536), b""))


@pytest.mark.parametrize(
    "words",
    [
        b"GET /v1/%E4%B8%AD%2Fx%20a?q=%E4%B8%AD&b=1 HTTP/1.1\r\nHost: h:80\r\n",
        b"GET /v1/x HTTP/1.1\r\nHost: h\r\nX-Word: one\r\nX-Word: two\r\n",
        b"PUT /a HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n",
        b"PUT /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n",
        b"DELETE /a? HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer x.y.z\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: h\r\n",
    ],
)
def test_it_is_told_what_the_server_itself_would_tell(echoes, words):
    body = {b"3": b"abc", b"d": b"3\r\nabc\r\n0\r\n\r\n"}.get(words.strip()[-1:], b"")

    told = [
        raw(echoes[way], words + b"Connection: close\r\n\r\n" + body).partition(b"\r\n\r\n")[2]
        for way in ("wsgi", "rsgi")
    ]

    assert json.loads(told[0]) == json.loads(told[1])
    assert json.loads(told[1])["body"] == ("abc" if body else "")


def test_cookies_of_several_headers_are_told_as_one(echoes):
    asked = b"GET / HTTP/1.1\r\nHost: h\r\nCookie: a=1\r\nCookie: b=2\r\nConnection: close\r\n\r\n"

    assert json.loads(raw(echoes["rsgi"], asked).partition(b"\r\n\r\n")[2])["HTTP_COOKIE"] == (
        "a=1; b=2"
    )


def test_a_header_that_only_looks_like_one_of_a_proxy_is_not_told(bridge):
    given = {"X_Forwarded_For": "10.0.0.1", "X-Forwarded-Proto": "https"}

    told = urllib3.request("GET", bridge, headers=given).json()

    assert "HTTP_X_FORWARDED_FOR" not in told
    assert told["HTTP_X_FORWARDED_PROTO"] == "https"


def test_an_address_that_names_a_host_is_asked_of_that_host(echoes):
    asked = b"GET http://other:9/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"

    told = json.loads(raw(echoes["rsgi"], asked).partition(b"\r\n\r\n")[2])

    assert (told["HTTP_HOST"], told["PATH_INFO"]) == ("other:9", "/a")


@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_body_arrives_whole(bridge, chunked):
    body = (b"one line\n" + b"x" * LARGE)[:LARGE]
    given = iter([body[:7], body[7:100_000], body[100_000:]]) if chunked else body

    with urllib3.PoolManager() as pool:
        reply = pool.urlopen("POST", f"{bridge}/length", body=given, chunked=chunked)

    assert reply.data == str(LARGE).encode()


def test_a_body_that_nobody_reads_is_answered_all_the_same(echoes):
    head = b"POST /unread HTTP/1.1\r\nHost: h\r\nContent-Length: 9000000\r\n\r\n"

    assert raw(echoes["rsgi"], head + b"x" * 1000).startswith(b"HTTP/1.1 413 ")


def test_a_large_reply_arrives_whole(bridge):
    assert len(urllib3.request("GET", f"{bridge}/large").data) == 40 * 65_536


def test_a_reply_keeps_all_its_headers(bridge):
    reply = urllib3.request("GET", bridge)

    assert reply.headers.getlist("set-cookie") == ["a=1", "b=2"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nothing"), ("GET", "/unchanged"), ("HEAD", "/large"), ("HEAD", "/")],
)
def test_what_has_no_body_is_answered_as_by_the_server_itself(echoes, method, path):
    told = []
    for way in ("wsgi", "rsgi"):
        words = f"{method} {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".encode()
        head, _, body = raw(echoes[way], words).partition(b"\r\n\r\n")
        kept = {line for line in head.split(b"\r\n") if not line.startswith(b"date")}
        told.append((kept, body))

    assert told[0] == told[1]
    assert told[1][1] == b""


@pytest.mark.parametrize("path", ["/fails", "/breaks-off"])
def test_a_failure_is_told_and_never_looks_like_a_short_reply(bridge, path):
    # Of this address only: replies to those who hung up are let go of at any time.
    before = int(urllib3.request("GET", f"{bridge}/let-go?{path}").data)

    reply = urllib3.request("GET", f"{bridge}{path}", retries=False)

    assert (reply.status, reply.data) == (500, b"")
    let_go = int(urllib3.request("GET", f"{bridge}/let-go?{path}").data) - before
    assert let_go == (path == "/breaks-off")


def test_who_hangs_up_takes_no_thread_with_them(echoes, bridge):
    for _ in range(8):  # more than there are threads
        with socket.create_connection(("127.0.0.1", echoes["rsgi"]), timeout=20) as line:
            line.sendall(b"POST /length HTTP/1.1\r\nHost: h\r\nContent-Length: 9000000\r\n\r\n")
            line.sendall(b"x" * 500_000)

    assert urllib3.request("GET", bridge).status == 200
