"""The client and the lossy proxy: a lost reply is asked for again, and only where harmless."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from load_tests.client import Client, NoReply
from load_tests.messages import Refused, get, post, put
from load_tests.proxy import lossy
from tests.served import served


class Ledger(BaseHTTPRequestHandler):
    """A server that writes down what it was asked."""

    protocol_version = "HTTP/1.1"
    asked: list[tuple[str, str, bytes]]

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.asked.append((self.command, self.path, body))
        status = 404 if self.path == "/missing" else 200
        content = b'{"code":"not_found","detail":"-"}' if status == 404 else b'{"held":true}'
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_POST = _answer  # noqa: N815  # named so by http.server

    def log_message(self, *_words):
        """Stay silent."""


@pytest.fixture
def ledger():
    class OwnLedger(Ledger):
        asked = []  # noqa: RUF012  # one list for one test

    with served(ThreadingHTTPServer(("127.0.0.1", 0), OwnLedger)) as server:
        yield OwnLedger.asked, f"http://127.0.0.1:{server.server_address[1]}"


def test_the_server_handled_the_request_whose_reply_was_lost(ledger):
    asked, url = ledger
    with lossy(url) as proxy:
        client = Client(proxy.url)
        proxy.lose()

        reply = client.send(put("/things/{thing_id}", {"a": 1}, thing_id="x y"))

        assert reply.good() == {"held": True}
        assert asked == [("PUT", "/things/x%20y", b'{"a":1}')] * 2
        assert proxy.lost == [(200, "/things/x%20y")]
        assert client.repeats == 1


def test_what_is_not_the_same_when_asked_twice_is_not_asked_twice(ledger):
    asked, url = ledger
    with lossy(url) as proxy:
        proxy.lose()

        with pytest.raises(NoReply):
            Client(proxy.url).send(post("/things", {"a": 1}))

    assert len(asked) == 1


def test_without_losses_every_request_arrives_once(ledger):
    asked, url = ledger
    with lossy(url) as proxy:
        client = Client(proxy.url)

        assert client.send(get("/things", query={"on": "2026-11-22", "not": None})).fine

    assert [path for _method, path, _body in asked] == ["/things?on=2026-11-22"]
    assert client.repeats == 0


def test_a_refusal_that_a_journey_cannot_do_without_says_what_was_asked(ledger):
    _asked, url = ledger

    with pytest.raises(Refused, match=r"GET /missing: 404 not_found"):
        Client(url).send(get("/missing")).good()
