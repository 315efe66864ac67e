"""Another system is told that its feed moved: signed, tried again, given up, sent again."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server import clock
from server.config import Config
from server.exchange import commands, feed_rules
from tests.factories.exchange import a_followed_province, issue, numbered, token_headers
from tests.moments import Clock
from tests.served import served

Writing = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def place(writing: Writing) -> dict[str, Any]:
    """Store a province with a bureau that issues, and two systems that follow it."""
    with writing():
        return a_followed_province()


class _Receiver(BaseHTTPRequestHandler):
    """Another system's webhook: it takes what is left to take, and refuses the rest."""

    def do_POST(self) -> None:  # the name of the library
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append((dict(self.headers), body))  # type: ignore[attr-defined]  # ours
        self.send_response(200 if self.server.takes else 503)  # type: ignore[attr-defined]  # ours
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Any]:
    server: Any = HTTPServer(("127.0.0.1", 0), _Receiver)
    server.calls, server.takes = [], True
    with served(server):
        yield server


def test_a_webhook_is_signed_tried_again_and_given_up_without_losing_an_entry(
    app: Flask,
    client: FlaskClient,
    place: dict[str, Any],
    writing: Writing,
    config: Config,
    receiver: Any,
    the_clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reaching = config.replaced(webhook_networks=("127.0.0.0/8",))
    monkeypatch.setitem(app.extensions, "config", reaching)
    hook = f"/v1/exchange/hooks/{uuid4()}"
    address = f"http://127.0.0.1:{receiver.server_address[1]}/in"

    def asked(method: str, url: str, **body: Any) -> Any:
        headers = token_headers(place["ours"], config)
        return client.open(url, method=method, headers=headers, **body).get_json()

    def told() -> int:
        with app.app_context():
            return commands.tell(clock.now())

    inward = asked("PUT", hook, json={"address": "http://169.254.169.254/"})
    assert inward["code"] == "channel_unfit"
    secret = asked("PUT", hook, json={"address": address})["secret"]
    assert asked("PUT", hook, json={"address": address})["secret"] is None
    assert told() == 0
    with writing():
        issue(place)
    numbered(app)
    receiver.takes = False
    assert told() == 1
    assert told() == 0
    the_clock.move(timedelta(seconds=5))
    renewed = asked("PUT", f"{hook}/secret")["secret"]
    receiver.takes = True
    assert told() == 1

    (first, second) = receiver.calls
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    for known in (secret, renewed):
        key = base64.b64decode(known.removeprefix("whsec_"))
        assert feed_rules.believed(second[0], second[1], [key], at=clock.now())
    said = json.loads(second[1])
    assert said["type"] == "feed.advanced"
    assert said["data"]["from_seq"] == 1
    assert asked("GET", hook)["position"] == said["data"]["until_seq"]

    receiver.takes = False
    with writing():
        issue(place)
    numbered(app)
    while asked("GET", "/v1/exchange/dead-letters")["items"] == []:
        assert told() == 1
        the_clock.move(timedelta(hours=6))
    (letter,) = asked("GET", "/v1/exchange/dead-letters")["items"]
    again = f"/v1/exchange/dead-letters/{letter['id']}/delivery"
    assert asked("PUT", again)["code"] == "hook_unreachable"
    receiver.takes = True
    assert asked("PUT", again)["sent_at"] is not None
    assert json.loads(receiver.calls[-1][1])["data"]["from_seq"] == letter["from_seq"]
    asked("PUT", f"{hook}/closing")
    with writing():
        issue(place)
    numbered(app)
    assert told() == 0
