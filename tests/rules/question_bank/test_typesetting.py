"""Texts for the press: every formula set or refused, nothing of a question an instruction."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank import typesetting
from question_bank.typesetting import Unprintable
from server import printing

IMAGE = "a" * 64


@pytest.mark.parametrize(
    ("latex", "found"),
    [
        (r"\frac{U}{I}", "frac(U, I)"),
        (r"\sqrt[3]{x^2}", "root(3, attach(x, t: 2))"),
        (r"R_{\text{总}}=\sum_{i=1}^{n}R_i",
         r'attach(R, b: "总") \= attach(∑, b: i \= 1, t: n) attach(R, b: i)'),
        (r"30^\circ", "attach(30, t: °)"),
        (r"10\,\mathrm{kV}", "10 #h(0.167em) upright(k) upright(V)"),
        (r"\left(\frac12\right)^2", r"attach(lr(\( frac(1, 2) \)), t: 2)"),
        (r"\begin{cases}x,&a>0\\y;&b\end{cases}",
         r"lr(\{ mat(delim: #none, x \,, a \> 0; y \;, b))"),
        (r"\overline{AB}\dot{U}", "overline(A B) accent(U, dot)"),
        (r"x<y", r"x \< y"),
        (r"\lim_{x\to0}", 'attach(op("lim", limits: #true), b: x → 0)'),
    ],
)  # fmt: skip
def test_a_formula_is_set(latex, found):
    assert typesetting.formula(latex) == found


@pytest.mark.parametrize("latex", [r"\foo", r"\ce{H2O}", r"\phantom{x}", r"\frac{1"])
def test_what_nobody_knows_how_to_set_is_refused(latex):
    with pytest.raises(Unprintable):
        typesetting.formula(latex)


def test_markup_becomes_runs():
    found = typesetting.runs(
        rf'图 <b>R<sub>1</sub></b><br><img src="image:{IMAGE}"> \(\frac{{U}}{{I}}\)&lt;'
    )

    assert found == [
        {"is": "text", "text": "图 "},
        {
            "is": "bold",
            "runs": [
                {"is": "text", "text": "R"},
                {"is": "sub", "runs": [{"is": "text", "text": "1"}]},
            ],
        },
        {"is": "break"},
        {"is": "image", "name": IMAGE},
        {"is": "text", "text": " "},
        {"is": "formula", "set": "frac(U, I)"},
        {"is": "text", "text": "<"},
    ]
    assert [one["is"] for one in typesetting.plain("甲\n乙")] == ["text", "break", "text"]


@given(st.text(alphabet=st.sampled_from(r'ab1#$"\/_^{}()[]%&~,;.*=<>@`总 '), max_size=30))
def test_nothing_of_a_formula_is_an_instruction(text):
    for latex in (text, rf"\text{{{text}}}"):
        try:
            found = typesetting.formula(latex)
        except Unprintable:
            continue
        bare = re.sub(r'"(?:[^"\\]|\\.)*"|\\.', "", found)
        assert not re.search(r'[$"@`%&~]|#(?!h\(|none|true|box\()', bare), (latex, found)


def test_the_press_takes_what_comes_out(tmp_path: Path):
    """One page of what is hard: signs that mean something to the press, words, tables."""
    formulas = [
        r"\#\$\%\&\_\{\}", r'f\left(\frac{a"b}{c/d}\right)', r"\text{a#b$c\\d}", r"a//b/*c*/",
        r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", r"\underbrace{ab}_{n}\boxed{x}\cancel{y}",
        r"\binom{n}{k}\vec{F}\widehat{AB}", r"@x`y`", r"\sqrt{}", r"x'", r"\left.x\right|_0",
    ]  # fmt: skip
    found = []
    for latex in formulas:
        try:
            found.append(typesetting.formula(latex))
        except Unprintable:
            continue
    template = tmp_path / "page.typ"
    template.write_text(
        '#for one in json("data.json").all [#eval("$" + one + "$", mode: "markup") \\ ]'
    )

    assert printing.pdf(template, {"all": found})[:5] == b"%PDF-"
    assert len(found) >= 8
