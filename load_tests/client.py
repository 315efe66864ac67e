"""A small HTTP client: keeps connection and tokens, asks again when a reply is lost (客户端)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import uuid4

import urllib3
from urllib3.exceptions import HTTPError

from load_tests.messages import Ask, Journey, Reply, decoded, encoded, post

Answer = TypeVar("Answer")

#: Where one signs in, and where a refresh token is exchanged for new tokens.
SIGN_IN, REFRESH = "/v1/sign-in", "/v1/refresh"

#: How often something is asked before the client gives up, and seconds before the first repeat.
TRIES, PATIENCE = 6, 0.1

#: Refusals that mean: send the same again.
_AGAIN = {(409, "conflict"), (503, "unavailable"), (503, "busy")}


class NoReply(Exception):
    """The server did not reply, however often it was asked."""


class Client:
    """One phone or browser.

    Args:
        base_url: where the server is, `http://127.0.0.1:8000`.
        language: what `Accept-Language` says.
        watch: is told every reply, repeats included.
    """

    def __init__(
        self,
        base_url: str,
        *,
        language: str = "zh",
        watch: Callable[[Reply], None] | None = None,
    ) -> None:
        self.base_url = base_url
        self._language = language
        self._watch = watch
        self._pool = urllib3.PoolManager(maxsize=1, retries=False, timeout=60.0)
        self.device_id = str(uuid4())
        self.access_token: str | None = None
        self.refresh_token: str | None = None
        #: Name and password, for signing in on another phone.
        self.signed_in_with = ("", "")
        #: How often a request was sent again because its reply was lost.
        self.repeats = 0

    def sign_in(
        self, sign_in_name: str, password: str, *, new_password: str | None = None
    ) -> dict[str, Any]:
        """Sign in, keep the tokens, and return what the server says of the account.

        Args:
            sign_in_name: of the account.
            password: its own, or the one-time one it was handed.
            new_password: what replaces a one-time password.

        Raises:
            Refused: the server does not know this name with this password.
        """
        body = {
            "sign_in_name": sign_in_name,
            "password": password,
            "device_id": self.device_id,
            "device_name": "load test",
        }
        if new_password is not None:
            body["new_password"] = new_password
        tokens: dict[str, Any] = self.send(post(SIGN_IN, body, signed=False)).good()
        self.signed_in_with = sign_in_name, new_password or password
        self._keep(tokens)
        return tokens

    def run(self, journey: Journey[Answer]) -> Answer:
        """Walk a journey to its end and return what came of it."""
        reply: Reply | None = None
        while True:
            try:
                ask = next(journey) if reply is None else journey.send(reply)
            except StopIteration as end:
                answer: Answer = end.value
                return answer
            reply = self.send(ask)

    def send(self, ask: Ask) -> Reply:
        """Ask, and return the reply, whatever it says.

        Lost replies and refusals that mean "again" are asked again where that is harmless; an
        access token that ran out is renewed once.

        Raises:
            NoReply: there was none, however often the server was asked.
        """
        reply = self._patiently(ask)
        if reply.status == 401 and ask.signed and self.refresh_token:
            body = {"refresh_token": self.refresh_token, "device_id": self.device_id}
            renewed = self.send_once(post(REFRESH, body, signed=False))
            if renewed.fine:
                self._keep(renewed.body)
                reply = self._patiently(ask)
        return reply

    def send_once(self, ask: Ask) -> Reply:
        """Ask one time only.

        Raises:
            HTTPError: the connection broke before the reply was there.
        """
        body, content_type = encoded(ask)
        began = time.perf_counter()
        answer = self._pool.request(
            ask.method,
            self.base_url + ask.path,
            body=body,
            headers=self._headers(ask, content_type),
            redirect=False,
        )
        ms = (time.perf_counter() - began) * 1000
        reply = Reply(
            ask=ask,
            status=answer.status,
            body=decoded(answer.data, answer.headers.get("Content-Type", "")),
            raw=answer.data,
            headers=dict(answer.headers),
            ms=ms,
        )
        if self._watch is not None:
            self._watch(reply)
        return reply

    def _patiently(self, ask: Ask) -> Reply:
        lost: HTTPError | None = None
        for attempt in range(TRIES):
            if attempt:
                self.repeats += 1
                time.sleep(PATIENCE * 2 ** (attempt - 1))
            try:
                reply = self.send_once(ask)
            except HTTPError as error:
                lost = error
                if not ask.repeatable:
                    break
                continue
            if (reply.status, reply.code) not in _AGAIN:
                return reply
        if lost is not None:
            raise NoReply(f"{ask.method} {ask.address}: {type(lost).__name__}") from lost
        return reply

    def _headers(self, ask: Ask, content_type: str) -> dict[str, str]:
        headers = {"Accept-Language": self._language, **ask.headers}
        if content_type:
            headers["Content-Type"] = content_type
        if ask.signed and self.access_token:
            headers["Authorization"] = f"Bearer {self.access_token}"
        return headers

    def _keep(self, tokens: dict[str, Any]) -> None:
        self.access_token = tokens["access_token"]
        self.refresh_token = tokens["refresh_token"]
