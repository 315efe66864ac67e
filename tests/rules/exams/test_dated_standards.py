"""New versions of exam standards: what contradicts itself, and what a new day overlaps."""

import json
from dataclasses import fields, replace
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from exams import dated_standards
from exams.dated_standards import Span, StandardFault, StandardRules
from exams.eligibility import WhatFollows

RULES = StandardRules(
    minutes=120,
    max_points=100,
    pass_percent=80,
    partial_credit=False,
    attempts_allowed=None,
    what_follows=WhatFollows.NOTHING,
    pass_months=12,
    training_hours=24,
    training_hours_high_risk=24,
    minimum_age=18,
    maximum_age=60,
    has_practical=True,
    practical_attempts=5,
    practical_what_follows=WhatFollows.THEORY_AGAIN,
    results_working_days=10,
    appeal_working_days=15,
    ruling_working_days=15,
    grace_seconds=10,
)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"attempts_allowed": 2}, StandardFault.THEORY_ATTEMPTS),
        ({"what_follows": WhatFollows.RETRAIN}, StandardFault.THEORY_ATTEMPTS),
        (
            {"attempts_allowed": 2, "what_follows": WhatFollows.THEORY_AGAIN},
            StandardFault.THEORY_AFTER_THEORY,
        ),
        ({"practical_attempts": None}, StandardFault.PRACTICAL_ATTEMPTS),
        ({"practical_what_follows": WhatFollows.NOTHING}, StandardFault.PRACTICAL_ATTEMPTS),
        ({"has_practical": False}, StandardFault.NO_PRACTICAL),
        ({"pass_months": None}, StandardFault.PASS_MONTHS),
        ({"minimum_age": 61}, StandardFault.AGES),
        ({"training_hours_high_risk": 23}, StandardFault.HOURS),
        ({"max_points": 99}, StandardFault.PASS_MARK),
    ],
)
def test_a_standard_that_contradicts_itself_is_named(
    changed: dict[str, Any], fault: StandardFault
) -> None:
    assert fault in list(dated_standards.faults(replace(RULES, **changed)))


def test_the_shipped_standards_contradict_themselves_nowhere() -> None:
    shipped = json.loads(files("exams").joinpath("standards.json").read_text("utf-8"))
    names = {one.name for one in fields(StandardRules)}
    for one in shipped:
        said = {"partial_credit": False, "maximum_age": None} | {
            name: value for name, value in one.items() if name in names
        }
        for name in ("what_follows", "practical_what_follows"):
            said[name] = WhatFollows(said[name])
        assert list(dated_standards.faults(StandardRules(**said))) == []
    assert len(shipped) == 5
    assert list(dated_standards.faults(RULES)) == []


@pytest.mark.parametrize(
    ("from_on", "overlapped"),
    [
        (date(2026, 5, 31), date(2026, 6, 1)),
        (date(2026, 6, 1), date(2026, 6, 1)),
        (date(2026, 6, 2), None),
    ],
)
def test_a_version_begins_after_all_that_are_known(from_on: date, overlapped: date | None) -> None:
    known = [
        Span(from_on=date(2010, 7, 1), until_on=date(2026, 5, 31)),
        Span(from_on=date(2026, 6, 1), until_on=None),
    ]

    assert dated_standards.overlapped(known, from_on) == overlapped


def test_differences_are_said_by_field() -> None:
    before = vars(replace(RULES, pass_percent=60, minutes=90))

    assert dated_standards.differences(before, RULES) == {
        "minutes": (90, 120),
        "pass_percent": (60, 80),
    }
