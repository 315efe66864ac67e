"""Lanes for strangers: turns over one connection, which never shows what was."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from server.app import engine_of
from server.auth import limits
from server.open_lane import Asked, OpenLane, Turn
from tests.moments import NOON

_ROWS = "SELECT count(*) FROM sign_in_tally"


def _count(connection: Connection, asked: Asked) -> bytes:
    """Say how many rows there are; begins a transaction, and perhaps breaks off in it."""
    rows = connection.execute(text(_ROWS)).scalar_one()
    if asked.texts == ("broken",):
        raise LookupError
    return str(rows).encode()


def _cut(connection: Connection, asked: Asked) -> bytes:
    """Have the connection cut, the first time that it is asked."""
    if asked.texts == ("cut",) and not _CUT:
        _CUT.append(True)
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    return _count(connection, asked)


_CUT: list[bool] = []


def a_lane(answer: Any = _count) -> OpenLane:
    """Return a lane."""
    return OpenLane(prefix="/x/", rule="/x/<y>", answer=answer, cache_control="no-store")


def asked(app: Flask, *texts: str) -> Asked:
    """Return a question."""
    return Asked(texts, "10.0.0.1", NOON, app)


@pytest.fixture
def turn(app: Flask) -> Iterator[Turn]:
    """A turn for which somebody always waits, so that it keeps its connection."""
    kept = Turn(engine_of(app))
    kept.waiting.append(None)
    yield kept
    kept.waiting.clear()
    kept.answer(a_lane(), asked(app))


def test_what_is_answered_over_a_kept_connection_is_what_is(app: Flask, turn: Turn) -> None:
    before = turn.answer(a_lane(), asked(app))
    with pytest.raises(LookupError):
        turn.answer(a_lane(), asked(app, "broken"))
    with engine_of(app).execution_options(writes=True).begin() as writing:
        row = {"key": limits.key_of_address("10.1.1.1"), "at": "2026-01-01 00:00:00.000000"}
        words = (
            "INSERT INTO sign_in_tally (key, tries, began_at, last_at) VALUES (:key, 1, :at, :at)"
        )
        writing.execute(text(words), row)

    assert int(turn.answer(a_lane(), asked(app))) == int(before) + 1


def test_many_at_once_are_all_answered(app: Flask) -> None:
    shared = Turn(engine_of(app))
    told: list[bytes] = []

    def ask() -> None:
        told.extend(shared.answer(a_lane(), asked(app)) for _ in range(20))

    crowd = [threading.Thread(target=ask) for _ in range(8)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()

    assert len(told) == 160
    assert len(set(told)) == 1


def test_a_connection_that_was_cut_meanwhile_is_made_anew(app: Flask, turn: Turn) -> None:
    if engine_of(app).dialect.name != "postgresql":
        pytest.skip("An embedded database cuts no connection.")
    _CUT.clear()
    before = turn.answer(a_lane(), asked(app))

    assert turn.answer(a_lane(_cut), asked(app, "cut")) == before
    _CUT.clear()
    turn.waiting.clear()
    turn.answer(a_lane(), asked(app))
    with pytest.raises(DBAPIError):
        turn.answer(a_lane(_cut), asked(app, "cut"))
