"""Somebody sets the server's wall clock by an hour, and no attempt is closed before its time.

The clock is set under the feet of a real server, by libfaketime (Debian and Ubuntu: `faketime`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from exams.lifecycle import State
from exams.models import Attempt, ClockReading
from load_tests import journeys
from load_tests.client import Client
from load_tests.messages import put
from load_tests.server_process import ServerProcess
from server.db import db
from tests.factories import exams as a
from tests.faults import seats
from tests.faults.seats import Seat

pytestmark = pytest.mark.slow

#: Where packages put the library.
LIBRARIES = sorted(Path("/usr").glob("lib*/**/faketime/libfaketimeMT.so.1"))

HOUR = timedelta(hours=1)

#: By how many seconds the clock is set, from what is right.
JUMPS = ("+3600", "-3600")

#: As much later a machine may come back that was off: only one that runs on knows it for wrong.
SHORT_JUMP = "+900"

#: A short paper: it is only the clock that matters.
SECTIONS: a.Sections = (("true_false", 10, 10, {}),)

#: Seconds within which background work has had its turn.
PATIENCE = 60.0


@pytest.fixture
def wall_clock(tmp_path: Path) -> Path:
    """The file that says by how many seconds the server's wall clock is wrong."""
    if not LIBRARIES:
        pytest.skip("UNPROVED HERE, needs libfaketime to set a server's clock: install `faketime`")
    path = tmp_path / "wall-clock"
    _set(path, "+0")
    return path


def _set(wall_clock: Path, wrong_by: str) -> None:
    """Set the clock at once: a file that is being written is read as empty."""
    written = wall_clock.with_suffix(".new")
    written.write_text(wrong_by)
    written.replace(wall_clock)


def test_a_wall_clock_that_is_wrong_closes_nothing_early_and_is_forgotten_once_it_is_right(
    app, writing, config, start_server, wall_clock, thorough
):
    (going,), (over,) = _taken(writing, config), _taken(writing, config, lasts=-HOUR)
    server = start_server(**_faked(wall_clock))
    _until(partial(_is_graded, app, over))

    for sequence, jump in enumerate(JUMPS if thorough else JUMPS[:1], start=1):
        log = _end_of_log(server)
        _set(wall_clock, jump)
        _until(partial(_has_noticed, server, log))
        assert _save(server, going, sequence) == ["accepted"]
        assert _state(app, going) is State.IN_PROGRESS

        _set(wall_clock, "+0")
        (over,) = _taken(writing, config, lasts=-HOUR)
        _until(partial(_is_graded, app, over))
        assert _state(app, going) is State.IN_PROGRESS

    for switched_off, jump in ((False, SHORT_JUMP), (True, JUMPS[0])):
        server.kill()
        _set(wall_clock, jump)
        if switched_off:
            _switch_off(writing)
        log = _end_of_log(server)
        server.start()
        _until(partial(_has_noticed, server, log))
        assert _state(app, going) is State.IN_PROGRESS
    # The console is a process of its own, which has never seen the right time.
    server.command("exams", "close-overdue")
    assert _state(app, going) is State.IN_PROGRESS


def _switch_off(writing: Callable[[], AbstractContextManager[None]]) -> None:
    """Let the machine be another since it was switched on."""
    with writing():
        db.session.execute(update(ClockReading).values(boot="before it was switched off"))


def _faked(wall_clock: Path) -> dict[str, str]:
    return {
        "LD_PRELOAD": str(LIBRARIES[0]),
        "FAKETIME_TIMESTAMP_FILE": str(wall_clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


def _taken(writing, config, *, lasts: timedelta = HOUR / 2) -> list[Seat]:
    return seats.taken(writing, config, 1, lasts=lasts, sections=SECTIONS)


def _state(app: Flask, seat: Seat) -> State:
    with app.app_context():
        return db.session.get_one(Attempt, seat.attempt_id).state


def _is_graded(app: Flask, seat: Seat) -> bool:
    return _state(app, seat) is State.GRADED


def _end_of_log(server: ServerProcess) -> int:
    """Return where the log ends so far."""
    return server.log_path.stat().st_size


def _has_noticed(server: ServerProcess, since: int) -> bool:
    """Say whether the log tells of a jump since then."""
    return b"the wall clock jumped" in server.log_path.read_bytes()[since:]


def _save(server: ServerProcess, seat: Seat, sequence: int) -> list[str]:
    phone = Client(server.url)
    phone.access_token = seat.token
    entries = [{"slot": 1, "chosen": [0], "sequence": sequence}]
    body = {"epoch": 1, "entries": entries}
    receipt = phone.send(put(journeys.RESPONSES, body, attempt_id=seat.attempt_id)).good()
    return [entry["verdict"] for entry in receipt["entries"]]


def _until(holds: Callable[[], bool]) -> None:
    """Return once something holds that background work brings about."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "background work did not have its turn"
        time.sleep(0.1)
