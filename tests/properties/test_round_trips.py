"""What is exported and brought again is the same, in every format."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank import pictures, reading
from question_bank.content import Content, sound
from question_bank.errors import QuestionUnsound
from question_bank.formats import exported, moodle_writing, qti_writing, tables_writing
from question_bank.formats.exported import Export
from question_bank.formats.files import Format
from question_bank.importing.drafts import Draft
from question_bank.importing.sheets import read_sheets
from question_bank.kinds import LABELS, Kind
from question_bank.markup import Markup
from tests.factories.question_files import a_picture

PICTURE = pictures.read(a_picture())
#: Texts with everything that means something to one of the formats.
TEXTS = st.one_of(
    st.text(min_size=1, max_size=30),
    st.text(
        "安全ABab12.、**##=~{}#:\\<>&'\"+-@_x005F/\n [plain]html$CATEGORY", min_size=1, max_size=30
    ),
    st.sampled_from(
        [
            "=1+1",
            "@SUM(A1)",
            "12.谁负责？",
            "<b>不是标签</b>",
            "&nbsp;&lt;",
            "第一行\n第二行",
            "正确",
            "错误",
            r"\(x^2\)",
            "_x0041_",
            "'=2",
            "[html]甲",
            "::一::",
            "// 注释",
            "]]>",
            "image:" + "0" * 64,
            "如图所示",
        ]
    ),
)
MARKUPS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["甲", "<b>乙</b>", "H<sub>2</sub>O", "a &lt; b", ""]),
    st.sampled_from(["", "<br>", " ", r"\(\frac{1}{2}\)", "丙"]),
    st.sampled_from(
        ["10<sup>3</sup>", f'<img src="image:{PICTURE.sha256}" alt="图&quot;一">', "丁"]
    ),
)


@st.composite
def contents(draw: st.DrawFn) -> Content | None:
    """Any sound question; None where what was drawn is none."""
    kind = draw(st.sampled_from(Kind))
    dressed = draw(st.booleans())
    texts = MARKUPS if dressed else TEXTS
    options = [] if kind is Kind.TRUE_FALSE else draw(st.lists(texts, min_size=2, max_size=6))
    count = 2 if kind is Kind.TRUE_FALSE else len(options)
    most = count if kind is Kind.MULTIPLE_CHOICE else 1
    key = draw(st.sets(st.sampled_from(LABELS[:count]), min_size=1, max_size=most))
    stem, explanation = draw(texts), draw(st.none() | texts)
    if kind is Kind.TRUE_FALSE:
        options = ["正确", "错误"]
    try:
        return sound(
            Content(
                kind=kind,
                stem=stem,
                options=tuple(options),
                key=tuple(key),
                explanation=explanation,
                topic=draw(st.none() | TEXTS.map(lambda text: " ".join(text.split()))),
                difficulty=draw(st.none() | st.sampled_from([Decimal("0.5"), Decimal(1)])),
                law_citation=draw(st.none() | TEXTS.map(lambda text: " ".join(text.split()))),
                markup=Markup(stem=stem, options=tuple(options), explanation=explanation)
                if dressed
                else None,
            )
        )
    except QuestionUnsound:
        return None


def as_draft(content: Content) -> Draft:
    """Return a question as an import yields it."""
    return Draft(
        kind=content.kind,
        stem=content.stem,
        options=content.options,
        key=content.key,
        explanation=content.explanation or None,
        topic=content.topic,
        difficulty=content.difficulty,
        law_citation=content.law_citation,
        markup=content.markup,
    )


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
