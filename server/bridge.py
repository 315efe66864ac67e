"""A WSGI application under a server that calls by RSGI: each request in a thread (桥接).

A small body is there, whole, before a thread is taken, so that slow phones hold none; a large one
is read as the application asks for it. A reply goes out once all of it is there: none of the
platform's is made while it is sent, and so one that fails on the way is told as a failure instead
of looking like a short one.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BufferedReader, BytesIO, RawIOBase
from threading import Lock
from typing import TYPE_CHECKING, Any, BinaryIO

import structlog
from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope  # type: ignore[attr-defined]  # not said to be exported

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from typing_extensions import Buffer

log = structlog.get_logger("bridge")

#: Bytes of a body that is read before a thread is taken.
_WHOLE = 262_144

_UNPREFIXED = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class Bridge:
    """Asks a WSGI application in threads.

    Args:
        application: the WSGI application.
        threads: how many requests are answered at the same time; others wait for their turn.
    """

    def __init__(self, application: WSGIApplication, threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="answering")
        #: Those whose reply has gone out, to be told; the loop is woken for the first.
        self._done: list[asyncio.Future[None]] = []
        self._adding = Lock()

    async def answer(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer a request; returns when the reply has gone out."""
        loop = asyncio.get_running_loop()
        environ = environ_of(scope, await _input(scope, protocol, loop))
        done: asyncio.Future[None] = loop.create_future()
        self._threads.submit(self._run, environ, protocol, loop, done)
        await done

    def _run(
        self,
        environ: WSGIEnvironment,
        protocol: HTTPProtocol,
        loop: asyncio.AbstractEventLoop,
        done: asyncio.Future[None],
    ) -> None:
        try:
            status, headers, body = _reply(self._application, environ)
        except Exception as error:
            # Flask answers for what goes wrong inside it: this came from around it.
            log.error("no reply", exc_info=error, exception=type(error).__name__)
            status, headers, body = 500, [], b""
        with suppress(ProtocolClosed):  # who asked has gone
            if body:
                protocol.response_bytes(status, headers, body)
            else:
                protocol.response_empty(status, headers)
        # To wake the loop costs a thread its turn: once for all who are done at the same time.
        with self._adding:
            self._done.append(done)
            is_first = len(self._done) == 1
        if is_first:
            loop.call_soon_threadsafe(self._let_go)

    def _let_go(self) -> None:
        with self._adding:
            told, self._done = self._done, []
        for done in told:
            if not done.done():  # else the server has given it up
                done.set_result(None)


def _reply(
    application: WSGIApplication, environ: WSGIEnvironment
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return the status, the headers and the body that an application answers."""
    told: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
        told.append((status, headers))

    pieces = application(environ, start)
    try:
        body = b"".join(pieces)
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
    status, headers = told[-1]
    return int(status[:3]), [(name.lower(), value) for name, value in headers], body


def environ_of(scope: Scope, body: BinaryIO) -> WSGIEnvironment:
    """Return what WSGI tells of a request (PEP 3333)."""
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        # As WSGI wants it: bytes, told as if they were Latin-1.
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name:  # would be taken for the header with hyphens, which others have vouched for
            continue
        known = _UNPREFIXED.get(name) or f"HTTP_{name.upper().replace('-', '_')}"
        before = environ.get(known)
        environ[known] = f"{before}{'; ' if name == 'cookie' else ','}{value}" if before else value
    if scope.authority:  # an address that names its host, and HTTP/2
        environ["HTTP_HOST"] = scope.authority
    return environ


async def _input(scope: Scope, protocol: HTTPProtocol, loop: asyncio.AbstractEventLoop) -> BinaryIO:
    length = scope.headers.get("content-length")
    if (
        length is None
        and scope.headers.get("transfer-encoding") is None
        and scope.http_version < "2"
    ):
        return BytesIO()
    if length is not None and length.isdecimal() and int(length) <= _WHOLE:
        return BytesIO(await protocol())
    return BufferedReader(_Incoming(protocol, loop), _WHOLE)


class _Incoming(RawIOBase):
    """A body that is read from a thread as it comes in."""

    def __init__(self, protocol: HTTPProtocol, loop: asyncio.AbstractEventLoop) -> None:
        self._pieces: AsyncIterator[bytes] = aiter(protocol)
        self._loop = loop
        self._left = memoryview(b"")

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, into: Buffer) -> int:
        """Fill with what comes next; return how many bytes, 0 at the end."""
        while not self._left:
            piece = asyncio.run_coroutine_threadsafe(self._next(), self._loop).result()
            if piece is None:
                return 0
            self._left = memoryview(piece)
        room = memoryview(into)
        count = min(len(room), len(self._left))
        room[:count] = self._left[:count]
        self._left = self._left[count:]
        return count

    async def _next(self) -> bytes | None:
        # `anext` with a default does not survive what this iterator gives to wait for.
        try:
            return await self._pieces.__anext__()
        except StopAsyncIteration:
            return None
