"""The addresses at which a crowd waits, and what is the same however they are served (快速通道).

Flask's request cycle costs more than all that saving a response needs: with it in the way, two
cores take about a fifth of the saves they take without. So the few addresses of an exam's worst
minute are answered in front of Flask, in the same application: by `server.front` on the event loop
of the platform's own server, and by `server.fast_lane` under any other WSGI server. Both share
what stands here, and the platform's tokens, refusals, limits, figures, strict reading and group
commit; the same addresses stand in the OpenAPI document through ordinary views.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

import structlog
from flask import Flask
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from server import clock, observing, problems, queues, tokens
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
from server.group_commit import GroupCommit, Store
from server.tokens import Claims, Keyring

Wish = TypeVar("Wish")
Answer = TypeVar("Answer")

log = structlog.get_logger("lanes")

#: Tokens whose signature was found good, kept so that each phone's is verified once: some kilobyte
#: each. As many again of the older ones are kept beside them, so that a crowd a little larger than
#: this does not have every token verified each time.
MOST_TOKENS_KEPT = 100_000

#: Stands for an id where the address has none.
NOTHING = UUID(int=0)

_KEY = "lanes"
#: Characters of an id in an address.
_ID_LENGTH = 36

ALWAYS = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
GOOD = [("Content-Type", "application/json"), *ALWAYS]
REASONS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class Call(NamedTuple):
    """One request on a lane: who, about what, saying what, when."""

    claims: Claims
    #: The id that stands in the address; `NOTHING` where none does.
    thing_id: UUID
    body: bytes
    at: datetime


@dataclass(frozen=True, kw_only=True, eq=False)
class Lane(Generic[Wish, Answer]):
    """One address: `method` and `prefix`, a UUID, `suffix`; and what happens there.

    Without an id the address is `prefix` alone. A lane that reads has no body, and whoever asks it
    with words in the query is answered by the ordinary view of the address.

    `wish` reads what is to be stored, `store` stores it with all others who wait, and `reply` is
    the JSON that tells of it; any of them refuses by raising a `DomainError`. That the device of
    the claims is still signed in is checked by the store, in the statement it needs anyway.
    """

    method: str
    prefix: str
    suffix: str = ""
    wish: Callable[[Call], Wish]
    store: Store[Wish, Answer]
    reply: Callable[[Answer, Call], bytes]
    #: Whether those of one step of the clock share a commit, see `GroupCommit.submit_in_step`.
    in_step: bool = False
    #: Whether an id stands in the address.
    has_id: bool = True
    #: Bytes of a body.
    body_limit: int = 65_536

    @property
    def reads(self) -> bool:
        """Whether it only looks; its `store` then changes nothing."""
        return self.method == "GET"

    @property
    def rule(self) -> str:
        """The address as figures and documents name it."""
        return f"{self.prefix}<uuid>{self.suffix}" if self.has_id else self.prefix

    def check_size(self, length: int) -> None:
        """Refuse a body of more bytes than the lane takes.

        Raises:
            TooLarge: it is.
        """
        if length > self.body_limit:
            raise TooLarge(limit_bytes=self.body_limit)


#: What asked for, and whose figures: the lane, its figures, the id as it stands in the address.
Found = tuple[Lane[Any, Any], Figures, str]


class Reception:
    """Finds the lane of a request and reads what it says; one for each process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._claims: dict[str, Claims] = {}
        self._older: dict[str, Claims] = {}
        lanes: Sequence[Lane[Any, Any]] = app.extensions[_KEY]
        known = [(lane, Figures(lane.method, lane.rule)) for lane in lanes]
        self._alone = {
            (lane.method, lane.prefix): (lane, figures, "")
            for lane, figures in known
            if not lane.has_id
        }
        self._lanes = {
            prefix: {
                (lane.method, lane.suffix): (lane, figures)
                for lane, figures in known
                if lane.prefix == prefix and lane.has_id
            }
            for prefix in {lane.prefix for lane in lanes if lane.has_id}
        }

    @property
    def writer(self) -> GroupCommit:
        """Who stores what waits."""
        return queues.writer(self._app)

    @property
    def reader(self) -> GroupCommit:
        """Who looks for those who only look."""
        return queues.reader(self._app)

    def find(self, method: str, path: str, query: str) -> Found | None:
        """Return the lane of a request; None where it is none's."""
        if query and method == "GET":
            return None
        alone = self._alone.get((method, path))
        if alone is not None:
            return alone
        for prefix, lanes in self._lanes.items():
            if path.startswith(prefix):
                end = len(prefix) + _ID_LENGTH
                found = lanes.get((method, path[end:]))
                if found is not None and "/" not in path[len(prefix) : end]:
                    return (*found, path[len(prefix) : end])
        return None

    def call(self, thing: str, authorization: str, kind: str, body: bytes) -> Call:
        """Return what a request says.

        Args:
            thing: the id as it stands in the address; empty where none does.
            authorization: the header of that name.
            kind: the header `Content-Type`.
            body: the body, whole.

        Raises:
            NotSignedIn: there is no token, or it is not good.
            NotFound: the address holds no id.
            WrongMediaType: the body is no JSON.
        """
        at = clock.now()
        claims = self._who(authorization, at)
        thing_id = _id(thing) if thing else NOTHING
        if body and kind != "application/json":
            _check_kind(kind)
        return Call(claims, thing_id, body, at)

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
        keyring: Keyring = self._app.extensions["keyring"]
        return tokens.read(token.strip(), keyring=keyring, at=at)


def install(app: Flask, lanes: Sequence[Lane[Any, Any]]) -> None:
    """Tell an application its lanes."""
    app.extensions[_KEY] = lanes


def length_of(header: str | None) -> int:
    """Return the bytes that a header `Content-Length` promises; 0 where it promises nothing.

    Raises:
        Unreadable: it is no number.
    """
    try:
        return int(header or 0)
    except ValueError:
        raise Unreadable(reason="its length is malformed", reason_zh="长度有误") from None


def refused(
    error: Exception, languages: str | None, request_id: str
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return the status, the headers and the body that tell of a failure.

    Args:
        error: what came up.
        languages: the header `Accept-Language`.
        request_id: the id of the request.
    """
    refusal = error if isinstance(error, DomainError) else problems.passing(error)
    if refusal is None:  # the reply says nothing of it, the log does
        refusal = Broken()
        log.error(
            "unexpected failure",
            exc_info=error,
            exception=type(error).__name__,
            request_id=request_id,
        )
    headers = [("Content-Type", problems.CONTENT_TYPE), *ALWAYS, *problems.headers_of(refusal)]
    return refusal.status, headers, _document(refusal, languages, request_id)


def request_id(asked: str | None) -> str:
    """Return the id of a request: the one it brings, where that is sound, else a new one."""
    return (observing.sound_id(asked) if asked else None) or new_id()


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


def _check_kind(kind: str) -> None:
    if kind.partition(";")[0].strip().lower() != "application/json":
        raise WrongMediaType


def _document(refusal: DomainError, languages: str | None, request_id: str) -> bytes:
    accept = parse_accept_header(languages, LanguageAccept)
    tongue = accept.best_match(["zh", "en"], default="zh") or "zh"
    document = problems.document(refusal, tongue) | {"request_id": request_id}
    return json.dumps(document, ensure_ascii=False).encode()
