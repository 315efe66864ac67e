"""Every package of QTI that is written is laid out as QTI 3.0 asks, down to its last attribute."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.content import Content, sound
from question_bank.formats import qti_writing
from question_bank.formats.exported import Export
from question_bank.kinds import Kind
from question_bank.markup import Markup
from tests import qti_rules
from tests.factories.question_contents import PICTURE, contents


def exported(questions: list[Content], *, with_keys: bool = True) -> bytes:
    """Return a package."""
    images = {PICTURE.sha256: PICTURE}
    used = {name for one in questions if one.markup for name in one.markup.images}
    return qti_writing.package(
        Export(
            questions=questions,
            images={name: one for name, one in images.items() if name in used},
            with_keys=with_keys,
            watermark="李娜 --> 测试",
        )
    )


@settings(max_examples=60)
@given(questions=st.lists(contents(), min_size=1, max_size=3), with_keys=st.booleans())
def test_every_package_is_what_qti_asks(questions: list[Content | None], with_keys: bool) -> None:
    sound_ones = {one.fingerprint: one for one in questions if one is not None}

    package = exported(list(sound_ones.values()), with_keys=with_keys)

    assert qti_rules.faults(package) == []


def a_package() -> bytes:
    """Return a package in which everything stands that an export can hold."""
    markup = Markup(
        stem=rf'图中<u>电阻</u><br><img src="image:{PICTURE.sha256}"> \(\frac{{U}}{{I}}\)？',
        options=("10<sup>3</sup> Ω", "丙"),
        explanation="见<em>图</em>",
    )
    content = sound(
        Content(
            kind=Kind.SINGLE_CHOICE,
            stem="",
            options=(),
            key=("A",),
            topic="电路",
            difficulty=Decimal("0.6"),
            law_citation="《安全生产法》",
            markup=markup,
        )
    )
    return exported([content])


BREAKS: dict[str, tuple[str, str, str]] = {
    "an element of no schema": ('<span class="qti-underline">', '<u class="x">', "u"),
    "another order": ("</qti-item-body>", "</qti-item-body><qti-outcome-declaration/>", "holds"),
    "an attribute that must be": (' time-dependent="false"', "", "lacks time-dependent"),
    "an attribute of no schema": (' shuffle="false"', ' mix="false"', "mix"),
    "a value of no list": ('view="author"', 'view="all"', "view"),
    "an image without words": (' alt=""', "", "lacks alt"),
    "an image elsewhere": ("../images/", "../pictures/", "no file"),
    "a key that is no choice": ("<qti-value>A<", "<qti-value>Z<", "right ['Z']"),
    "two choices of one name": ('choice identifier="B"', 'choice identifier="A"', "choices"),
    "two keys for one": ("<qti-value>A<", "<qti-value>A</qti-value><qti-value>B<", "one is to be"),
    "a response of another name": ('response-identifier="RESPONSE"', 'response-identifier="R"', ""),
    "a feedback of no outcome": ('outcome-identifier="FEEDBACK"', 'outcome-identifier="F"', ""),
    "words where none belong": ("<qti-item-body>", "<qti-item-body>乙", "says"),
    "a resource of another kind": ("imsqti_item_xmlv3p0", "webcontent", "type"),
    "a file that is not there": ('<file href="items/q00001.xml"/>', "", "differ"),
    "no version": ("<schemaversion>3.0.0</schemaversion>", "", "metadata holds"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_rules_see_every_break(name: str) -> None:
    old, new, told = BREAKS[name]
    closing = (lambda text: text.replace("</span>", "</u>", 1)) if "<u" in new else str

    found = qti_rules.faults(rewritten(a_package(), lambda text: closing(text.replace(old, new))))

    assert qti_rules.faults(a_package()) == []
    assert any(told in fault for fault in found), found


def rewritten(package: bytes, change: Callable[[str], str]) -> bytes:
    """Return a package with its documents changed."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as source,
        zipfile.ZipFile(target, "w") as changed,
    ):
        for name in source.namelist():
            content = source.read(name)
            is_text = name.endswith(".xml")
            changed.writestr(name, change(content.decode()) if is_text else content)
    return target.getvalue()
