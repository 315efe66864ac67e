"""A learning record store of somebody else, in small, by the rules of xAPI 1.0.3 part two.

It takes statements together or not at all, keeps each id once, answers 409 where another statement
has it, knows what was voided, and refuses what is no statement.
"""

from __future__ import annotations

import base64
import json
from contextlib import ExitStack
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import UUID

from tests.served import served

KEY, SECRET = "platform", "of a store: in tests only"

_FIELDS = {"id", "actor", "verb", "object", "result", "context", "timestamp"}
_VOIDED = "http://adlnet.gov/expapi/verbs/voided"


class RecordStore:
    """The store; told to, it is away or refuses some."""

    def __init__(self) -> None:
        self.statements: dict[str, dict[str, Any]] = {}
        self.voided: set[str] = set()
        self.calls = 0
        #: What it answers instead, and a thing of which it will have no statement.
        self.away: int | None = None
        self.unwelcome: str | None = None

    def __enter__(self) -> Self:
        """Begin to answer."""
        self._server = server = HTTPServer(("127.0.0.1", 0), _Answers)
        vars(server)["store"] = self
        self._serving = ExitStack()
        self._serving.enter_context(served(server))
        return self

    def __exit__(self, *_: object) -> None:
        """Answer no longer."""
        self._serving.close()

    @property
    def endpoint(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_port}/xapi"

    def take(self, sent: Any) -> int:
        """Take statements in, all or none; return what is answered."""
        found = sent if isinstance(sent, list) else [sent]
        for one in found:
            if complaint := wrong(one):
                raise AssertionError(f"{complaint}: {one}")
            if self.unwelcome is not None and one["object"]["id"].endswith(self.unwelcome):
                return 400
            if self.statements.get(one["id"], one) != one:
                return 409
        for one in found:
            self.statements[one["id"]] = one
            if one["verb"]["id"] == _VOIDED:
                self.voided.add(one["object"]["id"])
        return 200

    def standing(self) -> list[dict[str, Any]]:
        """Return the statements that were not voided and void nothing."""
        return [
            one
            for one in self.statements.values()
            if one["id"] not in self.voided and one["verb"]["id"] != _VOIDED
        ]


def wrong(one: Any) -> str | None:
    """Return what is wrong with a statement (xAPI 1.0.3, data, 2.2 to 2.4), None for nothing."""
    if not isinstance(one, dict) or not one.keys() <= _FIELDS:
        return "fields"
    UUID(one["id"])
    actor, account = one["actor"], one["actor"]["account"]
    if actor["objectType"] != "Agent" or account.keys() != {"homePage", "name"}:
        return "actor"
    if actor.keys() & {"mbox", "mbox_sha1sum", "openid"}:
        return "an actor with two identifiers"
    links = [account["homePage"], one["verb"]["id"]]
    if one["object"]["objectType"] == "StatementRef":
        UUID(one["object"]["id"])
    else:
        links += [one["object"]["id"], one["object"]["definition"]["type"]]
    links += one.get("context", {}).get("extensions", {})
    if not all(urlsplit(link).scheme and urlsplit(link).netloc for link in links):
        return "no IRI"
    score = one.get("result", {}).get("score")
    if score and not (score["min"] <= score["raw"] <= score["max"] and -1 <= score["scaled"] <= 1):
        return "score"
    if "timestamp" in one and datetime.fromisoformat(one["timestamp"]).tzinfo is None:
        return "timestamp"
    return None


class _Answers(BaseHTTPRequestHandler):
    """What it answers over HTTP."""

    def do_POST(self) -> None:  # the name of the library
        store: RecordStore = self.server.store  # type: ignore[attr-defined]  # ours
        body = self.rfile.read(int(self.headers["Content-Length"]))
        store.calls += 1
        pair = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        if store.away is not None:
            status = store.away
        elif self.headers["Authorization"] != f"Basic {pair}":
            status = 401
        elif self.headers["X-Experience-API-Version"] != "1.0.3" or self.path != "/xapi/statements":
            status = 400
        else:
            status = store.take(json.loads(body))
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""
