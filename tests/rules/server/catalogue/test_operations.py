"""The catalogue of special operations, version by version."""

from __future__ import annotations

from datetime import date

import pytest

from server import catalogue
from server.catalogue import operations
from server.catalogue.errors import OperationItemUnknown

BEFORE, ORDER_30, JOINED, TODAY = (
    date(2010, 6, 30),
    date(2010, 7, 1),
    date(2018, 1, 1),
    date(2026, 6, 15),
)


@pytest.mark.parametrize(
    ("day", "count"),
    [(BEFORE, 0), (ORDER_30, 51), (date(2017, 12, 31), 51), (JOINED, 54), (TODAY, 54)],
)
def test_each_day_has_the_items_of_its_catalogue(day: date, count: int) -> None:
    assert len(catalogue.items(day)) == count


def test_the_ten_categories_have_as_many_items_as_officials_count() -> None:
    counts: dict[str, int] = {}
    for item in catalogue.items(TODAY):
        counts[item.category_code] = counts.get(item.category_code, 0) + 1

    assert list(counts.values()) == [6, 3, 2, 2, 10, 8, 1, 1, 16, 5]


def test_a_low_voltage_electrician_is_item_1_2() -> None:
    item = catalogue.item("1.2", TODAY)

    assert (item.slug, item.name_zh) == ("low_voltage_electrician", "低压电工作业")


@pytest.mark.parametrize(
    ("code", "day"), [("1.4", date(2017, 12, 31)), ("1.2", BEFORE), ("1.20", TODAY), ("", TODAY)]
)
def test_an_item_that_the_catalogue_of_the_day_lacks_is_refused(code: str, day: date) -> None:
    with pytest.raises(OperationItemUnknown):
        catalogue.item(code, day)


def test_items_that_a_catalogue_lacks_are_named() -> None:
    assert catalogue.unknown(["1.2", "1.4", "77"], date(2015, 1, 1)) == ["1.4", "77"]
    assert catalogue.unknown(["1.2"], BEFORE) == ["1.2"]
    assert catalogue.unknown([], TODAY) == []


def test_item_5_10_is_not_5_1() -> None:
    assert catalogue.item("5.10", TODAY) != catalogue.item("5.1", TODAY)


HEAD = "code,slug,category_code,category_zh,category_en,name_zh,name_en\n"


@pytest.mark.parametrize(
    "rows",
    ["1.1,a,1,甲,A,甲,A\n1.1,b,1,甲,A,乙,B\n", "1.1,a,1,甲,A,甲,A\n1.2,a,1,甲,A,乙,B\n"],
    ids=["code", "slug"],
)
def test_a_file_that_has_something_twice_is_refused(rows: str) -> None:
    with pytest.raises(ValueError, match="stands twice"):
        operations.read(HEAD + rows)


def test_a_file_with_an_item_in_the_wrong_category_is_refused() -> None:
    with pytest.raises(ValueError, match="wrong category"):
        operations.read(HEAD + "2.1,a,1,甲,A,甲,A\n")


def test_an_item_is_called_as_by_the_newest_catalogue_that_has_it() -> None:
    found = operations.latest("1.4")

    assert found is not None
    assert found == operations.item("1.4", TODAY)
    assert operations.latest("99.1") is None
