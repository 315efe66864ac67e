"""Guessing gets slow where it happens, and nowhere else."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from server.auth import limits
from server.auth.limits import (
    ADDRESS_TRIES,
    ADDRESS_WINDOW,
    FIRST_WAIT,
    FORGOTTEN_AFTER,
    FREE_TRIES,
    LONGEST_WAIT,
    NO_WAIT,
    Tally,
    counted,
    wait_at_address,
    wait_at_place,
)
from tests.moments import NOON

ANNA, BEN = UUID(int=1), UUID(int=2)
PHONE = UUID(int=3)


def tries(count: int, *, began_at: datetime = NOON, last_at: datetime = NOON) -> Tally:
    """A tally of so many tries."""
    return Tally(count=count, began_at=began_at, last_at=last_at)


@pytest.mark.parametrize(
    ("count", "wait"),
    [
        (1, NO_WAIT),
        (FREE_TRIES - 1, NO_WAIT),
        (FREE_TRIES, FIRST_WAIT),
        (FREE_TRIES + 1, FIRST_WAIT * 2),
        (FREE_TRIES + 3, FIRST_WAIT * 8),
        (FREE_TRIES + 30, LONGEST_WAIT),
        (10_000, LONGEST_WAIT),
    ],
)
def test_the_wait_doubles_with_every_try_up_to_the_longest(count: int, wait: timedelta):
    assert wait_at_place(tries(count), NOON) == wait


def test_nobody_waits_who_has_not_tried():
    assert wait_at_place(None, NOON) == NO_WAIT
    assert wait_at_address(None, NOON) == NO_WAIT


def test_the_wait_runs_off_and_is_never_negative():
    tally = tries(FREE_TRIES + 1)

    assert wait_at_place(tally, NOON + FIRST_WAIT) == FIRST_WAIT
    assert wait_at_place(tally, NOON + FIRST_WAIT * 2) == NO_WAIT
    assert wait_at_place(tally, NOON + FIRST_WAIT * 100) == NO_WAIT


def test_old_tries_are_forgotten():
    later = NOON + FORGOTTEN_AFTER

    assert wait_at_place(tries(50), later) == NO_WAIT
    assert counted(tries(50), later) == tries(1, began_at=later, last_at=later)


def test_a_try_is_counted_onto_the_ones_before():
    later = NOON + timedelta(seconds=3)

    assert counted(None, NOON) == tries(1)
    assert counted(tries(4), later) == tries(5, last_at=later)


def test_an_address_waits_for_the_end_of_its_window_only():
    half = ADDRESS_WINDOW / 2

    assert wait_at_address(tries(ADDRESS_TRIES - 1), NOON) == NO_WAIT
    assert wait_at_address(tries(ADDRESS_TRIES), NOON + half) == half
    assert wait_at_address(tries(ADDRESS_TRIES), NOON + ADDRESS_WINDOW) == NO_WAIT


def test_the_window_of_an_address_begins_anew_when_it_is_over():
    later = NOON + ADDRESS_WINDOW

    again = counted(tries(ADDRESS_TRIES, last_at=later), later, window=ADDRESS_WINDOW)

    assert again == tries(1, began_at=later, last_at=later)
    assert counted(tries(3), NOON, window=ADDRESS_WINDOW).count == 4


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("unknown", "unknown"),
    ],
)
def test_a_place_is_an_address_or_the_network_its_owner_was_given(address: str, place: str):
    assert limits.place_of(address) == place


def test_tries_are_counted_apart_by_account_by_place_and_by_kind():
    here, there = "203.0.113.7", "198.51.100.9"
    keys = {
        limits.key_at_address(ANNA, here),
        limits.key_at_address(ANNA, there),
        limits.key_at_address(BEN, here),
        limits.key_at_device(ANNA, PHONE),
        limits.key_at_device(BEN, PHONE),
        limits.key_of_address(here),
        limits.key_of_address(there),
    }

    assert len(keys) == 7


def test_a_key_tells_neither_the_address_nor_the_account():
    key = limits.key_at_address(ANNA, "203.0.113.7")

    assert len(key) == 64
    assert set(key) <= set("0123456789abcdef")
