"""Whoever looks waits for nobody who saves, and sees everything that was acknowledged."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from server import queues
from server.group_commit import Store


@pytest.fixture
def at_work(app, started):
    """A phone that has saved, while the writer is in a long transaction."""
    begun, over = Event(), Event()

    def work(_connection, wishes):
        begun.set()
        over.wait(30)
        return wishes

    started.respond({"slot": 1, "chosen": [0], "sequence": 1})
    with ThreadPoolExecutor(1) as others:
        done = others.submit(queues.writer(app).submit, Store("long work", work), 1)
        assert begun.wait(30)
        yield started
        assert not done.done()
        over.set()
        assert done.result() == 1


def test_who_looks_waits_for_nobody_who_saves(at_work):
    assert at_work.show().json["held_count"] == 1
    assert at_work.get("/me/certificates").json == {"items": []}


def test_every_look_shows_what_was_acknowledged_before(started):
    for number in range(1, 9):
        started.respond({"slot": number, "chosen": [0], "sequence": 1})

        assert started.show().json["held_count"] == number


def test_a_look_counts_as_one_of_its_own_queue(app, client, started):
    assert started.show().status_code == 200

    told = client.get("/metrics").get_data(as_text=True)

    assert 'platform_group_wishes_total{store="standings"}' in told
    assert 'queue="group_reading"' in told
    assert queues.reader(app).waiting_count == 0
