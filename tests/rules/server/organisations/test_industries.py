"""Industries of GB/T 4754-2017 and their high-risk marks."""

from __future__ import annotations

from datetime import date

import pytest

from server.organisations import industries
from server.organisations.errors import IndustryUnknown

TODAY = date(2026, 6, 15)


def test_there_are_twenty_sections_and_ninety_seven_divisions() -> None:
    codes = industries.every()

    assert "".join(code for code in codes if code.isalpha()) == "ABCDEFGHIJKLMNOPQRST"
    assert [code for code in codes if len(code) == 2] == [f"{n:02d}" for n in range(1, 98)]


@pytest.mark.parametrize(
    ("code", "section", "division"),
    [
        ("01", "A", "01"),
        ("06", "B", "06"),
        ("12", "B", "12"),
        ("13", "C", "13"),
        ("26", "C", "26"),
        ("267", "C", "26"),
        ("2672", "C", "26"),
        ("43", "C", "43"),
        ("46", "D", "46"),
        ("50", "E", "50"),
        ("60", "G", "60"),
        ("83", "P", "83"),
        ("97", "T", "97"),
    ],
)
def test_the_division_alone_decides_the_section(code: str, section: str, division: str) -> None:
    assert industries.section_of(code) == section
    assert industries.division_of(code) == division


@pytest.mark.parametrize("code", ["", "1", "00", "98", "99", "C26", "26721", "2x", "２６"])
def test_a_code_without_a_division_is_refused(code: str) -> None:
    with pytest.raises(IndustryUnknown):
        industries.division_of(code)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("06", "coal_mining"),
        ("26", "hazardous_chemicals"),
        ("2611", "hazardous_chemicals"),
        ("2672", "fireworks"),
        ("32", "metal_smelting"),
        ("47", "construction"),
        ("54", "transport"),
    ],
)
def test_the_most_precise_mark_names_the_branch(code: str, kind: str) -> None:
    found = industries.mark(code, TODAY)

    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize("code", ["01", "34", "83", "97"])
def test_other_industries_are_not_high_risk(code: str) -> None:
    assert not industries.is_high_risk(code, TODAY)


@pytest.mark.parametrize(
    ("code", "day", "high_risk"),
    [
        ("26", date(2014, 11, 30), False),
        ("26", date(2014, 12, 1), True),
        ("55", date(2021, 8, 31), False),
        ("55", date(2021, 9, 1), True),
    ],
)
def test_marks_follow_the_law_of_the_day(code: str, day: date, high_risk: bool) -> None:
    assert industries.is_high_risk(code, day) is high_risk


def test_a_mark_ends_before_the_day_it_names() -> None:
    mark = industries.Mark(
        industry="26",
        kind="hazardous_chemicals",
        name_zh="危险化学品",
        from_on=date(2020, 1, 1),
        until_on=date(2021, 1, 1),
        source="",
    )

    assert mark.counts(date(2020, 12, 31))
    assert not mark.counts(date(2021, 1, 1))


def test_every_mark_is_made_for_an_industry_that_there_is() -> None:
    assert all(mark.industry in industries.every() for mark in industries.marks())
