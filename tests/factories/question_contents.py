"""Questions of every shape, for properties of whatever writes them down."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from question_bank import pictures
from question_bank.content import Content, sound
from question_bank.errors import QuestionUnsound
from question_bank.importing.drafts import Draft
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
    st.sampled_from(["甲", "<b>乙</b>", "H<sub>2</sub>O", "a &lt; b", "<u>线</u>", ""]),
    st.sampled_from(
        ["", "<br>", " ", r"\(\frac{1}{2}\)", r"\(\text{&lt;甲 &quot;}\unicode\)", "丙"]
    ),
    st.sampled_from(
        [
            "10<sup>3</sup>",
            f'<img src="image:{PICTURE.sha256}" alt="图&quot;一">',
            f'<img src="image:{PICTURE.sha256}">',
            "丁",
        ]
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
