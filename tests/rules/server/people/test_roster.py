"""Posts: when they are held, and what may not stand together."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.people import roster
from server.people.errors import ItemsUnfit, PostOverlaps, PostSpanEmpty
from server.people.roster import Holding, PostRole

R = PostRole
FIRST, MIDDLE, LAST = date(2026, 1, 1), date(2026, 6, 1), date(2026, 12, 31)


def holding(
    role: PostRole = R.EMPLOYEE,
    items: tuple[str, ...] = (),
    from_on: date = FIRST,
    until_on: date | None = None,
) -> Holding:
    return Holding(role=role, items=frozenset(items), from_on=from_on, until_on=until_on)


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2025, 12, 31), False),
        (FIRST, True),
        (date(2026, 5, 31), True),
        (MIDDLE, False),
    ],
)
def test_a_post_is_held_from_its_first_day_until_the_day_before_its_end(
    day: date, held: bool
) -> None:
    assert holding(until_on=MIDDLE).held(day) is held


def test_a_post_ended_on_the_day_it_began_is_held_on_no_day() -> None:
    assert not holding(until_on=FIRST).held(FIRST)


days = st.dates(date(2026, 1, 1), date(2026, 1, 31))
holdings = st.builds(
    holding,
    role=st.sampled_from([R.EMPLOYEE, R.PRINCIPAL]),
    from_on=days,
    until_on=st.none() | days,
)


@given(one=holdings, other=holdings)
def test_posts_meet_if_and_only_if_some_day_has_both(one: Holding, other: Holding) -> None:
    every_day = [date(2026, 1, day) for day in range(1, 32)]

    assert one.meets(other) is any(one.held(day) and other.held(day) for day in every_day)
    assert one.meets(other) is other.meets(one)


@pytest.mark.parametrize(
    ("one", "other", "doubles"),
    [
        (holding(), holding(from_on=MIDDLE), True),
        (holding(until_on=MIDDLE), holding(from_on=MIDDLE), False),
        (holding(), holding(R.PRINCIPAL), False),
        (
            holding(R.SPECIAL_OPERATIONS_WORKER, ("1.2",)),
            holding(R.SPECIAL_OPERATIONS_WORKER, ("2.1",)),
            False,
        ),
        (
            holding(R.SPECIAL_OPERATIONS_WORKER, ("1.1", "1.2")),
            holding(R.SPECIAL_OPERATIONS_WORKER, ("1.2",)),
            True,
        ),
    ],
)
def test_the_same_post_is_not_held_twice_at_once(
    one: Holding, other: Holding, doubles: bool
) -> None:
    assert one.doubles(other) is doubles

    if doubles:
        with pytest.raises(PostOverlaps):
            roster.check(one, beside=[other], unknown=[])
    else:
        roster.check(one, beside=[other], unknown=[])


@pytest.mark.parametrize("until_on", [FIRST, date(2025, 12, 31)])
def test_a_post_ends_after_it_begins(until_on: date) -> None:
    with pytest.raises(PostSpanEmpty):
        roster.check(holding(until_on=until_on), beside=[], unknown=[])


@pytest.mark.parametrize(
    ("post", "unknown"),
    [
        (holding(R.SPECIAL_OPERATIONS_WORKER), []),
        (holding(R.EMPLOYEE, ("1.2",)), []),
        (holding(R.SPECIAL_OPERATIONS_WORKER, ("99.9",)), ["99.9"]),
    ],
)
def test_items_belong_to_special_operations_workers_and_to_the_catalogue(
    post: Holding, unknown: list[str]
) -> None:
    with pytest.raises(ItemsUnfit):
        roster.check(post, beside=[], unknown=unknown)


@pytest.mark.parametrize(
    ("role", "posts"),
    [
        (R.SAFETY_MANAGER, {R.SAFETY_MANAGER, R.FULL_TIME_SAFETY_MANAGER}),
        (R.FULL_TIME_SAFETY_MANAGER, set()),
        (R.PRINCIPAL, {R.PRINCIPAL}),
    ],
)
def test_full_time_safety_managers_are_examined_as_safety_managers(
    role: PostRole, posts: set[PostRole]
) -> None:
    assert roster.posts_calling_for(role) == posts
