"""Half-open days: merged, met, cut."""

from __future__ import annotations

from datetime import date

import pytest

from certificates import spans
from certificates.spans import FOREVER, Span


def _days(first: int, end: int) -> Span:
    return Span(date(2026, 1, first), date(2026, 1, end))


def test_an_open_end_is_for_ever():
    assert spans.span(date(2026, 1, 1), None) == Span(date(2026, 1, 1), FOREVER)
    assert spans.span(date(2026, 1, 1), date(2026, 1, 2)) == _days(1, 2)


@pytest.mark.parametrize(
    ("given", "merged"),
    [
        ([], ()),
        ([_days(3, 3)], ()),
        ([_days(5, 3)], ()),
        ([_days(1, 3), _days(3, 5)], (_days(1, 5),)),
        ([_days(1, 3), _days(4, 5)], (_days(1, 3), _days(4, 5))),
        ([_days(4, 9), _days(1, 5), _days(2, 3)], (_days(1, 9),)),
    ],
)
def test_spans_that_touch_or_overlap_become_one(given, merged):
    assert spans.normalise(given) == merged


def test_a_span_holds_its_first_day_and_not_its_end():
    assert _days(1, 3).holds(date(2026, 1, 1))
    assert not _days(1, 3).holds(date(2026, 1, 3))


def test_only_common_days_meet():
    left, right = [_days(1, 5), _days(8, 12)], [_days(4, 9)]

    assert spans.intersection(left, right) == (_days(4, 5), _days(8, 9))


def test_days_taken_away_are_gone():
    assert spans.subtract([_days(1, 9)], [_days(3, 5)]) == (_days(1, 3), _days(5, 9))


def test_groups_are_joined():
    assert spans.union([_days(1, 3)], [_days(2, 4)], []) == (_days(1, 4),)


def test_the_first_day_is_the_earliest_of_all():
    assert spans.first_day([_days(5, 6), _days(2, 3)]) == date(2026, 1, 2)
    assert spans.first_day([_days(5, 5)]) is None
