"""The addresses at which a crowd waits, answered in front of the framework (快速通道).

Flask's request cycle costs more than all that saving a response needs: with it in the way, two
cores take about a fifth of the saves they take without. So the few addresses of an exam's worst
minute are answered by this WSGI callable, mounted in the same application in front of Flask. It
shares the platform's tokens, refusals, limits, figures, strict reading and group commit; the same
addresses stand in the OpenAPI document through ordinary views, which answer by the same function.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from flask import Flask
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from server import clock, observing, problems, tokens
from server.errors import (
    Broken,
    DomainError,
    NotFound,
    NotSignedIn,
    TooLarge,
    Unreadable,
    WrongMediaType,
)
from server.group_commit import GroupCommit
from server.tokens import Claims, Keyring

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger("fast_lane")

#: Tokens whose signature was found good, kept so that each phone's is verified once.
MOST_TOKENS_KEPT = 50_000

_KEY = "fast_lanes"
_REASONS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request on a lane: who, about what, saying what, when."""

    claims: Claims
    address: str
    #: The id that stands in the address.
    thing_id: UUID
    body: bytes
    at: datetime
    writer: GroupCommit


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One address: `method` and `prefix`, a UUID, `suffix`; and what answers there.

    `answer` returns the JSON reply, and refuses by raising a `DomainError`. That the device of
    the claims is still signed in is checked by `answer`, in the statement it needs anyway.
    """

    method: str
    prefix: str
    suffix: str
    answer: Callable[[Call], bytes]
    #: Bytes of a body.
    body_limit: int = 65_536

    @property
    def rule(self) -> str:
        """The address as figures and documents name it."""
        return f"{self.prefix}<uuid>{self.suffix}"


class FastLane:
    """A WSGI callable in front of another: answers its lanes, and hands on everything else."""

    def __init__(self, inner: WSGIApplication, app: Flask, lanes: Sequence[Lane]) -> None:
        self._inner = inner
        self._extensions = app.extensions
        self._lanes = tuple(lanes)
        self._claims: dict[str, Claims] = {}
        self._figures = {lane: _Figures(lane) for lane in lanes}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or hand it on."""
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        for lane in self._lanes:
            if (
                method == lane.method
                and path.startswith(lane.prefix)
                and path.endswith(lane.suffix)
            ):
                thing = path[len(lane.prefix) : len(path) - len(lane.suffix)]
                if "/" not in thing:
                    return self._answer(lane, thing, environ, start_response)
        return self._inner(environ, start_response)

    def _answer(
        self, lane: Lane, thing: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        began, cpu_began = time.perf_counter(), time.thread_time()
        request_id = observing.sound_id(environ.get("HTTP_X_REQUEST_ID", "")) or _new_id()
        status, content_type, extra = 200, "application/json", []
        try:
            body = lane.answer(self._call(lane, thing, environ))
        except DomainError as refusal:
            status, content_type = refusal.status, problems.CONTENT_TYPE
            body = _document(refusal, environ, request_id)
            extra = problems.headers_of(refusal)
        except Exception as error:  # the reply says nothing of it, the log does
            log.error(
                "unexpected failure",
                exc_info=error,
                exception=type(error).__name__,
                request_id=request_id,
            )
            status, content_type = 500, problems.CONTENT_TYPE
            body = _document(Broken(), environ, request_id)
        start_response(
            _REASONS[status],
            [
                ("Content-Type", content_type),
                ("Content-Length", str(len(body))),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
                ("X-Request-Id", request_id),
                *extra,
            ],
        )
        self._figures[lane].count(
            status, time.perf_counter() - began, time.thread_time() - cpu_began
        )
        return (body,)

    def _call(self, lane: Lane, thing: str, environ: WSGIEnvironment) -> Call:
        at = clock.now()
        claims = self._who(environ.get("HTTP_AUTHORIZATION", ""), at)
        return Call(
            claims=claims,
            address=str(environ.get("REMOTE_ADDR") or "unknown"),
            thing_id=_id(thing),
            body=_body(lane, environ),
            at=at,
            writer=self._extensions["group_commit"],
        )

    def _who(self, authorization: str, at: datetime) -> Claims:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotSignedIn
        known = self._claims.get(token)
        if known is not None and at < known.expires_at:
            return known
        keyring: Keyring = self._extensions["keyring"]
        claims = tokens.read(token.strip(), keyring=keyring, at=at)
        if len(self._claims) >= MOST_TOKENS_KEPT:
            self._claims.clear()
        self._claims[token] = claims
        return claims


class _Figures:
    """The figures of one lane, their labels looked up once."""

    def __init__(self, lane: Lane) -> None:
        self._labels = (lane.method, lane.rule)
        self._seconds = observing.SECONDS.labels(*self._labels)
        self._cpu = observing.CPU_SECONDS.labels(*self._labels)
        self._by_status: dict[int, Any] = {}

    def count(self, status: int, seconds: float, cpu_seconds: float) -> None:
        """Count one reply."""
        counter = self._by_status.get(status)
        if counter is None:
            counter = self._by_status[status] = observing.REQUESTS.labels(*self._labels, status)
        counter.inc()
        self._seconds.observe(seconds)
        self._cpu.inc(cpu_seconds)


def install(app: Flask, lanes: Sequence[Lane]) -> None:
    """Put the lanes in front of Flask; whatever reads proxy headers goes in front of both."""
    app.extensions[_KEY] = lanes
    if lanes:
        app.wsgi_app = FastLane(app.wsgi_app, app, lanes)  # type: ignore[method-assign]  # how WSGI is wrapped


def _new_id() -> str:
    # Needs to be unlike others, not secret. Asking the system would let go of the interpreter,
    # which a thread among a hundred gets back late.
    return f"{random.getrandbits(128):032x}"


def _id(text: str) -> UUID:
    try:
        found = UUID(text)
    except ValueError:
        raise NotFound from None
    if str(found) != text.lower():
        raise NotFound
    return found


def _body(lane: Lane, environ: WSGIEnvironment) -> bytes:
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise Unreadable(reason="its length is malformed", reason_zh="长度有误") from None
    if length > lane.body_limit:
        raise TooLarge(limit_bytes=lane.body_limit)
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if length and kind != "application/json":
        raise WrongMediaType
    # A body sent in chunks says no length; one byte more than allowed is enough to refuse it.
    body: bytes = environ["wsgi.input"].read(length or lane.body_limit + 1)
    if len(body) > lane.body_limit:
        raise TooLarge(limit_bytes=lane.body_limit)
    return body


def _document(refusal: DomainError, environ: WSGIEnvironment, request_id: str) -> bytes:
    accept = parse_accept_header(environ.get("HTTP_ACCEPT_LANGUAGE"), LanguageAccept)
    tongue = accept.best_match(["zh", "en"], default="zh") or "zh"
    document = problems.document(refusal, tongue) | {"request_id": request_id}
    return json.dumps(document, ensure_ascii=False).encode()
