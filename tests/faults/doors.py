"""Phones that knock at the application itself, many at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

from flask import Flask
from werkzeug.test import TestResponse

from tests.faults.seats import Seat

Answer = TypeVar("Answer")

#: How often a phone asks again before it gives up.
TRIES = 100


def at_once(doings: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Do things in as many threads, all beginning together, and return what each returned."""
    gate = Barrier(len(doings))

    def run(doing: Callable[[], Answer]) -> Answer:
        gate.wait()
        return doing()

    with ThreadPoolExecutor(len(doings)) as pool:
        return list(pool.map(run, doings))


def save(app: Flask, seat: Seat, *slots: int) -> TestResponse:
    """Send the right response to each of these questions."""
    entries = [{"slot": slot, "chosen": [0], "sequence": 1} for slot in slots]
    return app.test_client().put(
        f"/v1/attempts/{seat.attempt_id}/responses",
        json={"epoch": 1, "entries": entries},
        headers=seat.headers,
    )


def hand_in(app: Flask, seat: Seat, *, tries: int = TRIES) -> TestResponse:
    """Hand in, again and again where the server says so."""
    for _ in range(tries):
        reply = app.test_client().put(
            f"/v1/attempts/{seat.attempt_id}/submission", headers=seat.headers
        )
        if reply.status_code not in (409, 503):
            break
    return reply


def said(reply: TestResponse) -> Any:
    """Return what a reply says."""
    return reply.get_json()


def assert_told_to_come_back(reply: TestResponse) -> None:
    """Make sure that a phone is told to send the same again, and when."""
    assert reply.status_code in (503, 507), reply.get_data(as_text=True)
    assert int(reply.headers["Retry-After"]) > 0
    assert reply.content_type == "application/problem+json"
