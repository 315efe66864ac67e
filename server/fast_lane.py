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
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import structlog
from flask import Flask
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from server import clock, observing, problems, tokens
from server.crowd_figures import Figures
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

#: Tokens whose signature was found good, kept so that each phone's is verified once: some kilobyte
#: each. As many again of the older ones are kept beside them, so that a crowd a little larger than
#: this does not have every token verified each time.
MOST_TOKENS_KEPT = 100_000

_KEY = "fast_lanes"
#: Characters of an id in an address.
_ID_LENGTH = 36

_ALWAYS = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
_GOOD = [("Content-Type", "application/json"), *_ALWAYS]
REASONS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class Call(NamedTuple):
    """One request on a lane: who, about what, saying what, when."""

    claims: Claims
    #: The id that stands in the address.
    thing_id: UUID
    body: bytes
    at: datetime
    writer: GroupCommit


@dataclass(frozen=True, kw_only=True, eq=False)
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
        self._claims: dict[str, Claims] = {}
        self._older: dict[str, Claims] = {}
        self._lanes = {
            prefix: {
                (lane.method, lane.suffix): (lane, Figures(lane.method, lane.rule))
                for lane in lanes
                if lane.prefix == prefix
            }
            for prefix in {lane.prefix for lane in lanes}
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or hand it on."""
        path = environ["PATH_INFO"]
        for prefix, lanes in self._lanes.items():
            if path.startswith(prefix):
                end = len(prefix) + _ID_LENGTH
                found = lanes.get((environ["REQUEST_METHOD"], path[end:]))
                if found is not None and "/" not in path[len(prefix) : end]:
                    return self._answer(*found, path[len(prefix) : end], environ, start_response)
        return self._inner(environ, start_response)

    def _answer(
        self,
        lane: Lane,
        figures: Figures,
        thing: str,
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        began = figures.begin()
        asked = environ.get("HTTP_X_REQUEST_ID")
        request_id = (observing.sound_id(asked) if asked else None) or new_id()
        status, headers = 200, _GOOD
        try:
            body = lane.answer(self._call(lane, thing, environ))
        except Exception as error:
            status, headers, body = refused(error, environ, request_id)
        start_response(
            REASONS[status],
            [*headers, ("Content-Length", str(len(body))), ("X-Request-Id", request_id)],
        )
        figures.end(status, began)
        # A list: the server sends it whole, where it would ask anything else piece by piece.
        return [body]

    def _call(self, lane: Lane, thing: str, environ: WSGIEnvironment) -> Call:
        at = clock.now()
        claims = self._who(environ.get("HTTP_AUTHORIZATION", ""), at)
        writer = self._extensions["group_commit"]
        return Call(claims, _id(thing), _body(lane, environ), at, writer)

    def _who(self, authorization: str, at: datetime) -> Claims:
        known = self._claims.get(authorization)
        if known is not None and at < known.expires_at:
            return known
        claims = self._older.get(authorization)
        if claims is None or at >= claims.expires_at:
            claims = self._read(authorization, at)
        if len(self._claims) >= MOST_TOKENS_KEPT:
            self._older, self._claims = self._claims, {}
        self._claims[authorization] = claims
        return claims

    def _read(self, authorization: str, at: datetime) -> Claims:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotSignedIn
        keyring: Keyring = self._extensions["keyring"]
        return tokens.read(token.strip(), keyring=keyring, at=at)


def install(app: Flask, lanes: Sequence[Lane]) -> None:
    """Put the lanes in front of Flask; whatever reads proxy headers goes in front of both."""
    app.extensions[_KEY] = lanes
    if lanes:
        app.wsgi_app = FastLane(app.wsgi_app, app, lanes)  # type: ignore[method-assign]  # how WSGI is wrapped


def refused(
    error: Exception, environ: WSGIEnvironment, request_id: str
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return the status, the headers and the body that tell of a failure."""
    refusal = error if isinstance(error, DomainError) else problems.passing(error)
    if refusal is None:  # the reply says nothing of it, the log does
        refusal = Broken()
        log.error(
            "unexpected failure",
            exc_info=error,
            exception=type(error).__name__,
            request_id=request_id,
        )
    headers = [("Content-Type", problems.CONTENT_TYPE), *_ALWAYS, *problems.headers_of(refusal)]
    return refusal.status, headers, _document(refusal, environ, request_id)


def new_id() -> str:
    """Return a request id."""
    # Needs to be unlike others, not secret. Asking the system would let go of the interpreter,
    # which a thread among a hundred gets back late.
    return f"{random.getrandbits(128):032x}"


@lru_cache(MOST_TOKENS_KEPT)
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
