"""What is exported and brought again is the same, in every format."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank import reading
from question_bank.content import Content, sound
from question_bank.formats import exported, moodle_writing, qti_writing, tables_writing
from question_bank.formats.exported import Export
from question_bank.formats.files import Format
from question_bank.importing.sheets import read_sheets
from question_bank.kinds import Kind
from question_bank.markup import Markup
from tests.factories.question_contents import PICTURE, as_draft, contents

WRITERS = {
    Format.XLSX: tables_writing.xlsx,
    Format.CSV: tables_writing.comma_separated,
    Format.JSON: tables_writing.as_json,
    Format.QTI: qti_writing.package,
    Format.MOODLE_XML: moodle_writing.moodle_xml,
    Format.GIFT: moodle_writing.gift,
}


@pytest.mark.parametrize("kind", WRITERS, ids=lambda kind: kind.value)
@settings(max_examples=60)
@given(questions=st.lists(contents(), min_size=1, max_size=3))
def test_what_is_exported_is_read_again_as_it_was(
    kind: Format, questions: list[Content | None]
) -> None:
    by_fingerprint = {one.fingerprint: one for one in questions if one is not None}
    originals = list(by_fingerprint.values())
    if not originals:
        return
    export = Export(
        questions=originals,
        images={PICTURE.sha256: PICTURE},
        with_keys=True,
        watermark="李娜 = 导出 --> 用途：{测试} ~",
    )

    found = reading.read(WRITERS[kind](export))
    report = read_sheets(found.sheets, images=found.album.pictures)

    assert found.format is kind
    assert [row.draft for row in report.rows] == [as_draft(one) for one in originals]


def test_without_keys_no_format_tells_what_is_right() -> None:
    content = sound(
        Content(
            kind=Kind.MULTIPLE_CHOICE,
            stem="选哪些？",
            options=("甲", "乙", "丙"),
            key=("A", "C"),
            explanation="因为甲丙。",
            difficulty=Decimal("0.31"),
        )
    )
    other = sound(
        Content(kind=Kind.MULTIPLE_CHOICE, stem="选哪些？", options=content.options, key=("B",))
    )

    for write in (tables_writing.comma_separated, tables_writing.as_json, _unpacked):
        one, two = (
            write(Export(questions=[said], with_keys=False, watermark="x"))
            for said in (content, other)
        )
        assert one == two
        assert "因为甲丙".encode() not in one


def _unpacked(export: Export) -> bytes:
    return qti_writing.item(export.questions[0], export).encode()


def test_the_passages_of_a_dressed_question_are_its_markup() -> None:
    markup = Markup(stem="<b>甲</b>", options=("1", "2"))
    content = sound(
        Content(kind=Kind.SINGLE_CHOICE, stem="", options=(), key=("A",), markup=markup)
    )

    assert exported.markup_of(content) == markup
    assert hashlib.sha256(PICTURE.content).hexdigest() == PICTURE.sha256
