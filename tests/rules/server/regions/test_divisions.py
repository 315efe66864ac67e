"""Division codes, and the shipped list of levels 1 to 3."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from server.regions import divisions
from server.regions.divisions import Division
from server.regions.errors import DivisionCodeWrong

SOURCE = Path(__file__).parents[5] / "shared" / "data" / "regions"
BY_CODE = {one.code: one for one in divisions.shipped()}


def test_the_shipped_list_is_what_the_source_says() -> None:
    if not SOURCE.exists():
        pytest.skip(f"the files of the source are not at {SOURCE}")
    files = [
        json.loads((SOURCE / f"{name}.json").read_text("utf-8"))
        for name in ("provinces", "cities", "areas")
    ]

    assert tuple(divisions.convert(*files)) == divisions.shipped()


def test_the_list_has_all_provinces_cities_and_counties() -> None:
    levels = [one.level for one in divisions.shipped()]

    assert [levels.count(level) for level in (1, 2, 3)] == [34, 342, 2975]
    assert len(BY_CODE) == len(levels)


def test_every_region_stands_beneath_its_parent() -> None:
    for one in divisions.shipped():
        if one.parent_code is None:
            assert one.level == 1
            continue
        parent = BY_CODE[one.parent_code]
        assert parent.level == one.level - 1
        divisions.check_child(
            one.code, one.level, parent_code=parent.code, parent_level=parent.level
        )


@pytest.mark.parametrize(
    ("code", "name", "parent_code"),
    [
        ("419001", "济源市", "419000"),
        ("429021", "神农架林区", "429000"),
        ("469001", "五指山市", "469000"),
        ("659001", "石河子市", "659000"),
        ("500229", "城口县", "500200"),
    ],
)
def test_counties_directly_under_a_province_stand_under_a_heading(
    code: str, name: str, parent_code: str
) -> None:
    assert (BY_CODE[code].name, BY_CODE[code].parent_code) == (name, parent_code)
    assert BY_CODE[parent_code].is_grouping


@pytest.mark.parametrize("code", ["441900", "442000", "460400"])
def test_a_city_without_districts_has_no_counties_and_takes_townships(code: str) -> None:
    assert BY_CODE[code].level == 2
    assert [one for one in divisions.shipped() if one.parent_code == code] == []
    divisions.check_child(f"{code}003", 4, parent_code=code, parent_level=2)


def test_jiayuguan_keeps_its_stand_in_for_districts() -> None:
    assert BY_CODE["620201"] == Division(
        code="620201", name="嘉峪关市", level=3, parent_code="620200", is_grouping=True
    )


def test_the_file_reads_back_as_it_was_written() -> None:
    text = (Path(divisions.__file__).parent / "data" / "divisions.csv").read_text("utf-8")

    assert divisions.as_csv(divisions.shipped()) == text


@pytest.mark.parametrize(
    ("code", "level", "parent_code", "parent_level"),
    [
        ("330108001", 4, "330108", 3),
        ("330108001001", 5, "330108001", 4),
        ("441900003", 4, "441900", 2),
        ("441900003001", 5, "441900003", 4),
    ],
)
def test_townships_and_villages_fit_beneath_their_parents(
    code: str, level: int, parent_code: str, parent_level: int
) -> None:
    divisions.check_child(code, level, parent_code=parent_code, parent_level=parent_level)


@pytest.mark.parametrize(
    ("code", "level", "parent_code", "parent_level"),
    [
        ("330109001", 4, "330108", 3),
        ("330108001", 3, "330108", 3),
        ("330108001", 5, "330108", 3),
        ("33010800100", 5, "330108001", 4),
        ("330108001", 5, "330108001", 4),
        ("33010800A", 4, "330108", 3),
        ("030108001", 4, "030108", 3),
        ("330108001001", 6, "330108001", 5),
        ("330100", 2, "330100", 1),
    ],
)
def test_a_code_that_does_not_fit_its_place_is_refused(
    code: str, level: int, parent_code: str, parent_level: int
) -> None:
    with pytest.raises(DivisionCodeWrong):
        divisions.check_child(code, level, parent_code=parent_code, parent_level=parent_level)
