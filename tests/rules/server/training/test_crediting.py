"""Study online: which time counts, and why not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.training import crediting, study_rules
from server.training.crediting import Presence, Reason, Seen
from tests.moments import NOON

RULES = study_rules.of(NOON.date())
SECOND = timedelta(seconds=1)


def seen(**others: Any) -> Seen:
    """Return what the server knows half a minute after the last heartbeat, nothing amiss."""
    usual = Seen(NOON, NOON, None, NOON + timedelta(minutes=30), 0)
    return usual._replace(**others)


@pytest.mark.parametrize(
    ("known", "presence", "after", "meant"),
    [
        (seen(), Presence.ACTIVE, 30, Reason.CREDITED),
        (seen(), Presence.HIDDEN, 30, Reason.PAGE_HIDDEN),
        (seen(), Presence.IDLE, 30, Reason.IDLE),
        (seen(), Presence.ACTIVE, 90, Reason.CREDITED),
        (seen(), Presence.ACTIVE, 91, Reason.NETWORK_LOST),
        (seen(elsewhere_at=NOON + SECOND), Presence.ACTIVE, 30, Reason.TWO_DEVICES),
        (seen(elsewhere_at=NOON - SECOND), Presence.ACTIVE, 30, Reason.CREDITED),
        (seen(check_due_at=NOON - 200 * SECOND), Presence.ACTIVE, 30, Reason.IDENTITY_CHECK_FAILED),
        (seen(today_ms=RULES.most_online_ms - 29_999), Presence.ACTIVE, 30, Reason.DAILY_CAP),
        (seen(today_ms=RULES.most_online_ms - 30_000), Presence.ACTIVE, 30, Reason.CREDITED),
    ],
)
def test_time_counts_unless_there_is_a_reason(
    known: Seen, presence: Presence, after: int, meant: Reason
) -> None:
    assert crediting.judge(known, presence, at=NOON + after * SECOND, rules=RULES) is meant


def test_a_phone_that_claims_more_than_was_seen_is_not_believed() -> None:
    at = NOON + 600 * SECOND

    assert crediting.is_believable(690, seen=seen(), at=at, rules=RULES)
    assert not crediting.is_believable(691, seen=seen(), at=at, rules=RULES)


@given(
    st.lists(st.tuples(st.sampled_from(Reason), st.integers(0, 10**8)), max_size=8),
    st.integers(-(10**8), 10**8),
    st.booleans(),
)
def test_hours_are_never_more_than_the_lesson_gives_and_never_below_nought(
    stretches: list[tuple[Reason, int]], ruled_ms: int, test_passed: bool
) -> None:
    found = crediting.hours(
        stretches, ruled_ms=ruled_ms, test_passed=test_passed, most_tenths=20, minutes_per_hour=45
    )

    assert 0 <= found.tenths <= 20
    assert test_passed or found.tenths == 0


def test_hours_of_a_lesson_wait_for_its_test() -> None:
    lines = [(Reason.CREDITED, 45 * 60_000), (Reason.IDLE, 1000)]

    waiting = crediting.hours(
        lines, ruled_ms=0, test_passed=False, most_tenths=20, minutes_per_hour=45
    )

    assert (waiting.tenths, waiting.by_reason[Reason.LESSON_TEST_NOT_PASSED]) == (0, 45 * 60_000)
    assert (
        crediting.hours(
            lines, ruled_ms=0, test_passed=True, most_tenths=20, minutes_per_hour=45
        ).tenths
        == 10
    )
