"""How many hours the law asks, by training, role, industry and day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from server.people.roster import PostRole as R
from server.records.entries import InductionLevel as L
from server.training import requirements
from server.training.kinds import TrainingType as T

TODAY = date(2026, 6, 15)


def hours(type, role, *, high_risk=False, on=TODAY, **where):
    found = requirements.required(type, role=role, high_risk=high_risk, on=on, **where)
    return None if found is None else found.hours


@pytest.mark.parametrize("role", [R.PRINCIPAL, R.SAFETY_MANAGER, R.FULL_TIME_SAFETY_MANAGER])
@pytest.mark.parametrize(
    ("type", "high_risk", "asked"),
    [
        (T.INITIAL, True, 48),
        (T.RE_TRAINING, True, 16),
        (T.INITIAL, False, 32),
        (T.RE_TRAINING, False, 12),
    ],
)
def test_principals_and_safety_managers_48_and_16_or_32_and_12(role, type, high_risk, asked):
    assert hours(type, role, high_risk=high_risk) == asked


@pytest.mark.parametrize("role", [R.EMPLOYEE, R.SPECIAL_OPERATIONS_WORKER])
@pytest.mark.parametrize(
    ("type", "high_risk", "construction", "asked"),
    [
        (T.INDUCTION, True, False, 72),
        (T.RE_TRAINING, True, False, 20),
        (T.INDUCTION, False, False, 24),
        (T.RE_TRAINING, False, False, 8),
        (T.INDUCTION, False, True, 32),
        (T.RE_TRAINING, False, True, 20),
    ],
)
def test_workers_72_and_20_or_24_and_8_or_in_construction_32_and_20(
    role, type, high_risk, construction, asked
):
    assert hours(type, role, high_risk=high_risk, construction=construction) == asked


def test_a_site_asks_hours_of_each_level_and_a_plant_of_all_together():
    levels = [
        hours(T.INDUCTION, R.EMPLOYEE, construction=True, level=one)
        for one in (L.PLANT, L.WORKSHOP, L.TEAM)
    ]

    assert levels == [15, 15, 20]
    assert hours(T.INDUCTION, R.EMPLOYEE, level=L.TEAM) is None


@pytest.mark.parametrize(
    ("type", "role", "on", "asked"),
    [
        (T.INITIAL, R.PRINCIPAL, date(2006, 2, 28), None),
        (T.INITIAL, R.PRINCIPAL, date(2006, 3, 1), 32),
        (T.RE_TRAINING, R.EMPLOYEE, date(2012, 11, 20), None),
        (T.RE_TRAINING, R.EMPLOYEE, date(2012, 11, 21), 8),
        (T.RE_REVIEW, R.SPECIAL_OPERATIONS_WORKER, date(2026, 5, 31), 8),
        (T.RE_REVIEW, R.SPECIAL_OPERATIONS_WORKER, date(2026, 6, 1), None),
    ],
)
def test_the_law_of_the_day_counts(type, role, on, asked):
    assert hours(type, role, on=on) == asked


def test_every_row_names_its_law_and_ends_after_it_begins():
    for row in requirements.rows():
        assert row.law
        assert row.hours > Decimal(0)
        assert row.until_on is None or row.from_on < row.until_on
