"""Closing holds off while the wall clock is in doubt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from exams.commands import close_overdue, when_steady
from exams.lifecycle import State
from exams.models import Attempt
from exams.steadiness import Watch
from server import clock
from server.db import db
from tests.factories import exams as a
from tests.moments import NOON


@pytest.fixture
def monotonic(monkeypatch):
    """Return the clock that nobody sets, as a list of its one reading."""
    reading = [50.0]
    monkeypatch.setattr(clock, "monotonic", lambda: reading[0])
    return reading


def test_a_wall_clock_that_jumps_closes_nothing_until_it_is_steady(
    app, writing, the_clock, monotonic
):
    with writing():
        attempt_id = a.an_attempt(a.an_exam()).id
    close = when_steady(close_overdue, Watch())

    with app.app_context():
        assert close(the_clock.now()) == 0
        the_clock.move(timedelta(hours=5))
        monotonic[0] += 10
        assert close(the_clock.now()) == 0
        assert db.session.get_one(Attempt, attempt_id).state is State.IN_PROGRESS

        the_clock.set(NOON + timedelta(seconds=20))
        monotonic[0] += 10
        assert close(the_clock.now()) == 0

        the_clock.move(timedelta(hours=5))
        monotonic[0] += 5 * 3600
        assert close(the_clock.now()) == 1
