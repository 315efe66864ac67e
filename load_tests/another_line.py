"""How another make of phone speaks with the server: as docs/api.md and docs/attempt.md say.

Tokens are renewed when they expire, 503 and 429 are waited out for as long as they say, and where
there is no reply at all it waits 1, 2, 4 … up to 30 seconds, each more or less by chance. Shares
no line with the house.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

#: A reply: its status, its headers by lower-case name, and its body.
Answered = tuple[int, Mapping[str, str], bytes]

#: Statuses that mean: nothing was lost, come back after `Retry-After` seconds.
BUSY = (429, 503)

#: Seconds that are waited at most where there is no reply.
LONGEST_WAIT = 30.0


class Network(Protocol):
    """How bytes travel. Raises `ConnectionError` where there is no network."""

    def __call__(
        self, method: str, path: str, body: bytes | None, token: str | None
    ) -> Answered:  # pragma: no cover
        """Send a request and return the reply."""


class Refused(Exception):
    """The server refused; `code` is stable."""

    def __init__(self, status: int, document: dict[str, Any]) -> None:
        super().__init__(f"{status} {document.get('code')}")
        self.status = status
        self.code: str = document["code"]
        self.facts: dict[str, Any] = document.get("facts", {})


class Away(ConnectionError):
    """There was no good reply, however often it was tried; the same may be sent again later."""


@dataclass(kw_only=True)
class Line:
    """The way to the server, with the tokens of one phone."""

    network: Network
    device_id: str
    access_token: str | None = None
    refresh_token: str | None = None
    #: Lets seconds pass.
    wait: Callable[[float], None] = time.sleep
    #: How often a message is tried before the phone goes on with something else.
    tries: int = 4

    def sign_in(self, name: str, password: str) -> None:
        """Sign in on this phone, under the number that it made for itself."""
        device = {"device_id": self.device_id, "device_name": "another phone"}
        words = {"sign_in_name": name, "password": password}
        self._keep(self.ask("POST", "/v1/sign-in", words | device, signed=False))

    def ask(
        self, method: str, path: str, body: object = None, *, signed: bool = True
    ) -> dict[str, Any]:
        """Ask until there is a good reply.

        Raises:
            Refused: the server said no for good.
            Away: there was no reply, or the server was busy, however often it was tried.
        """
        reply: dict[str, Any] = json.loads(self.fetch(method, path, body, signed=signed))
        return reply

    def fetch(self, method: str, path: str, body: object = None, *, signed: bool = True) -> bytes:
        """Ask for bytes; as `ask`."""
        said = None if body is None else json.dumps(body).encode()
        pause = 0.0
        for number in range(self.tries):
            if number:
                self.wait(pause)
            pause = min(LONGEST_WAIT, 2.0**number) * random.uniform(0.5, 1.5)
            try:
                token = self.access_token if signed else None
                status, headers, raw = self.network(method, path, said, token)
            except ConnectionError:
                continue
            if status == 200:
                return raw
            if status in BUSY:
                pause = float(headers.get("retry-after", pause))
                continue
            refusal = Refused(status, json.loads(raw))
            if not signed or refusal.code != "token_expired":
                raise refusal
            pause = 0.0
            self._renew()
        raise Away(f"{method} {path}")

    def _renew(self) -> None:
        words = {"refresh_token": self.refresh_token, "device_id": self.device_id}
        self._keep(self.ask("POST", "/v1/refresh", words, signed=False))

    def _keep(self, tokens: dict[str, Any]) -> None:
        self.access_token, self.refresh_token = tokens["access_token"], tokens["refresh_token"]
