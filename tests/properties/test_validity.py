"""What holds of every certificate's days, whatever befalls it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from certificates import spans, validity
from certificates.validity import Happening, Status, Turn

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
YEARS = st.integers(1, 10)


@st.composite
def certificates(draw):
    start = draw(DAYS)
    span = validity.validity(
        start,
        years=draw(YEARS),
        review_every_years=draw(st.none() | st.integers(1, 4)),
        reviews_end_on=draw(st.none() | DAYS),
    )
    length = (span.last_day - span.first_day).days
    days = st.integers(-40, length + 40).map(lambda offset: start + timedelta(days=offset))
    happenings = draw(
        st.lists(st.builds(Happening, turn=st.sampled_from(Turn), effective_on=days), max_size=7)
    )
    edges = [happening.effective_on for happening in happenings]
    edges += [span.first_day, span.last_day, *span.review_days]
    on = draw(st.sampled_from(edges)) + timedelta(days=draw(st.integers(-1, 1)))
    return span, happenings, draw(st.sampled_from([on, draw(days)]))


@given(DAYS, YEARS)
def test_the_last_day_is_the_eve_of_the_anniversary(start, years):
    last_day = validity.validity(start, years=years).last_day
    morrow = last_day + timedelta(days=1)

    assert (morrow.year, morrow.month) == (start.year + years, start.month)
    assert morrow.day == start.day or (start.month, start.day, morrow.day) == (2, 29, 28)


@given(DAYS, YEARS, st.integers(1, 4))
def test_reviews_lie_inside_the_days_of_the_certificate(start, years, every):
    span = validity.validity(start, years=years, review_every_years=every)

    assert all(span.first_day < day < span.last_day for day in span.review_days)
    assert list(span.review_days) == sorted(span.review_days)


@given(certificates())
def test_a_certificate_counts_exactly_on_the_days_on_which_it_stands(case):
    span, happenings, on = case

    stands = validity.status(span, on, happenings=happenings, warn=timedelta(days=90)).stands

    assert spans.holds(validity.standing_spans(span, happenings), on) is stands


@given(certificates())
def test_what_is_revoked_stays_revoked(case):
    span, happenings, on = case
    if validity.status(span, on, happenings=happenings) is Status.REVOKED:
        later = on + timedelta(days=400)
        assert validity.status(span, later, happenings=happenings) is Status.REVOKED


@given(certificates())
def test_what_comes_later_never_changes_the_past(case):
    span, happenings, on = case
    # A voiding says that the certificate never stood: it is the one thing that reaches back.
    happenings = [each for each in happenings if each.turn is not Turn.VOIDED]
    known = [happening for happening in happenings if happening.effective_on <= on]

    before = validity.status(span, on, happenings=known)

    assert validity.status(span, on, happenings=happenings) is before


@given(certificates())
def test_what_was_issued_by_mistake_never_stood(case):
    span, happenings, on = case
    voided = [*happenings, Happening(turn=Turn.VOIDED, effective_on=span.first_day)]

    assert validity.status(span, on, happenings=voided) is Status.VOIDED
    assert validity.standing_spans(span, voided) == ()


DAY_SETS = st.lists(
    st.builds(
        spans.Span,
        st.dates(date(2026, 1, 1), date(2026, 2, 10)),
        st.dates(date(2026, 1, 1), date(2026, 2, 10)),
    ),
    max_size=6,
)


def _days(group):
    window = (date(2026, 1, 1) + timedelta(days=offset) for offset in range(50))
    return {day for day in window if any(each.holds(day) for each in group)}


@given(DAY_SETS, DAY_SETS)
def test_spans_behave_as_sets_of_days(left, right):
    assert _days(spans.union(left, right)) == _days(left) | _days(right)
    assert _days(spans.intersection(left, right)) == _days(left) & _days(right)
    assert _days(spans.subtract(left, right)) == _days(left) - _days(right)


@given(DAY_SETS)
def test_normal_spans_are_apart_in_order_and_stay_so(group):
    normal = spans.normalise(group)

    assert spans.normalise(reversed(normal)) == normal
    assert all(a.until_on < b.from_on for a, b in pairwise(normal))
    assert not any(each.is_empty for each in normal)


@given(certificates(), st.integers(0, 400).map(lambda days: timedelta(days=days)))
def test_every_day_of_a_life_lies_in_one_phase_that_says_its_status(case, warn):
    span, happenings, on = case

    found = validity.phases(span, happenings=happenings, warn=warn)

    assert (found[0].since, found[-1].until) == (None, None)
    for one, other in pairwise(found):
        assert one.until is not None
        assert one.until + timedelta(days=1) == other.since
        assert one.status is not other.status
    (phase,) = (
        each for each in found if (each.since or date.min) <= on and on <= (each.until or date.max)
    )
    assert phase.status is validity.status(span, on, happenings=happenings, warn=warn)
