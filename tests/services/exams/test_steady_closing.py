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


@pytest.fixture(params=[("two", 60.0), ("one", 2.0)], ids=["named anew", "counting anew"])
def switched_on(request, boot, monotonic):
    """Return how a machine that was believed before is switched on anew."""

    def switch_on():
        look(Watch())
        boot[0], monotonic[0] = request.param

    return switch_on


def test_a_machine_that_was_off_for_minutes_believes_its_clock(app, the_clock, switched_on):
    with app.app_context():
        switched_on()
        the_clock.move(timedelta(minutes=9))

        assert look(Watch()) == 0
        the_clock.move(timedelta(hours=1))
        assert look(Watch()) == 3600


@pytest.mark.parametrize("wrong_by", [timedelta(hours=5), -timedelta(days=3000)])
def test_a_machine_that_is_switched_on_with_a_wrong_clock_closes_nothing_until_it_is_put_right(
    app, writing, the_clock, monotonic, switched_on, wrong_by
):
    with writing():
        attempt_id = a.an_attempt(a.an_exam()).id
    with app.app_context():
        switched_on()
        close = when_steady(close_overdue, Watch())
        the_clock.set(NOON + wrong_by)
        assert close(the_clock.now()) == 0
        assert when_steady(close_overdue, Watch())(the_clock.now()) == 0

        the_clock.set(NOON + timedelta(minutes=5))
        monotonic[0] += 300
        assert close(the_clock.now()) == 0
        assert db.session.get_one(Attempt, attempt_id).state is State.IN_PROGRESS


def test_a_machine_that_was_off_for_a_night_closes_again_once_its_clock_went_steadily(
    app, writing, the_clock, monotonic, switched_on
):
    with writing():
        a.an_attempt(a.an_exam())
    close = when_steady(close_overdue, Watch())
    with app.app_context():
        switched_on()
        the_clock.move(timedelta(hours=12))
        assert close(the_clock.now()) == 0
        the_clock.move(timedelta(seconds=SETTLED))
        monotonic[0] += SETTLED

        assert close(the_clock.now()) == 1
