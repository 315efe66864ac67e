"""Addresses that strangers ask in crowds, answered in front of the framework (公开快速通道).

As `fast_lane`, for reading without an account: `GET`, a prefix, and one more piece of the address;
or `POST`, where what is asked about does not belong into an address, and the body is a JSON object
of one text. Each answer says how long caches may keep it, and an `ETag`, so that whoever asks again
is told that nothing changed. Whatever is not asked in exactly that way (words in the query, another
body) is answered by the ordinary view of the address.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from io import BytesIO
from typing import TYPE_CHECKING

from flask import Flask
from sqlalchemy import Connection, Engine

from server import clock
from server.fast_lane import REASONS, Figures, Lane, new_id, refused

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenLane:
    """One address, and what answers there.

    Asked by `GET` it is `prefix` and one more piece; by `POST` it is `prefix`, and the piece is
    the text in the body. `answer` gets a connection that only reads, the piece, and the moment;
    it returns the JSON reply, and refuses by raising a `DomainError`.
    """

    prefix: str
    #: How the piece is named in figures and documents.
    rule: str
    answer: Callable[[Connection, str, datetime], bytes]
    cache_control: str
    #: The one field of the body, where it is asked by `POST`; None for `GET`.
    field: str | None = None
    #: Characters that the field may have at most.
    longest: int = 2_000

    @property
    def method(self) -> str:
        """How it is asked."""
        return "GET" if self.field is None else "POST"

    def piece(self, environ: WSGIEnvironment) -> str | None:
        """Return what is asked about; None where it is not asked in the way of the lane."""
        if environ["REQUEST_METHOD"] != self.method or environ.get("QUERY_STRING"):
            return None
        path: str = environ["PATH_INFO"]
        if self.field is not None:
            return _text_of(environ, self.field, self.longest) if path == self.prefix else None
        piece = path[len(self.prefix) :]
        return piece if path.startswith(self.prefix) and piece and "/" not in piece else None


class OpenLanes:
    """A WSGI callable in front of another: answers its lanes, and hands on everything else."""

    def __init__(self, inner: WSGIApplication, engine: Engine, lanes: Sequence[OpenLane]) -> None:
        self._inner = inner
        self._engine = engine
        self._lanes = [
            (lane, Figures(Lane(method=lane.method, prefix=lane.rule, suffix="", answer=_nothing)))
            for lane in lanes
        ]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or hand it on."""
        for lane, figures in self._lanes:
            piece = lane.piece(environ)
            if piece is not None:
                return self._answer(lane, figures, piece, environ, start_response)
        return self._inner(environ, start_response)

    def _answer(
        self,
        lane: OpenLane,
        figures: Figures,
        piece: str,
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        began = figures.begin()
        request_id, status = new_id(), 200
        try:
            with self._engine.connect() as connection:
                body = lane.answer(connection, piece, clock.now())
            tag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
            headers = [
                ("Content-Type", "application/json"),
                ("Cache-Control", lane.cache_control),
                ("ETag", tag),
                ("X-Content-Type-Options", "nosniff"),
            ]
            if lane.field is None and environ.get("HTTP_IF_NONE_MATCH") == tag:
                status, body = 304, b""
        except Exception as error:
            status, headers, body = refused(error, environ, request_id)
        if status != 304:
            headers = [*headers, ("Content-Length", str(len(body)))]
        start_response(REASONS[status], [*headers, ("X-Request-Id", request_id)])
        figures.end(status, began)
        return [body]


def install(app: Flask, engine: Engine, lanes: Sequence[OpenLane]) -> None:
    """Put the lanes in front of Flask."""
    if lanes:
        app.wsgi_app = OpenLanes(app.wsgi_app, engine, lanes)  # type: ignore[method-assign]  # how WSGI is wrapped


def _text_of(environ: WSGIEnvironment, field: str, longest: int) -> str | None:
    """Return the one text that the body says; None, and the body is as it was, for any other."""
    if environ.get("CONTENT_TYPE", "") != "application/json":
        return None
    length = environ.get("CONTENT_LENGTH") or ""
    # A character takes twelve bytes at most, as two escapes.
    if not length.isdecimal() or int(length) > 12 * longest:
        return None
    body: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    try:
        pairs = json.loads(body, object_pairs_hook=list)
    except ValueError:
        return None
    if not isinstance(pairs, list) or len(pairs) != 1 or not isinstance(pairs[0], tuple):
        return None
    name, text = pairs[0]
    fits = name == field and isinstance(text, str) and 0 < len(text) <= longest
    return text if fits else None


def _nothing(_call: object) -> bytes:
    return b""
