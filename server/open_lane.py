"""Addresses that strangers ask in crowds, answered in front of the framework (公开快速通道).

As `server.lanes`, for reading without an account: `GET`, a prefix, and one more piece of the
address; or `POST`, where what is asked about does not belong into an address, and the body is a
JSON object of a few texts. Each answer says how long caches may keep it, and an `ETag`, so that
whoever asks again is told that nothing changed. Whatever is not asked in exactly that way (words
in the query, another body) is answered by the ordinary view of the address.

Answers take turns. They are short, and a hundred threads that fight for the interpreter at every
row of a database spend twice as much on the fight as on the answers. Whoever comes next while
others wait answers over the connection of the one before.
"""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple

from flask import Flask
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from server import clock, strict_json
from server.crowd_figures import Figures
from server.errors import DomainError, Unavailable, Unreadable
from server.lanes import REASONS, new_id, refused

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Answers that are made at the same time: where the database is in the process itself, another
#: could do nothing meanwhile; where it is elsewhere, it is waited for.
_TURNS: Final = {"sqlite": 1, "postgresql": 4}

#: Seconds that somebody waits for a turn before they are told to come later.
_PATIENCE: Final = 5.0


class Asked(NamedTuple):
    """What a stranger asks."""

    #: The piece of the address, or the texts of the body in the order of the lane's fields.
    texts: tuple[str, ...]
    #: Where the question comes from.
    address: str
    at: datetime
    app: Flask


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenLane:
    """One address, and what answers there.

    Asked by `GET` it is `prefix` and one more piece; by `POST` it is `prefix`, and the body has
    the fields. `answer` gets a connection that only reads, and what is asked; it returns the JSON
    reply, and refuses by raising a `DomainError`.
    """

    prefix: str
    #: How the piece is named in figures and documents.
    rule: str
    answer: Callable[[Connection, Asked], bytes]
    cache_control: str
    #: The fields of the body, and the fewest and most characters of each, where it is a `POST`.
    fields: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    #: What a field says that the body leaves out.
    defaults: Mapping[str, str] = field(default_factory=dict)
    #: The words that a field may say, where not any.
    among: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: Refuses whoever asks too much, before anything is read; may store that somebody asked.
    admit: Callable[[Asked], None] | None = None
    #: Hears of what was refused, when others take their turns already; may store it, and refuse
    #: otherwise.
    refused: Callable[[Asked, DomainError], None] | None = None

    @property
    def method(self) -> str:
        """How it is asked."""
        return "POST" if self.fields else "GET"

    def texts(self, environ: WSGIEnvironment) -> tuple[str, ...] | None:
        """Return what is asked about; None where it is not asked in the way of the lane."""
        if environ["REQUEST_METHOD"] != self.method or environ.get("QUERY_STRING"):
            return None
        path: str = environ["PATH_INFO"]
        if self.fields:
            return self._said(environ) if path == self.prefix else None
        piece = path[len(self.prefix) :]
        return (piece,) if path.startswith(self.prefix) and piece and "/" not in piece else None

    def _said(self, environ: WSGIEnvironment) -> tuple[str, ...] | None:
        said = _texts_of(environ, self.fields, self.defaults)
        if said is None or any(said[name] not in words for name, words in self.among.items()):
            return None
        return tuple(said[name] for name in self.fields)


class OpenLanes:
    """A WSGI callable in front of another: answers its lanes, and hands on everything else."""

    def __init__(
        self, inner: WSGIApplication, app: Flask, engine: Engine, lanes: Sequence[OpenLane]
    ) -> None:
        self._inner = inner
        self._app = app
        self._engine = engine
        self._turns = [Turn(engine) for _ in range(_TURNS[engine.dialect.name])]
        self._next = itertools.count()
        self._lanes = [(lane, Figures(lane.method, lane.rule)) for lane in lanes]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or hand it on."""
        for lane, figures in self._lanes:
            texts = lane.texts(environ)
            if texts is not None:
                return self._answer(lane, figures, texts, environ, start_response)
        return self._inner(environ, start_response)

    def _answer(
        self,
        lane: OpenLane,
        figures: Figures,
        texts: tuple[str, ...],
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        began = figures.begin()
        request_id, status = new_id(), 200
        try:
            body = self._body(
                lane, Asked(texts, environ.get("REMOTE_ADDR", ""), clock.now(), self._app)
            )
            tag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
            headers = [
                ("Content-Type", "application/json"),
                ("Cache-Control", lane.cache_control),
                ("ETag", tag),
                ("X-Content-Type-Options", "nosniff"),
            ]
            if not lane.fields and environ.get("HTTP_IF_NONE_MATCH") == tag:
                status, body = 304, b""
        except Exception as error:
            status, headers, body = refused(error, environ.get("HTTP_ACCEPT_LANGUAGE"), request_id)
        if status != 304:
            headers = [*headers, ("Content-Length", str(len(body)))]
        start_response(REASONS[status], [*headers, ("X-Request-Id", request_id)])
        figures.end(status, began)
        return [body]

    def _body(self, lane: OpenLane, asked: Asked) -> bytes:
        if lane.admit is not None:
            lane.admit(asked)
        try:
            return self._turns[next(self._next) % len(self._turns)].answer(lane, asked)
        except DomainError as refusal:
            if lane.refused is not None:
                lane.refused(asked, refusal)
            raise


class Turn:
    """Answers one question at a time, over one connection for as long as somebody waits."""

    def __init__(self, engine: Engine) -> None:
        # Each answer is one statement: where asking is a journey, no other begins or ends it.
        alone = {} if engine.dialect.name == "sqlite" else {"isolation_level": "AUTOCOMMIT"}
        self._engine = engine.execution_options(**alone)
        self._mine = threading.Lock()
        #: One for each who waits.
        self.waiting: deque[None] = deque()
        self._connection: Connection | None = None

    def answer(self, lane: OpenLane, asked: Asked) -> bytes:
        """Answer when it is one's turn.

        Raises:
            Unavailable: it was not for too long.
        """
        self.waiting.append(None)
        mine = self._mine.acquire(timeout=_PATIENCE)
        self.waiting.pop()
        if not mine:
            raise Unavailable(retry_after=2)
        try:
            return self._answered(lane, asked)
        finally:
            if not self.waiting:
                self._let_go()
            self._mine.release()

    def _answered(self, lane: OpenLane, asked: Asked) -> bytes:
        kept = self._connection is not None
        try:
            return self._asked_of(lane, asked)
        except DBAPIError as failure:
            self._let_go()
            # One that was kept may have been cut meanwhile; of a new one that was made sure.
            if not (kept and failure.connection_invalidated):
                raise
            return self._asked_of(lane, asked)

    def _asked_of(self, lane: OpenLane, asked: Asked) -> bytes:
        if self._connection is None:
            self._connection = self._engine.connect()
        try:
            return lane.answer(self._connection, asked)
        finally:
            # Whatever it began would show the next one what was, and not what is.
            if self._connection.in_transaction():
                self._connection.rollback()

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def install(app: Flask, engine: Engine, lanes: Sequence[OpenLane]) -> None:
    """Put the lanes in front of Flask."""
    if lanes:
        app.wsgi_app = OpenLanes(app.wsgi_app, app, engine, lanes)  # type: ignore[method-assign]  # how WSGI is wrapped


def _texts_of(
    environ: WSGIEnvironment, fields: Mapping[str, tuple[int, int]], defaults: Mapping[str, str]
) -> Mapping[str, str] | None:
    """Return the texts that the body says; None, and the body is as it was, for any other."""
    if environ.get("CONTENT_TYPE", "") != "application/json":
        return None
    length = environ.get("CONTENT_LENGTH") or ""
    # A character takes twelve bytes at most, as two escapes.
    most = 12 * sum(len(name) + longest for name, (_, longest) in fields.items())
    if not length.isdecimal() or int(length) > most:
        return None
    body: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    try:
        told = strict_json.read(body)
    except Unreadable:
        return None
    if not isinstance(told, dict):
        return None
    said = {**defaults, **told}
    fits = said.keys() == fields.keys() and all(_fits(said[name], fields[name]) for name in fields)
    return said if fits else None


def _fits(text: object, length: tuple[int, int]) -> bool:
    least, most = length
    return isinstance(text, str) and least <= len(text) <= most
