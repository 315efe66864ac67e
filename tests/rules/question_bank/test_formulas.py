"""Formulas: LaTeX drawn as MathML, and nothing else that LaTeX may carry."""

from __future__ import annotations

import html
import re

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank import markup
from question_bank.formats import trees
from question_bank.formulas import handed_out, mathml

#: Ways in which a formula could do something to a page.
HOSTILE = (
    r"\text{<script>alert(1)</script>}",
    r"\href{javascript:alert(1)}{x}",
    r"\style{background:url(//example.org)}{x}",
    r"\class{x}{y}",
    r"\color{red\" onclick=\"alert(1)}{y}",
    r"\fbox{<img src=x onerror=alert(1)>}",
    r"\text{]]></annotation><script>}",
    "\\text{\ue002script\ue003}",
)
PIECES = ("\\frac", "\\text", "\\href", "\\style", "{", "}", "<", ">", "&", '"', "a", "1", "^", "_")
#: All that may ever stand in a formula of ours.
DRAWING = re.compile(
    "math|semantics|annotation|span|m(row|i|n|o|text|space|frac|sqrt|root|su[bp]|subsup|under|over"
    "|underover|table|tr|td|style|padded|phantom|enclose)"
)
LOUD = re.compile("href|style|class|on.*|src|id|action.*|.*[{}:].*")


def harmless(shown: str) -> bool:
    """Say whether a page would draw this and do nothing else."""
    every = list(fromstring(shown).iter())
    names = {one.tag.rpartition("}")[2] for one in every}
    attributes = {name for one in every for name in one.attrib}
    return all(map(DRAWING.fullmatch, names)) and not any(map(LOUD.fullmatch, attributes))


@pytest.mark.parametrize("latex", HOSTILE)
def test_a_formula_draws_and_does_nothing_else(latex: str) -> None:
    assert harmless(mathml(latex))


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_whatever_a_formula_says_it_is_harmless(latex: str) -> None:
    assert harmless(mathml(latex))


@pytest.mark.parametrize(
    ("latex", "drawn"),
    [
        (r"\frac{1}{2}", "<mfrac><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></mfrac>"),
        ("U<36", "<mi>U</mi><mo>&lt;</mo><mn>36</mn>"),
        (r"\text{低于 a<b}", "<mtext>低于 a&lt;b</mtext>".replace(" ", "\xa0")),
        (r"I^{2}R", "<msup><mi>I</mi><mrow><mn>2</mn></mrow></msup><mi>R</mi>"),
    ],
)
def test_formulas_are_drawn(latex: str, drawn: str) -> None:
    assert drawn in mathml(latex)


@pytest.mark.parametrize(
    "latex", [r"\frac{U}{I}", "I^{2}R", "U<36", r"\text{低于 \"a\" & b}", r"\unicode{x0} & <", "'"]
)
def test_a_formula_that_is_handed_out_draws_and_comes_back_as_it_was(latex: str) -> None:
    handed = handed_out(latex)

    element = fromstring(f"<p>{handed}</p>")

    assert "annotation" not in handed
    assert html.unescape(trees.inner(element)) == rf"\({latex}\)"


def test_words_beside_a_formula_of_another_program_are_no_latex() -> None:
    foreign = '<p><math alttext="x squared"><msup><mi>x</mi><mn>2</mn></msup></math></p>'

    assert trees.inner(fromstring(foreign)) == "x2"


def test_what_cannot_be_read_is_text() -> None:
    assert mathml(r"\unicode{x0} & <") == r"<span>\unicode{x0} &amp; &lt;</span>"


def test_markup_with_a_hostile_formula_is_shown_without_harm() -> None:
    said = markup.passage(r"见 \(\text{&lt;script&gt;alert(1)&lt;/script&gt;}\)")

    assert "<script" not in markup.rendered(said.markup)
