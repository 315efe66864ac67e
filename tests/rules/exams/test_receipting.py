"""Receipts: their code stands for every entry, in the order of arrival."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams import receipting
from exams.receipting import HeldEntry, Statement
from tests.moments import NOON

KEY = bytes(range(32))
SECOND = timedelta(seconds=1)


def an_entry(slot: int, *, after: float = 0, chosen: int = 1) -> HeldEntry:
    """Return an entry that came so many seconds after NOON."""
    at = NOON + timedelta(seconds=after)
    return HeldEntry(received_at=at, slot=slot, epoch=1, sequence=slot, chosen=chosen)


ENTRIES = [an_entry(slot, after=slot * 60) for slot in range(1, 38)]
SAID = Statement(
    attempt_id=UUID(int=7), held_count=37, question_count=50, at=NOON + timedelta(hours=1)
)
CODE = receipting.code(SAID, ENTRIES, key=KEY)


def genuine(statement=SAID, entries=ENTRIES, shown=CODE, keys=(KEY,)):
    """Check a receipt."""
    return receipting.is_genuine(shown, statement, entries, keys=keys)


def test_a_code_is_four_groups_of_four():
    assert [len(group) for group in CODE.split("-")] == [4, 4, 4, 4]


@pytest.mark.parametrize("shown", [CODE, CODE.lower(), CODE.replace("-", ""), f" {CODE} "])
def test_a_code_is_read_as_people_type_it(shown):
    assert genuine(shown=shown)


@pytest.mark.parametrize(
    "changed",
    [
        {"held_count": 38},
        {"question_count": 51},
        {"at": SAID.at + timedelta(microseconds=1)},
        {"attempt_id": UUID(int=8)},
    ],
)
def test_a_receipt_that_says_something_else_is_not_genuine(changed):
    assert not genuine(replace(SAID, **changed))


@given(st.integers(0, len(ENTRIES) - 1))
def test_an_entry_that_vanished_is_noticed(place):
    assert not genuine(entries=ENTRIES[:place] + ENTRIES[place + 1 :])


@given(st.integers(0, len(ENTRIES) - 1))
def test_an_entry_that_was_changed_is_noticed(place):
    changed = [replace(one, chosen=2) if at == place else one for at, one in enumerate(ENTRIES)]

    assert not genuine(entries=changed)


@given(st.permutations(ENTRIES))
def test_the_order_in_which_rows_are_read_decides_nothing(entries):
    assert receipting.code(SAID, entries, key=KEY) == CODE


def test_a_request_that_was_on_its_way_then_does_no_harm():
    on_its_way = [
        replace(an_entry(slot), received_at=SAID.at - seconds * SECOND)
        for slot, seconds in ((40, 3), (41, 3), (42, 1))
    ]

    assert genuine(entries=[*ENTRIES, *on_its_way])


def test_an_entry_put_in_long_before_is_noticed():
    assert not genuine(entries=[*ENTRIES, an_entry(45, after=90)])


def test_a_receipt_of_an_exchanged_key_is_still_known():
    assert genuine(keys=(bytes(32), KEY))
    assert not genuine(keys=(bytes(32),))
