"""Whoever finds no connection free is told so within two seconds, and waits for nobody."""

from __future__ import annotations

import time
from contextlib import ExitStack

import pytest
from sqlalchemy import QueuePool

from server.app import engine_of
from server.policy import Role


def test_who_finds_no_connection_is_told_to_come_again(app, client, a_signed_in, config):
    if config.on_sqlite:
        pytest.skip("An embedded database has no budget of connections.")
    somebody = a_signed_in(Role.WORKER)
    engine = engine_of(app)

    with ExitStack() as readers:
        assert isinstance(engine.pool, QueuePool)
        for _ in range(engine.pool.size()):
            readers.enter_context(engine.connect())
        began = time.monotonic()
        reply = client.get("/v1/jobs", headers=somebody.headers)
        waited = time.monotonic() - began

    assert (reply.status_code, reply.get_json()["code"]) == (503, "unavailable")
    assert int(reply.headers["Retry-After"]) > 0
    assert 1.5 < waited < 10
    assert client.get("/v1/jobs", headers=somebody.headers).status_code == 200
