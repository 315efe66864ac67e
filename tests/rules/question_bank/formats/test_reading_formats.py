"""Files as other programs write them become questions, whatever their names say."""

from __future__ import annotations

import csv
import io
import json

import pytest

from question_bank import reading
from question_bank.errors import FileUnsafe, FormatUnknown
from question_bank.formats.files import Format, Read
from question_bank.importing.drafts import Draft, Outcome, Report
from question_bank.importing.sheets import Choices, read_sheets
from question_bank.kinds import Kind
from tests.factories.question_files import (
    GIFT,
    PROSE,
    PROSE_WITH_LIST,
    a_document,
    a_manifest,
    a_moodle_quiz,
    a_numbered_document,
    a_picture,
    a_qti2_item,
    a_qti3_item,
    a_qti_package,
    packed,
)

PICTURE = a_picture()
HEADER = ["题型", "题干", "选项", "答案"]


def reported(found: Read, choices: Choices | None = None) -> Report:
    """Return the report on a file that was read."""
    return read_sheets(found.sheets, choices, images=found.album.pictures)


def drafts_of(content: bytes | str) -> list[Draft]:
    """Return the questions of a file."""
    found = reading.read(content if isinstance(content, bytes) else content.encode())
    return [row.draft for row in reported(found).rows if row.draft is not None]


def said_of(content: bytes | str) -> list[list[str]]:
    """Return the codes of what was said of each row of a file."""
    found = reading.read(content if isinstance(content, bytes) else content.encode())
    return [[said.code for said in row.reasons] for row in reported(found).rows]


def a_csv(delimiter: str = ",") -> str:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter)
    writer.writerows(
        [HEADER, ["单选题", "选，\n哪个？", "A.甲 B.乙", "B"], ["判断题", "'=1+1 对吗", "", "错"]]
    )
    return target.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_file_is_read_in_every_encoding_that_is_met(encoding: str, delimiter: str) -> None:
    found = reading.read(a_csv(delimiter).encode(encoding))

    rows = list(reported(found).rows)

    assert found.format is Format.CSV
    assert rows[0].draft == Draft(
        kind=Kind.SINGLE_CHOICE, stem="选，哪个？", options=("甲", "乙"), key=("B",)
    )
    assert rows[1].draft is not None
    assert (rows[1].draft.stem, rows[1].draft.key) == ("=1+1 对吗", ("B",))


def test_options_of_a_csv_may_stand_in_columns() -> None:
    [draft] = drafts_of("题型,题干,A,B,C,答案\n单选题,选？,甲,乙,丙,C\n")

    assert (draft.options, draft.key) == (("甲", "乙", "丙"), ("C",))


def test_text_from_word_and_pdf_becomes_questions() -> None:
    found = reading.read(PROSE.encode())

    rows = list(reported(found).rows)

    assert found.format is Format.TEXT
    drafts = [row.draft for row in rows if row.draft is not None]
    assert [(one.kind.value, one.stem, one.options, one.key) for one in drafts] == [
        ("true_false", "停电作业前应当验电。", ("正确", "错误"), ("A",)),
        ("true_false", "带电作业可以一人进行。", ("正确", "错误"), ("B",)),
        (
            "single_choice",
            "触电急救首先应当（ ）。",
            ("拨打电话", "切断电源", "心肺复苏", "离开现场"),
            ("B",),
        ),
        ("single_choice", "安全电压的上限是", ("36 V", "220 V"), ("A",)),
        ("multiple_choice", "下列哪些是安全色？", ("红", "黄", "紫"), ("A", "B")),
    ]
    assert (drafts[2].explanation, str(drafts[3].difficulty)) == ("先断电，再施救。", "0.6")
    assert drafts[3].law_citation == "GB/T 3805"
    assert [(row.row, row.reasons[-1].code) for row in rows if row.outcome is Outcome.REFUSED] == [
        (28, "kind_unsupported")
    ]


def test_keys_listed_at_the_end_of_a_text_find_their_questions() -> None:
    assert [draft.key for draft in drafts_of(PROSE_WITH_LIST)] == [("A",), ("B",), ("A",)]


def test_a_word_document_is_read_with_its_picture_its_letters_and_its_table() -> None:
    found = reading.read(a_document(PICTURE))

    first, second = (row.draft for row in reported(found).rows)

    [name] = found.album.pictures
    assert first is not None
    assert second is not None
    assert first.stem == "水的化学式是 H2O，对应的是（ ）。〔图〕"
    assert first.markup is not None
    assert "H<sub>2</sub>O" in first.markup.stem
    assert first.markup.images == {name}
    assert first.options == ("水", "氧气")
    assert (second.kind, second.key) == (Kind.TRUE_FALSE, ("A",))


def test_automatic_numbers_of_a_document_are_seen() -> None:
    drafts = drafts_of(a_numbered_document())

    assert [(one.stem, one.options, one.key) for one in drafts] == [
        ("甲是谁？", ("张三", "李四"), ("A",)),
        ("乙是谁？", ("张三", "李四"), ("B",)),
    ]


def test_a_qti_package_is_read_with_its_images() -> None:
    found = reading.read(a_qti_package(PICTURE))

    one, two = (row.draft for row in reported(found).rows)

    [name] = found.album.pictures
    assert found.format is Format.QTI
    assert one is not None
    assert two is not None
    assert one.markup is not None
    assert (
        one.markup.stem == f'见图： <img src="image:{name}" alt="图"><br>水是 H<sub>2</sub>O 吗？'
    )
    assert one.markup.options == ("是的", "不是水", "10<sup>3</sup> Pa")
    assert (one.kind, one.key, one.explanation) == (Kind.SINGLE_CHOICE, ("A",), "水的化学式。")
    assert (two.kind, two.key, two.options) == (
        Kind.MULTIPLE_CHOICE,
        ("A", "C"),
        ("红", "紫", "黄"),
    )


def test_single_items_of_qti_are_read_and_other_interactions_refused() -> None:
    lost = '<img src="fig.png" alt=""/>'

    assert drafts_of(a_qti2_item(key="b"))[0].key == ("B",)
    assert said_of(a_qti3_item("order")) == [["kind_unsupported"]]
    assert said_of(a_qti2_item(image=lost)) == [["image_refused"]]
    assert said_of(a_qti2_item(key="z")) == [["key_names_no_option"]]
    assert said_of(a_qti2_item(key="")) == [["key_missing"]]


def test_a_package_without_items_is_of_no_known_format() -> None:
    with pytest.raises(FormatUnknown):
        reading.read(packed({"imsmanifest.xml": a_manifest("gone.xml")}))


def test_a_moodle_quiz_is_read_with_its_files() -> None:
    found = reading.read(a_moodle_quiz(PICTURE).encode())

    rows = list(reported(found).rows)

    [name] = found.album.pictures
    assert found.format is Format.MOODLE_XML
    first, second = rows[0].draft, rows[1].draft
    assert first is not None
    assert second is not None
    assert first.markup is not None
    assert first.markup.stem == f'图中是<b>什么</b>标志？<br><img src="image:{name}">'
    assert (first.kind, first.key) == (Kind.MULTIPLE_CHOICE, ("A", "C"))
    assert (first.topic, str(first.difficulty)) == ("触电急救", "0.7")
    assert (first.options[2], first.explanation) == ("限速 < 5", "看颜色。")
    assert (second.kind, second.key, second.stem) == (Kind.TRUE_FALSE, ("A",), "三氧化硫有毒。")
    assert [said.code for said in rows[2].reasons] == ["kind_unsupported"]


def test_gift_is_read() -> None:
    found = reading.read(GIFT.encode())

    rows = list(reported(found).rows)

    assert found.format is Format.GIFT
    first, second, third = (row.draft for row in rows[:3])
    assert first is not None
    assert second is not None
    assert third is not None
    assert (first.stem, first.options) == (
        "触电急救首先应当:",
        ("切断电源", "拨打电话", "心肺复苏 {CPR}"),
    )
    assert (first.key, first.explanation, first.topic) == (("A",), "先断电，\n再施救。", "触电急救")
    assert str(first.difficulty) == "0.6"
    assert second.markup is not None
    assert (second.kind, second.markup.stem) == (Kind.TRUE_FALSE, "安全电压是 <b>36 V</b>。")
    assert (third.kind, third.key) == (Kind.MULTIPLE_CHOICE, ("A", "B"))
    assert [row.reasons[-1].code for row in rows[3:]] == ["kind_unsupported"] * 3


def test_json_with_the_usual_names_is_a_table() -> None:
    things = [{"题型": "单选题", "question": "选？", "options": ["甲", "乙"], "answer": "B"}]

    [draft] = drafts_of(json.dumps({"data": things}, ensure_ascii=False))

    assert (draft.options, draft.key) == (("甲", "乙"), ("B",))


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE quiz [<!ENTITY a "b">]><quiz>&a;</quiz>',
        b'<!DOCTYPE quiz SYSTEM "file:///etc/passwd"><quiz/>',
        b'<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "aaaa">]><assessmentItem/>',
    ],
)
def test_markup_with_a_document_type_is_not_opened(content: bytes) -> None:
    with pytest.raises(FileUnsafe):
        reading.read(content)


@pytest.mark.parametrize("content", ["<html><body>题库</body></html>", "你好\n世界", "a,b\n1,2\n"])
def test_what_holds_no_question_is_of_no_known_format(content: str) -> None:
    with pytest.raises(FormatUnknown):
        reading.read(content.encode())
