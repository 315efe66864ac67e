"""The wall clock is believed while it goes as fast as the one that nobody sets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from exams import steadiness
from exams.steadiness import SETTLED, Reading, Watch
from tests.moments import NOON


class Clocks:
    """Both clocks of a machine, and a watch on them."""

    def __init__(self):
        self.monotonic, self.off, self.watch = 1000.0, 0.0, Watch()

    def after(self, seconds, *, jump=0.0):
        """Let time pass, the wall clock jump, and read both."""
        self.monotonic += seconds
        self.off += jump
        wall = NOON + timedelta(seconds=self.monotonic + self.off)
        return self.watch.off_by(Reading(wall=wall, monotonic=self.monotonic))


@pytest.fixture
def clocks():
    """Return clocks that were read once."""
    clocks = Clocks()
    assert clocks.after(0) == 0
    return clocks


def test_a_clock_that_nobody_sets_is_believed_for_ever(clocks):
    assert not any(clocks.after(10) for _ in range(1_000))
    assert clocks.after(86_400) == 0


@pytest.mark.parametrize("jump", [2.1, 3_600, 86_400, -2.1, -3_600])
def test_a_jump_of_more_than_two_seconds_is_doubted(clocks, jump):
    assert clocks.after(10, jump=jump) == pytest.approx(jump)
    assert clocks.after(10) == pytest.approx(jump)


@pytest.mark.parametrize("jump", [0.5, 1.9, -1.9])
def test_a_small_correction_is_believed(clocks, jump):
    assert clocks.after(10, jump=jump) == 0


def test_a_clock_that_is_set_back_is_believed_at_once(clocks):
    clocks.after(10, jump=3_600)

    assert clocks.after(10, jump=-3_600) == 0
    assert clocks.after(10) == 0


def test_a_clock_that_goes_steadily_in_its_new_time_is_believed_after_ten_minutes(clocks):
    clocks.after(0, jump=3_600)

    assert clocks.after(SETTLED - 1) != 0
    assert clocks.after(1) == 0
    assert clocks.after(10) == 0


def test_a_clock_that_goes_on_jumping_is_not_believed(clocks):
    clocks.after(0, jump=3_600)
    for _ in range(10):
        assert clocks.after(SETTLED / 2, jump=60) != 0


def test_slow_corrections_never_add_up_to_a_jump(clocks):
    assert not any(clocks.after(SETTLED, jump=1.0) for _ in range(100))


def test_quick_corrections_do_add_up(clocks):
    assert any(clocks.after(10, jump=1.0) for _ in range(5))


def test_who_starts_while_the_clock_is_wrong_believes_what_another_believed(clocks):
    believed = clocks.watch.believed
    clocks.after(10, jump=3_600)
    clocks.watch = Watch()
    clocks.watch.begin(believed)

    assert clocks.after(10) == 3_600
    assert clocks.after(10, jump=-3_600) == 0


@pytest.mark.parametrize(
    ("seconds", "goes_on"),
    [(-3, False), (-2, True), (0, True), (2 * SETTLED, True), (2 * SETTLED + 1, False)],
)
def test_a_machine_that_was_switched_on_goes_on_from_the_time_that_was_believed_last(
    seconds, goes_on
):
    assert steadiness.goes_on(NOON + timedelta(seconds=seconds), NOON) is goes_on


def test_the_first_machine_of_all_has_no_time_to_go_on_from():
    assert steadiness.goes_on(NOON, None)
