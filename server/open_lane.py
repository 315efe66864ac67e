"""Addresses that strangers ask in crowds, answered in front of the framework (公开快速通道).

As `fast_lane`, for reading without an account: `GET`, a prefix, and one more piece of the address.
Each answer says how long caches may keep it, and an `ETag`, so that whoever asks again is told
that nothing changed. With words in the query the address is answered by its ordinary view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

from flask import Flask
from sqlalchemy import Connection, Engine

from server import clock
from server.fast_lane import REASONS, Figures, Lane, new_id, refused

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenLane:
    """One address: `prefix` and one more piece; and what answers there.

    `answer` gets a connection that only reads, the piece, and the moment; it returns the JSON
    reply, and refuses by raising a `DomainError`.
    """

    prefix: str
    #: How the piece is named in figures and documents.
    rule: str
    answer: Callable[[Connection, str, datetime], bytes]
    cache_control: str


class OpenLanes:
    """A WSGI callable in front of another: answers its lanes, and hands on everything else."""

    def __init__(self, inner: WSGIApplication, engine: Engine, lanes: Sequence[OpenLane]) -> None:
        self._inner = inner
        self._engine = engine
        self._lanes = [
            (lane, Figures(Lane(method="GET", prefix=lane.rule, suffix="", answer=_nothing)))
            for lane in lanes
        ]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or hand it on."""
        path: str = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] == "GET" and not environ.get("QUERY_STRING"):
            for lane, figures in self._lanes:
                piece = path[len(lane.prefix) :]
                if path.startswith(lane.prefix) and piece and "/" not in piece:
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
            if environ.get("HTTP_IF_NONE_MATCH") == tag:
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


def _nothing(_call: object) -> bytes:
    return b""
