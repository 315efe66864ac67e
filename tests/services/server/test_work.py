"""Work that comes back: done by one at a time, and taken over when its doer is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server import work
from server.work import LEASE, Work
from tests.moments import NOON


@pytest.fixture
def done():
    return []


@pytest.fixture
def sweeping(done):
    return Work(name="sweep", every=timedelta(minutes=1), run=lambda at: done.append(at) or 3)


def test_work_is_done_when_it_is_due_and_not_again_before(inside, sweeping, done, the_clock):
    assert work.run_once(sweeping, "a") == 3
    assert work.run_once(sweeping, "a") is None
    the_clock.move(timedelta(seconds=59))
    assert work.run_once(sweeping, "b") is None
    the_clock.move(timedelta(seconds=1))
    assert work.run_once(sweeping, "b") == 3

    assert done == [NOON, NOON + timedelta(minutes=1)]


def test_one_process_takes_it_and_the_other_does_not(inside, sweeping):
    assert work.take(sweeping, "a", at=NOON)
    assert not work.take(sweeping, "b", at=NOON)


def test_the_work_of_a_lost_process_is_taken_over_after_its_lease(inside, sweeping):
    work.take(sweeping, "lost", at=NOON)
    patience = max(LEASE, sweeping.every)

    assert not work.take(sweeping, "next", at=NOON + patience - timedelta(seconds=1))
    assert work.take(sweeping, "next", at=NOON + patience)


def test_a_process_that_lost_its_lease_does_not_move_the_next_turn(inside, sweeping):
    work.take(sweeping, "slow", at=NOON)
    later = NOON + LEASE + sweeping.every
    work.take(sweeping, "next", at=later)

    work.give_back(sweeping, "slow", at=NOON)

    assert not work.take(sweeping, "third", at=later)


@pytest.mark.parametrize("wrong_by", [timedelta(hours=1), timedelta(days=400)])
def test_work_goes_on_when_a_clock_that_ran_ahead_is_put_back(
    inside, sweeping, done, the_clock, wrong_by
):
    the_clock.move(wrong_by)
    work.run_once(sweeping, "a")

    the_clock.move(-wrong_by)

    assert work.due(sweeping, at=NOON)
    assert work.run_once(sweeping, "b") == 3
    assert not work.due(sweeping, at=NOON)


def test_a_lease_of_a_machine_whose_clock_is_a_little_ahead_is_heeded(inside, sweeping):
    work.take(sweeping, "ahead", at=NOON + timedelta(seconds=5))

    assert not work.take(sweeping, "b", at=NOON)


def test_leases_are_read_by_one_statement_however_many_there_are(inside, count_statements):
    hourly = timedelta(hours=1)
    works = [Work(name=f"piece {n}", every=hourly, run=lambda at: at.year) for n in range(9)]
    work.take(works[3], "somebody else", at=NOON)

    with count_statements() as sent:
        held = work.held_until(works, at=NOON)

    assert sum(one.startswith("SELECT") for one in sent) == 1
    assert held == {"piece 3": NOON + hourly}
    assert work.held_until(works, at=NOON + hourly) == {}
