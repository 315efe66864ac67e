"""What holds of every window, start and deadline."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from exams import timing
from exams.rooms import Delay
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


@st.composite
def sound_windows(draw):
    """Return a window that is published, its allowed time, and how late a room goes on."""
    opens_at, allowed = draw(moments), draw(st.integers(1, 600)) * timedelta(minutes=1)
    spare = draw(minutes)
    latest = draw(st.none() | st.integers(0, 100).map(lambda share: opens_at + share * spare / 100))
    window = Window(opens_at=opens_at, closes_at=opens_at + allowed + spare, latest_start_at=latest)
    assert timing.contradictions(window, allowed=allowed) == ()
    delay = Delay(
        signal_at=draw(st.none() | minutes.map(lambda late: opens_at + late)),
        shift_seconds=draw(st.integers(0, 7_200)),
    )
    return window, allowed, delay


@given(sound_windows(), st.integers(0, 100))
def test_no_setting_closes_an_attempt_before_its_start_and_the_time_granted(sound, share):
    """Dry-run of the clock: every start that a room lets in, in every window that is published."""
    window, allowed, delay = sound
    here = window.put_off(delay.of(window.opens_at))
    last = here.last_start(allowed)
    at = here.opens_at + (last - here.opens_at) * share / 100
    assert timing.entrance(here, allowed=allowed, at=at) is Entrance.OPEN

    ends = timing.deadline(started_at=at, allowed=allowed, closes_at=here.closes_at)

    assert ends == at + allowed
    assert not timing.is_up(ends, at=at + allowed, grace=timedelta())


@given(sound_windows())
def test_a_room_that_waited_gives_as_much_time_to_start_as_any(sound):
    window, allowed, delay = sound
    begun = window.opens_at + delay.of(window.opens_at)

    there = window.put_off(delay.of(window.opens_at)).last_start(allowed)

    assert there - begun == window.last_start(allowed) - window.opens_at


@given(moments, moments, st.integers(0, 10))
def test_time_is_up_only_when_none_remains(deadline, at, grace):
    up = timing.is_up(deadline, at=at, grace=timedelta(seconds=grace))

    if up:
        assert timing.remaining(deadline, at=at) == timedelta()


@given(st.floats(0, 1), minutes)
def test_a_phone_is_never_told_to_call_at_once_or_to_stay_away(share, left):
    assert 10 <= timing.next_call_in(share, left=left) <= 60
