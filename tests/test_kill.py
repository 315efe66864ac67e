"""The real server is killed between any two steps of an attempt, and nothing it said is untrue."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from load_tests import cast, journeys
from load_tests.cast import Cast
from load_tests.client import Client
from load_tests.journeys import Sheet
from load_tests.messages import get, put
from load_tests.server_process import ServerProcess
from tests.conftest import SERVER_URL
from tests.databases import Database, PostgresqlDatabase

pytestmark = pytest.mark.slow

#: Batches in which the responses are sent.
SAVES = 4


@pytest.fixture
def server(
    _database: Database, request: pytest.FixtureRequest, tmp_path: Path, worker_id: str
) -> Iterator[ServerProcess]:
    """A server with an empty database of its own, of the kind of the run."""
    url = None
    if isinstance(_database, PostgresqlDatabase):
        database = PostgresqlDatabase(request.config.stash[SERVER_URL], f"kill_{worker_id}")
        url = database.url
        database.close()
    started = ServerProcess(tmp_path / "data", database_url=url)
    try:
        started.start()
        yield started
    finally:
        started.stop()


@pytest.fixture
def crowd(server: ServerProcess) -> Cast:
    """One candidate with a place in an open exam."""
    return cast.gather(server.url, server.sign_ins(), 1, seed=3)


def test_an_attempt_survives_a_kill_between_any_two_steps(server: ServerProcess, crowd: Cast):
    phone, attempt_id = crowd.places[0].candidate.phone, uuid4()
    place = {"enrolment_id": crowd.places[0].enrolment_id}
    begin = put(journeys.ATTEMPT, place, attempt_id=attempt_id)
    begun = phone.send(begin).good()

    server.restart()
    again = phone.send(begin).good()
    kept = ("id", "order", "started_at", "deadline_at", "epoch")
    assert [again[name] for name in kept] == [begun[name] for name in kept]

    sheet = phone.run(journeys.start(attempt_id, crowd.places[0].enrolment_id))
    size = -(-len(sheet.order) // SAVES)
    for first in range(0, len(sheet.order), size):
        slots = sheet.order[first : first + size]
        _save_kill_and_save_again(server, crowd, sheet, slots)
        assert _held(phone, sheet) == first + len(slots)

    outcome = phone.send(journeys.submit(sheet)).good()
    server.restart()

    assert phone.send(journeys.submit(sheet)).good()["outcome"] == outcome["outcome"]
    assert outcome["outcome"]["score"] == outcome["outcome"]["max_score"]
    _graded_and_certified_once(crowd, sheet)


def _save_kill_and_save_again(
    server: ServerProcess, crowd: Cast, sheet: Sheet, slots: Sequence[int]
) -> None:
    phone = crowd.places[0].candidate.phone
    entries = [sheet.entry(slot, crowd.knowledge.chosen(sheet.questions[slot])) for slot in slots]
    receipt = phone.send(sheet.save(entries)).good()
    assert [entry["verdict"] for entry in receipt["entries"]] == ["accepted"] * len(slots)

    server.restart()

    receipt = phone.send(sheet.save(entries)).good()
    assert [entry["code"] for entry in receipt["entries"]] == ["duplicate"] * len(slots)


def _held(phone: Client, sheet: Sheet) -> int:
    standing = phone.send(get(journeys.ATTEMPT, attempt_id=sheet.attempt_id)).good()
    held: int = standing["held_count"]
    return held


def _graded_and_certified_once(crowd: Cast, sheet: Sheet) -> None:
    candidate = crowd.places[0].candidate
    held = wait_for_certificates(candidate.phone)
    assert [one["attempt_id"] for one in held] == [str(sheet.attempt_id)]

    lines = candidate.phone.send(get("/v1/me/file")).good()["lines"]
    kinds = [line["kind"] for line in lines]
    assert (kinds.count("exam"), kinds.count("certificate")) == (1, 1)


def wait_for_certificates(phone: Client) -> list[Any]:
    """Return the certificates as soon as there are any: they follow the outcome.

    A killed process keeps its lease on the announcing work for ten seconds.
    """
    until = time.monotonic() + 45
    while time.monotonic() < until:
        held: list[Any] = phone.send(get("/v1/me/certificates")).good()["items"]
        if held:
            return held
        time.sleep(0.2)
    return []
