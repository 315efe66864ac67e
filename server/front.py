"""What the platform's own server asks: lanes on its event loop, all else in threads (前台).

The server program (Granian) calls `Front` by RSGI, its own interface, for each request. A request
on a lane (`server.lanes`) is read, waits for its commit and is answered on the loop, without a
thread of its own. Everything else is asked of the WSGI application, in a thread
(`server.bridge`).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from time import thread_time
from typing import Any

from flask import Flask
from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope  # type: ignore[attr-defined]  # not said to be exported

from server import tracing
from server.bridge import Bridge
from server.errors import DomainError
from server.lanes import GOOD, Call, Found, Lane, Reception, length_of, refused, request_id
from server.promises import Promises

#: Header names go out in small letters.
_GOOD = [(name.lower(), value) for name, value in GOOD]


class Front:
    """An RSGI callable in front of an application.

    Args:
        app: the application, whose lanes are answered here.
        threads: how many requests are answered in threads at the same time.
    """

    def __init__(self, app: Flask, threads: int) -> None:
        self._reception = Reception(app)
        self._bridge = Bridge(app.wsgi_app, threads)
        self._spans = tracing.spans(app)
        self._writing: Promises
        self._reading: Promises

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to answer on a loop."""
        self._writing = Promises(self._reception.writer, loop)
        self._reading = Promises(self._reception.reader, loop)

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer a request."""
        with suppress(ProtocolClosed):  # who asked has gone
            await self._serve(scope, protocol)

    async def _serve(self, scope: Scope, protocol: HTTPProtocol) -> None:
        found = self._reception.find(scope.method, scope.path, scope.query_string)
        if found is None:
            await self._bridge.answer(scope, protocol)
        elif self._spans is None:
            await self._answer(found, scope, protocol)
        else:
            traceparent = scope.headers.get("traceparent") or ""
            with self._spans.span(scope.method, scope.path, traceparent) as tell:
                tell(await self._answer(found, scope, protocol))

    async def _answer(self, found: Found, scope: Scope, protocol: HTTPProtocol) -> int:
        """Answer a request on a lane; return the status."""
        lane, figures, _ = found
        headers = scope.headers
        body = b"" if lane.reads else await _body(lane, headers.get("content-length"), protocol)
        began, spent = figures.begin()
        this = request_id(headers.get("x-request-id"))
        status, shown, since = 200, _GOOD, spent
        try:
            call = self._call(found, headers, body)
            waiting = self._asked(lane, call)
            # While this one waits, the thread works for others.
            before = thread_time()
            try:
                answer = await waiting
            finally:
                since += thread_time() - before
            reply = _told(lane, answer, call)
        except Exception as error:
            status, shown, reply = refused(error, headers.get("accept-language"), this)
        with suppress(ProtocolClosed):  # who asked has gone
            protocol.response_bytes(status, [*shown, ("x-request-id", this)], reply)
        figures.end(status, (began, since))
        return status

    def _call(self, found: Found, headers: Any, body: bytes | DomainError) -> Call:
        if isinstance(body, DomainError):
            raise body
        authorization = headers.get("authorization") or ""
        kind = headers.get("content-type") or ""
        return self._reception.call(found[2], authorization, kind, body)

    def _asked(self, lane: Lane[Any, Any], call: Call) -> asyncio.Future[Any]:
        promises = self._reading if lane.reads else self._writing
        submit = promises.submit_in_step if lane.in_step else promises.submit
        return submit(lane.store, lane.wish(call))


def _told(lane: Lane[Any, Any], answer: Any, call: Call) -> bytes:
    if isinstance(answer, DomainError):
        raise answer
    return lane.reply(answer, call)


async def _body(
    lane: Lane[Any, Any], length: str | None, protocol: HTTPProtocol
) -> bytes | DomainError:
    """Return the body of a request, or why it is not taken; no more of it is read than needed."""
    try:
        if length is not None:
            lane.check_size(length_of(length))
            return await protocol()
        body = bytearray()
        async for piece in protocol:  # sent in chunks, it says no length
            body += piece
            lane.check_size(len(body))
    except DomainError as refusal:
        return refusal
    return bytes(body)
