"""What holds of every window, start and deadline."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from exams import timing
from exams.timing import Entrance, Window

moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 3)).map(  # noqa: DTZ001 - made aware
    lambda naive: naive.replace(tzinfo=UTC)
)
minutes = st.integers(0, 600).map(lambda number: timedelta(minutes=number))
windows = st.builds(
    Window,
    opens_at=moments,
    closes_at=moments,
    latest_start_at=st.none() | moments,
    late_starts_lose_time=st.booleans(),
)


@given(windows, minutes, moments, minutes)
def test_nobody_who_may_start_in_a_published_window_loses_time_unannounced(
    window, allowed, at, extra
):
    if timing.contradictions(window, allowed=allowed):
        return
    if timing.entrance(window, allowed=allowed, at=at) is not Entrance.OPEN:
        return

    ends = timing.deadline(started_at=at, allowed=allowed, closes_at=window.closes_at, extra=extra)

    assert ends >= at + extra
    if not window.late_starts_lose_time:
        assert ends == at + allowed + extra


@given(moments, moments, st.integers(0, 10))
def test_time_is_up_only_when_none_remains(deadline, at, grace):
    up = timing.is_up(deadline, at=at, grace=timedelta(seconds=grace))

    if up:
        assert timing.remaining(deadline, at=at) == timedelta()


@given(st.floats(0, 1), minutes)
def test_a_phone_is_never_told_to_call_at_once_or_to_stay_away(share, left):
    assert 10 <= timing.next_call_in(share, left=left) <= 60
