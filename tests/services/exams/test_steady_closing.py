"""Closing holds off while the wall clock is in doubt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from exams.commands import close_overdue, look, when_steady
from exams.lifecycle import State
from exams.models import Attempt
from exams.steadiness import SETTLED, Watch
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


@pytest.fixture
def boot(monkeypatch):
    """Return the name of the machine since it was switched on, as a list of one."""
    names = ["one"]
    monkeypatch.setattr(clock, "boot", lambda: names[0])
    return names


def test_a_wall_clock_that_jumps_closes_nothing_until_it_is_steady(
    app, writing, the_clock, monotonic, boot
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


def test_a_process_that_starts_while_the_clock_is_wrong_knows_it_from_the_others(
    app, the_clock, monotonic, boot
):
    with app.app_context():
        assert look(Watch()) == 0
        the_clock.move(timedelta(hours=5))
        monotonic[0] += 1

        assert look(Watch()) == 5 * 3600 - 1


def test_a_time_that_proved_steady_is_told_to_those_who_start_later(
    app, the_clock, monotonic, boot
):
    old = Watch()
    with app.app_context():
        assert look(old) == 0
        the_clock.move(timedelta(hours=5))
        assert look(old) == 5 * 3600
        the_clock.move(timedelta(seconds=SETTLED))
        monotonic[0] += SETTLED
        assert look(old) == 0

        assert look(Watch()) == 0


@pytest.mark.parametrize(("name", "reading"), [("two", 60.0), ("one", 2.0)])
def test_a_machine_that_was_switched_on_anew_begins_anew(
    app, the_clock, monotonic, boot, name, reading
):
    with app.app_context():
        look(Watch())
        boot[0], monotonic[0] = name, reading
        the_clock.move(timedelta(days=1))

        assert look(Watch()) == 0
        the_clock.move(timedelta(hours=1))
        assert look(Watch()) == 3600
