"""The real server is killed between any two steps of an attempt, and nothing it said is untrue."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import pytest

from load_tests import journeys
from load_tests.client import Client
from load_tests.messages import get, put
from load_tests.server_process import ServerProcess
from tests.factories import exams as a
from tests.faults import seats
from tests.faults.seats import Seat

pytestmark = pytest.mark.slow

#: A short paper, in which option 0 is right everywhere, and the batches it is answered in.
SECTIONS: a.Sections = (("true_false", 10, 10, {}),)
BATCHES = (range(1, 6), range(6, 11))

#: Seconds within which a certificate follows: a killed process keeps its lease for ten of them.
PATIENCE = 45.0


def test_an_attempt_survives_a_kill_between_any_two_steps(writing, config, start_server):
    (seat,) = seats.taken(writing, config, 1, begun=False, sections=SECTIONS)
    server = start_server()
    phone = Client(server.url)
    phone.access_token = seat.token
    place = {"enrolment_id": seat.enrolment_id}
    begin = put(journeys.ATTEMPT, place, attempt_id=seat.attempt_id)
    begun = phone.send(begin).good()

    server.restart()
    again = phone.send(begin).good()
    kept = ("id", "order", "started_at", "deadline_at", "epoch")
    assert [again[name] for name in kept] == [begun[name] for name in kept]

    for batch in BATCHES:
        _save_kill_and_save_again(server, phone, seat, batch)
        standing = phone.send(get(journeys.ATTEMPT, attempt_id=seat.attempt_id)).good()
        assert standing["held_count"] == batch[-1]

    submission = put(journeys.SUBMISSION, attempt_id=seat.attempt_id)
    outcome = phone.send(submission).good()["outcome"]
    server.restart()

    assert phone.send(submission).good()["outcome"] == outcome
    assert outcome["score"] == outcome["max_score"]
    _graded_and_certified_once(phone, seat)


def _save_kill_and_save_again(
    server: ServerProcess, phone: Client, seat: Seat, slots: Sequence[int]
) -> None:
    entries = [{"slot": slot, "chosen": [0], "sequence": slot} for slot in slots]
    save = put(journeys.RESPONSES, {"epoch": 1, "entries": entries}, attempt_id=seat.attempt_id)
    receipt = phone.send(save).good()
    assert [entry["verdict"] for entry in receipt["entries"]] == ["accepted"] * len(slots)

    server.restart()

    receipt = phone.send(save).good()
    assert [entry["code"] for entry in receipt["entries"]] == ["duplicate"] * len(slots)


def _graded_and_certified_once(phone: Client, seat: Seat) -> None:
    assert [one["attempt_id"] for one in _certificates(phone)] == [str(seat.attempt_id)]

    lines = phone.send(get("/v1/me/file")).good()["lines"]
    kinds = [line["kind"] for line in lines]
    assert (kinds.count("exam"), kinds.count("certificate")) == (1, 1)


def _certificates(phone: Client) -> list[Any]:
    """Return the certificates as soon as there are any: they follow the outcome."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        held: list[Any] = phone.send(get("/v1/me/certificates")).good()["items"]
        if held:
            return held
        time.sleep(0.2)
    return []
