"""The days of a certificate, on their edges."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from certificates import validity
from certificates.spans import Span, holds
from certificates.validity import Happening, Status, Turn

THREE = validity.validity(date(2024, 3, 1), years=3)
SIX_WITH_REVIEW = validity.validity(date(2018, 6, 7), years=6, review_every_years=3)


@pytest.mark.parametrize(
    ("start", "years", "last_day"),
    [
        (date(2023, 6, 7), 3, date(2026, 6, 6)),
        (date(2023, 8, 15), 3, date(2026, 8, 14)),
        (date(2026, 1, 1), 6, date(2031, 12, 31)),
        (date(2024, 3, 1), 3, date(2027, 2, 28)),
        (date(2025, 3, 1), 3, date(2028, 2, 29)),
        (date(2028, 2, 29), 4, date(2032, 2, 28)),
    ],
)
def test_a_certificate_ends_on_the_eve_of_its_anniversary(start, years, last_day):
    assert validity.validity(start, years=years).last_day == last_day


def test_a_leap_day_certificate_ends_in_february():
    assert validity.validity(date(2028, 2, 29), years=3).last_day == date(2031, 2, 27)


def test_order_30_asks_for_one_review_in_the_middle_of_six_years():
    assert SIX_WITH_REVIEW.review_days == (date(2021, 6, 6),)


def test_order_19_asks_for_no_review():
    assert validity.validity(date(2026, 6, 1), years=6).review_days == ()


@pytest.mark.parametrize(
    ("start", "days"),
    [
        (date(2023, 6, 1), (date(2026, 5, 31),)),
        (date(2023, 6, 2), ()),
    ],
)
def test_a_review_that_falls_due_under_order_19_is_waived(start, days):
    span = validity.validity(start, years=6, review_every_years=3, reviews_end_on=date(2026, 6, 1))

    assert span.review_days == days


@pytest.mark.parametrize(
    ("reviewed_on", "due"),
    [((), date(2021, 6, 6)), ((date(2021, 5, 1),), None)],
)
def test_the_next_review_is_the_first_that_is_not_passed(reviewed_on, due):
    assert validity.review_due_on(SIX_WITH_REVIEW, reviewed_on) == due


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2024, 2, 29), Status.NOT_YET_VALID),
        (date(2024, 3, 1), Status.VALID),
        (date(2026, 11, 30), Status.VALID),
        (date(2026, 12, 1), Status.EXPIRING),
        (date(2027, 2, 28), Status.EXPIRING),
        (date(2027, 3, 1), Status.EXPIRED),
    ],
)
def test_the_status_follows_the_calendar(on, expected):
    assert validity.status(THREE, on, warn=timedelta(days=90)) is expected


@pytest.mark.parametrize(
    ("happenings", "on", "expected"),
    [
        ([(Turn.SUSPENDED, "2025-01-10")], "2025-01-09", Status.VALID),
        ([(Turn.SUSPENDED, "2025-01-10")], "2025-01-10", Status.SUSPENDED),
        ([(Turn.SUSPENDED, "2025-01-10")], "2024-01-10", Status.NOT_YET_VALID),
        ([(Turn.SUSPENDED, "2025-01-10")], "2027-03-01", Status.EXPIRED),
        (
            [(Turn.SUSPENDED, "2025-01-10"), (Turn.REINSTATED, "2025-02-01")],
            "2025-01-31",
            Status.SUSPENDED,
        ),
        (
            [(Turn.SUSPENDED, "2025-01-10"), (Turn.REINSTATED, "2025-02-01")],
            "2025-02-01",
            Status.VALID,
        ),
        (
            [(Turn.SUSPENDED, "2025-01-10"), (Turn.REINSTATED, "2025-01-10")],
            "2025-01-10",
            Status.VALID,
        ),
        ([(Turn.REVOKED, "2025-05-05")], "2025-05-04", Status.VALID),
        ([(Turn.REVOKED, "2025-05-05")], "2025-05-05", Status.REVOKED),
        ([(Turn.REVOKED, "2025-05-05")], "2035-05-05", Status.REVOKED),
        ([(Turn.REPLACED, "2025-05-05")], "2025-05-05", Status.REPLACED),
        (
            [(Turn.REPLACED, "2025-05-05"), (Turn.REVOKED, "2025-06-05")],
            "2025-07-05",
            Status.REVOKED,
        ),
        (
            [(Turn.SUSPENDED, "2025-01-10"), (Turn.REVOKED, "2025-05-05")],
            "2025-05-06",
            Status.REVOKED,
        ),
    ],
)
def test_what_befell_the_certificate_counts_from_its_day(happenings, on, expected):
    turns = [Happening(turn=turn, effective_on=date.fromisoformat(day)) for turn, day in happenings]

    assert validity.status(THREE, date.fromisoformat(on), happenings=turns) is expected


@pytest.mark.parametrize(
    ("reviewed_on", "on", "expected"),
    [
        (None, "2021-06-06", Status.VALID),
        (None, "2021-06-07", Status.EXPIRED),
        ("2021-06-06", "2021-06-07", Status.VALID),
        ("2021-06-07", "2021-06-08", Status.EXPIRED),
        ("2021-05-01", "2024-06-06", Status.VALID),
        ("2021-05-01", "2024-06-07", Status.EXPIRED),
    ],
)
def test_a_missed_review_ends_the_certificate(reviewed_on, on, expected):
    reviews = (
        [Happening(turn=Turn.REVIEWED, effective_on=date.fromisoformat(reviewed_on))]
        if reviewed_on
        else []
    )

    found = validity.status(SIX_WITH_REVIEW, date.fromisoformat(on), happenings=reviews)

    assert found is expected


def test_an_open_review_near_its_day_warns():
    found = validity.status(SIX_WITH_REVIEW, date(2021, 6, 1), warn=timedelta(days=90))

    assert found is Status.EXPIRING


def test_a_certificate_covers_its_last_day_and_not_the_next():
    spans = validity.standing_spans(THREE)

    assert spans == (Span(date(2024, 3, 1), date(2027, 3, 1)),)
    assert holds(spans, date(2027, 2, 28))
    assert not holds(spans, date(2027, 3, 1))


def test_a_suspension_cuts_a_hole_and_a_revocation_ends_it_all():
    happenings = [
        Happening(turn=Turn.SUSPENDED, effective_on=date(2025, 1, 10)),
        Happening(turn=Turn.SUSPENDED, effective_on=date(2025, 1, 15)),
        Happening(turn=Turn.REINSTATED, effective_on=date(2025, 2, 1)),
        Happening(turn=Turn.REINSTATED, effective_on=date(2025, 2, 2)),
        Happening(turn=Turn.REVOKED, effective_on=date(2026, 1, 1)),
    ]

    assert validity.standing_spans(THREE, happenings) == (
        Span(date(2024, 3, 1), date(2025, 1, 10)),
        Span(date(2025, 2, 1), date(2026, 1, 1)),
    )


def test_a_suspension_that_is_never_lifted_lasts():
    happenings = [Happening(turn=Turn.SUSPENDED, effective_on=date(2025, 1, 10))]

    assert validity.standing_spans(THREE, happenings) == (
        Span(date(2024, 3, 1), date(2025, 1, 10)),
    )


@pytest.mark.parametrize(
    ("status", "stands"),
    [(each, each in (Status.VALID, Status.EXPIRING)) for each in Status],
)
def test_only_a_valid_or_expiring_certificate_stands(status, stands):
    assert status.stands is stands
