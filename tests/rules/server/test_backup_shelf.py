"""Which backups may go: what stays stands ever further apart, and never grows without end."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from server.backups.shelf import surplus
from tests.moments import NOON

#: A backup every so many hours, for up to so many of them.
every_so_often = st.builds(
    lambda hours, count: [NOON - timedelta(hours=hours * number) for number in range(count)],
    st.floats(min_value=0.5, max_value=40),
    st.integers(min_value=0, max_value=400),
)


def test_two_years_of_nights_leave_a_few_dozen() -> None:
    nights = [NOON - timedelta(days=number) for number in range(730)]

    kept = sorted(set(nights) - surplus(nights, NOON))

    ages = [(NOON - moment).days for moment in kept]
    assert [age for age in ages if age <= 14] == list(range(14, -1, -1))
    # Eleven weeks and thirteen months, where the first of a month may be that of a week, too.
    assert 11 <= len([age for age in ages if 14 < age <= 90]) <= 14
    assert 10 <= len([age for age in ages if age > 90]) <= 11
    assert max(ages) <= 400


@given(every_so_often)
def test_the_last_two_days_stay_whole(made: list[datetime]) -> None:
    assert all(NOON - moment > timedelta(days=2) for moment in surplus(made, NOON))


@given(every_so_often)
def test_what_stays_today_is_enough_tomorrow(made: list[datetime]) -> None:
    kept = set(made) - surplus(made, NOON)
    tomorrow = NOON + timedelta(days=1)

    # Whatever tomorrow would have kept of everything is kept of what is left today.
    assert set(made) - surplus(made, tomorrow) <= kept


@given(every_so_often)
def test_every_day_of_the_last_fortnight_keeps_a_backup(made: list[datetime]) -> None:
    kept = set(made) - surplus(made, NOON)

    lately = {moment.date() for moment in made if NOON - moment <= timedelta(days=13)}
    assert lately <= {moment.date() for moment in kept}
