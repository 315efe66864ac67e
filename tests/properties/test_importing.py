"""What holds of every sheet: writing a question down and reading it again changes nothing."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import Any

import xlsxwriter
from hypothesis import assume, given
from hypothesis import strategies as st

from question_bank import reading
from question_bank.fingerprint import folded
from question_bank.importing.drafts import Draft, Outcome
from question_bank.importing.sheets import Sheet, read_sheets
from question_bank.kinds import LABELS, TRUE_FALSE_OPTIONS, Kind
from server.errors import DomainError

#: Words without what a sheet gives a meaning: separators, labels, numbers, breaks.
WORDS = st.text("安全生产电流电压机械救护甲乙丙丁戊己庚辛（）“”，。%Ωkmx", min_size=1, max_size=20)
NAMES = {
    Kind.TRUE_FALSE: ["判断题", "是非题"],
    Kind.SINGLE_CHOICE: ["单选题", "单项选择题"],
    Kind.MULTIPLE_CHOICE: ["多选题", "多项选择"],
}
HEADER = ["作业种类", "试题类型", "题目内容", "题目选项", "题目答案"]


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Any sound question."""
    kind = draw(st.sampled_from(Kind))
    stem = "题干" + draw(WORDS)
    if kind is Kind.TRUE_FALSE:
        return Draft(kind=kind, stem=stem, options=TRUE_FALSE_OPTIONS, key=(draw(labels(2)),))
    options = draw(st.lists(WORDS, min_size=2, max_size=8, unique_by=folded))
    fewest = 2 if kind is Kind.MULTIPLE_CHOICE else 1
    most = len(options) if kind is Kind.MULTIPLE_CHOICE else 1
    key = draw(st.sets(labels(len(options)), min_size=fewest, max_size=most))
    return Draft(kind=kind, stem=stem, options=tuple(options), key=tuple(sorted(key)))


def labels(count: int) -> st.SearchStrategy[str]:
    """Any of the first labels."""
    return st.sampled_from(LABELS[:count])


@st.composite
def written(draw: st.DrawFn, draft: Draft, number: int) -> list[Any]:
    """A row that says the draft in one of the ways of real sheets."""
    separator = draw(st.sampled_from(["**", "##", "***", "****"]))
    mark = draw(st.sampled_from([".", "、", ":", "：", "．", ". "]))
    options = "".join(
        f"{separator}{label}{mark}{text}"
        for label, text in zip(LABELS, draft.options, strict=False)
    )
    between = draw(st.sampled_from(["", "、", ",", " "]))
    key = between.join(draft.key) + draw(st.sampled_from(["", "  "]))
    running = f"{number}{draw(st.sampled_from(['.', '、', '，', '．']))}"
    name = draw(st.sampled_from(NAMES[draft.kind]))
    return ["", name, running + draft.stem, options, draw(st.sampled_from([key, key.lower()]))]


@given(st.data())
def test_a_question_written_in_any_dress_is_read_as_itself(data: st.DataObject) -> None:
    originals = data.draw(
        st.lists(drafts(), min_size=1, max_size=4, unique_by=lambda one: one.fingerprint)
    )
    assume(all(text == text.strip() for one in originals for text in one.options))
    rows = [data.draw(written(one, number)) for number, one in enumerate(originals, 1)]

    report = read_sheets([Sheet("题库", [HEADER, *rows])])

    assert [row.draft for row in report.rows] == originals


@given(
    st.lists(
        st.lists(
            st.one_of(
                st.none(),
                st.booleans(),
                st.floats(),
                st.dates(),
                st.text(max_size=12),
                st.text("AB**##.、1正确错误判断单选题 \n", max_size=12),
                st.lists(st.text(max_size=3), max_size=3),
            ),
            max_size=6,
        ),
        max_size=6,
    )
)
def test_no_sheet_breaks_the_reader_and_every_accepted_row_is_sound(
    rows: list[list[Any]],
) -> None:
    report = read_sheets([Sheet("x", [HEADER, *rows])])

    for row in report.rows:
        assert (row.draft is None) == (row.outcome in {Outcome.REFUSED, Outcome.IGNORED})
        if row.draft is not None:
            assert row.draft.stem
            assert set(row.draft.key) <= set(row.draft.labels)
            assert 2 <= len(row.draft.options) <= len(LABELS)
            assert all(row.draft.options)


def a_workbook() -> bytes:
    """Return a small workbook with every kind of cell."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("题库")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["一", "单选题", "1.选？", "**A.甲**B.乙", "A"])
        sheet.write_row(3, 0, [1.5, True, "=1+1"])
        book.add_worksheet("备注")
    return target.getvalue()


WORKBOOK = a_workbook()


@given(
    st.lists(
        st.tuples(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255)), min_size=1, max_size=5
    )
)
def test_a_workbook_with_broken_bytes_is_read_or_refused(breaks: list[tuple[int, int]]) -> None:
    broken = bytearray(WORKBOOK)
    for place, byte in breaks:
        broken[place] = byte

    with suppress(DomainError):
        assert read_sheets(reading.read(bytes(broken)).sheets).sheets
