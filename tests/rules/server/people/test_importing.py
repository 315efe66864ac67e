"""Rosters: what a sheet means, cell by cell."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import catalogue
from server.people import cells as names
from server.people import importing
from server.people.documents import DocumentType, Sex
from server.people.drafts import Education, name_of
from server.people.importing import RosterRow
from server.people.roster import PostRole
from server.sheets import cells, reading, workbook
from server.sheets.cells import CellRefused
from server.sheets.errors import SheetUnreadable
from server.sheets.reading import ReadRow
from tests.factories.workbooks import HEADER, a_row, a_workbook

TODAY = date(2026, 6, 15)
NUMBER = "E12345678"


def items_by_name(on: date) -> Mapping[str, str]:
    return {item.name_zh: item.code for item in catalogue.items(on)}


FORM = importing.form(items_by_name, on=TODAY)


def read(*rows: list[object], header: tuple[str, ...] = HEADER) -> list[ReadRow[RosterRow]]:
    sheet = workbook.first_sheet(a_workbook(*rows, header=header))
    return reading.read(sheet, FORM)


def test_a_row_says_who_and_which_post() -> None:
    [found] = read(
        a_row(
            NUMBER,
            证件类型="护照",
            性别="男",
            学历="大专",
            部门="电修车间",
            岗位="特种作业人员",
            操作项目="低压电工、1.1",
            上岗日期=date(2025, 3, 1),
        )
    )

    assert found.number == 3
    row = found.row
    assert row is not None
    assert (row.name, row.document_type, row.document_number) == (
        "李娜",
        DocumentType.PASSPORT,
        NUMBER,
    )
    assert (row.sex, row.education, row.phone) == (Sex.MALE, Education.COLLEGE, "13800000000")
    assert (row.department, row.role) == ("电修车间", PostRole.SPECIAL_OPERATIONS_WORKER)
    assert (row.items, row.from_on) == (("1.1", "1.2"), date(2025, 3, 1))


def test_a_post_that_names_no_day_begins_today() -> None:
    [found] = read(a_row(NUMBER))

    assert found.row is not None
    assert found.row.from_on == TODAY


def test_items_without_a_role_make_a_special_operations_worker() -> None:
    [found] = read(a_row(NUMBER, 岗位="", 操作项目="1.2"))

    assert found.row is not None
    assert found.row.role is PostRole.SPECIAL_OPERATIONS_WORKER


def test_the_kind_of_document_is_a_resident_card_unless_said_otherwise() -> None:
    [found] = read([*"李", NUMBER], header=("姓名（必填）", "身份证号 *"))

    assert found.row is not None
    assert found.row.document_type is DocumentType.RESIDENT_IDENTITY_CARD


def test_an_18_digit_number_that_a_spreadsheet_rounded_is_refused_with_advice() -> None:
    [found] = read(a_row(1.101011990030746e17))

    assert found.row is None
    assert [one.field for one in found.complaints] == ["document_number"]
    assert "文本格式" in found.complaints[0].message.zh
    assert "110101" not in found.complaints[0].message.en


def test_a_number_in_scientific_notation_is_refused_with_the_same_advice() -> None:
    with pytest.raises(CellRefused) as refused:
        cells.number("1.10101E+17")

    assert refused.value.message is cells.LOST_DIGITS


def test_every_wrong_cell_of_a_row_is_named() -> None:
    [found] = read(
        a_row("", 姓名="", 性别="甲", 学历="甲", 岗位="甲", 操作项目="99.9", 上岗日期="明天")
    )

    assert {one.field for one in found.complaints} == {
        *("name", "document_number", "sex", "education", "role", "items", "from_on")
    }


def test_blank_rows_are_passed_over() -> None:
    assert [one.number for one in read(a_row(NUMBER), [""] * 3, a_row("E2"))] == [3, 5]


def test_a_document_and_post_that_stand_twice_are_refused_twice() -> None:
    rows = read(a_row(NUMBER), a_row(f" {NUMBER.lower()} "), a_row(NUMBER, 岗位="主要负责人"))

    assert [[one.code for one in row.complaints] for row in rows] == [
        ["document_twice"],
        ["document_twice"],
        [],
    ]


@given(
    documents=st.lists(st.sampled_from(["E1", "E2", "E3", ""]), max_size=20),
    size=st.integers(1, 5),
)
def test_batches_hold_every_row_once_and_part_no_document(documents: list[str], size: int) -> None:
    sheet = [HEADER, *(a_row(one, 部门=str(n)) for n, one in enumerate(documents))]
    rows = reading.read(sheet, FORM)

    batches = list(reading.batches(rows, FORM, size))

    assert sorted(one.number for batch in batches for one in batch) == [one.number for one in rows]
    assert all(batch for batch in batches)
    homes = [{one.row.document for one in batch if one.row} for batch in batches]
    assert sum(len(home) for home in homes) == len({one.row.document for one in rows if one.row})


@pytest.mark.parametrize(
    "header", [("姓名", "电话"), ("号码", "身份证号"), ("甲", "乙")], ids=["number", "name", "both"]
)
def test_a_sheet_without_name_or_number_is_refused(header: tuple[str, ...]) -> None:
    with pytest.raises(SheetUnreadable):
        read(["李娜", NUMBER], header=header)


def test_a_roster_of_too_many_people_is_refused() -> None:
    rows = [["姓名", "证件号"], *([["李娜", NUMBER]] * (reading.MOST_ROWS + 1))]

    with pytest.raises(SheetUnreadable):
        reading.read(rows, FORM)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"name,number\n", a_workbook()[:-100]])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(SheetUnreadable):
        workbook.first_sheet(content)


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "nothing")

    with pytest.raises(SheetUnreadable):
        workbook.first_sheet(out.getvalue())


def test_a_file_that_unfolds_to_gigabytes_is_refused_unopened() -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/workbook.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(workbook.MOST_UNFOLDED // 10**7 + 1):
            part.write(bytes(10**7))
    assert len(out.getvalue()) < 1_000_000

    with pytest.raises(SheetUnreadable, match="unfolds"):
        workbook.first_sheet(out.getvalue())


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        (None, None),
        ("", None),
        (" 　", None),
        (date(2026, 6, 1), date(2026, 6, 1)),
        (datetime(2026, 6, 1, 8, 30), date(2026, 6, 1)),  # noqa: DTZ001  # as a spreadsheet gives it
        ("2026-06-01", date(2026, 6, 1)),
        ("2026/6/1", date(2026, 6, 1)),
        ("2026.6.1", date(2026, 6, 1)),
        ("2026年6月1日", date(2026, 6, 1)),
        ("20260601", date(2026, 6, 1)),
        (20260601.0, date(2026, 6, 1)),
        ("2026-06-01 00:00:00", date(2026, 6, 1)),
    ],
)
def test_a_day_is_read_however_it_is_written(cell: object, meant: date | None) -> None:
    assert cells.day(cell) == meant


@pytest.mark.parametrize("cell", ["明天", "2026-13-01", "2026-02-30", "1/6/2026", 45000.0, "长期"])
def test_what_is_no_day_is_refused(cell: object) -> None:
    with pytest.raises(CellRefused):
        cells.day(cell)


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        (None, ()),
        ("1.2", ("1.2",)),
        ("1.2，2.1", ("1.2", "2.1")),
        ("低压电工作业", ("1.2",)),
        ("低压电工 / 高压电工", ("1.1", "1.2")),
        ("高处安装、维护、拆除作业、登高架设", ("3.1", "3.2")),
        ("5.10", ("5.10",)),
        ("低压电工 低压电工作业", ("1.2",)),
    ],
)
def test_items_are_read_by_code_and_by_name(cell: object, meant: tuple[str, ...]) -> None:
    assert names.items(cell, items_by_name(TODAY)) == meant


@pytest.mark.parametrize("cell", [5.1, 1, "99.9", "电工", "1"])
def test_an_item_that_could_be_another_is_refused(cell: object) -> None:
    with pytest.raises(CellRefused):
        names.items(cell, items_by_name(TODAY))


def test_a_choice_is_read_by_its_name_or_its_value() -> None:
    assert cells.chosen("主要 负责人", names.ROLES) is PostRole.PRINCIPAL
    assert cells.chosen("principal", names.ROLES) is PostRole.PRINCIPAL
    assert cells.chosen("", names.ROLES) is None
    with pytest.raises(CellRefused):
        cells.chosen("院长", names.ROLES)


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        (13800000000.0, "13800000000"),
        (12.5, "12.5"),
        (True, "True"),
        (date(2026, 6, 1), "2026-06-01"),
    ],
)
def test_a_cell_of_any_kind_is_text(cell: object, meant: str) -> None:
    assert cells.text(cell) == meant


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" 张 三 ", "张三"),
        ("张　三", "张三"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("Anna  Maria Schmidt", "Anna Maria Schmidt"),
    ],
)
def test_names_lose_spaces_that_are_lay_out(typed: str, kept: str) -> None:
    assert name_of(typed) == kept
