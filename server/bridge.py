"""A WSGI application under a server that calls by RSGI: each request in a thread (桥接).

A small body is there, whole, before a thread is taken, so that slow phones hold none; a large one
is read as the application asks for it. A reply of known and moderate length goes out at once, any
other piece by piece, no faster than it is taken.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BufferedReader, BytesIO, RawIOBase
from typing import TYPE_CHECKING, Any, BinaryIO

import structlog
from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope  # type: ignore[attr-defined]  # not said to be exported

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from typing_extensions import Buffer

log = structlog.get_logger("bridge")

#: Bytes of a body that is read before a thread is taken, and of a reply that goes out at once.
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

    async def answer(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer a request; returns when the reply has gone out."""
        loop = asyncio.get_running_loop()
        environ = environ_of(scope, await _input(scope, protocol, loop))
        done: asyncio.Future[None] = loop.create_future()
        self._threads.submit(self._run, environ, _Reply(protocol, loop), done)
        await done

    def _run(self, environ: WSGIEnvironment, reply: _Reply, done: asyncio.Future[None]) -> None:
        try:
            reply.send(self._application(environ, reply.start), head=_is_head(environ))
        except ProtocolClosed:
            pass  # who asked has gone
        except Exception as error:
            # Flask answers for what goes wrong inside it: this came up while the reply went out.
            log.error("reply broken off", exc_info=error, exception=type(error).__name__)
            reply.break_off()
        finally:
            reply.loop.call_soon_threadsafe(done.set_result, None)


class _Reply:
    """The reply of an application on its way out."""

    def __init__(self, protocol: HTTPProtocol, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._protocol = protocol
        self._status = 500
        self._headers: list[tuple[str, str]] = []
        self._has_begun = False

    def start(
        self, status: str, headers: list[tuple[str, str]], _error: Any = None, /
    ) -> Any:  # WSGI's old way of writing is not offered
        """Take the status and the headers, as WSGI hands them over."""
        self._status = int(status[:3])
        self._headers = [(name.lower(), value) for name, value in headers]

    def send(self, pieces: Iterable[bytes], *, head: bool) -> None:
        """Send what an application answers, and let go of it."""
        try:
            length = next((int(v) for name, v in self._headers if name == "content-length"), None)
            if head or (length is not None and length <= _WHOLE):
                self._send_whole(b"".join(pieces))
            else:
                self._send_by_pieces(pieces)
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()

    def break_off(self) -> None:
        """Tell of a failure, if nothing has gone out yet."""
        if not self._has_begun:
            self._has_begun = True
            self._protocol.response_empty(500, [])

    def _send_whole(self, body: bytes) -> None:
        self._has_begun = True
        if body:
            self._protocol.response_bytes(self._status, self._headers, body)
        else:
            self._protocol.response_empty(self._status, self._headers)

    def _send_by_pieces(self, pieces: Iterable[bytes]) -> None:
        transport = None
        for piece in pieces:
            if transport is None:
                # Asked for after the first piece is there: until then a failure can be told.
                self._has_begun = True
                transport = self._protocol.response_stream(self._status, self._headers)
            asyncio.run_coroutine_threadsafe(_sent(transport, piece), self.loop).result()
        if transport is None:
            self._send_whole(b"")


async def _sent(transport: Any, piece: bytes) -> None:
    await transport.send_bytes(piece)


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
        return await anext(self._pieces, None)


def _is_head(environ: WSGIEnvironment) -> bool:
    return bool(environ["REQUEST_METHOD"] == "HEAD")
