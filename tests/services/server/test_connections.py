"""Whoever finds no connection free is told so within two seconds, and waits for nobody."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from server.app import engine_of
from server.policy import Role
from tests.databases import every_connection_taken

#: What the framework answers, what is answered in front of it, and what a proxy asks.
ADDRESSES = ("/v1/jobs", "/v1/verification/T-371300-2026-0001", "/readyz")


def test_who_finds_no_connection_is_told_to_come_again(app, a_signed_in):
    somebody = a_signed_in(Role.WORKER)

    def ask(address: str) -> tuple[int, str, int]:
        reply = app.test_client().get(address, headers=somebody.headers)
        later = int(reply.headers.get("Retry-After", 0))
        return reply.status_code, str(reply.get_json().get("code")), later

    with every_connection_taken(engine_of(app)), ThreadPoolExecutor(len(ADDRESSES)) as asking:
        began = time.monotonic()
        replies = dict(zip(ADDRESSES, asking.map(ask, ADDRESSES), strict=True))
        waited = time.monotonic() - began

    assert {reply[:2] for reply in replies.values()} == {(503, "unavailable")}, replies
    assert all(later > 0 for _status, _code, later in replies.values())
    assert 1.5 < waited < 10
    assert ask("/v1/jobs")[0] == 200
