r"""Formulas from MathML into the mathematics of typst, element by element (公式排版).

Only what is listed here goes out; anything else is refused by whoever asks. Letters, digits and
signs leave escaped, words quoted: `\(a_1\)` becomes `attach(a, b: 1)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from xml.etree.ElementTree import Element  # what was read elsewhere, through defusedxml

_NUMBER: Final = re.compile(r"\d+(\.\d+)?")
_EM: Final = re.compile(r"[+-]?(\d*\.?\d+)em")

#: What is drawn over a whole base, by the sign that stands above it.
_ABOVE: Final = {
    "^": "hat", "ˆ": "hat", "~": "tilde", "˜": "tilde", "˙": "dot", "¨": "dot.double",
    "→": "arrow", "⃗": "arrow", "˘": "breve", "ˇ": "caron", "´": "acute", "`": "grave",
}  # fmt: skip
_LINES: Final = {"―", "¯", "‾", "_", "─", "⎯"}
_ENCLOSED: Final = {
    "updiagonalstrike": "cancel({})",
    "downdiagonalstrike": "cancel(inverted: #true, {})",
}


class Unknown(ValueError):
    """An element or a sign that is not known here."""


def row(element: Element) -> str:
    """Return what stands inside an element, one after another.

    Raises:
        Unknown: something in it is not known.
    """
    parts = [_of(child) for child in element]
    inside = " ".join(part for part in parts if part) or '""'
    return f"lr({inside})" if _is_fenced(list(element)) else inside


def _is_fenced(children: list[Element]) -> bool:
    """Say whether brackets stand around it that grow with what they hold."""
    if not children or children[0].tag != "mo":
        return False
    tall = any(child.tag in ("mtable", "mfrac") for child in children)
    return children[0].get("form") == "prefix" or (tall and _text(children[0]) in "([{|")


def _of(element: Element) -> str:
    known = _ELEMENTS.get(element.tag)
    if known is None:
        raise Unknown(element.tag)
    return known(element)


def _two(element: Element) -> tuple[str, str]:
    first, second = list(element)
    return _of(first), _of(second)


def _identifier(element: Element) -> str:
    text = _text(element)
    if text.startswith("\\"):
        raise Unknown(text)
    if len(text) > 1:
        return f"op({_quoted(text)})"
    return f"upright({_sign(text)})" if element.get("mathvariant") == "normal" else _sign(text)


def _number(element: Element) -> str:
    text = _text(element)
    return text if _NUMBER.fullmatch(text) else _quoted(text)


def _operator(element: Element) -> str:
    text = _text(element)
    if len(text) <= 1:
        return _sign(text)
    return f"op({_quoted(text)}, limits: #true)"


def _space(element: Element) -> str:
    found = _EM.fullmatch(element.get("width") or "")
    return f"#h({found[1]}em)" if found else ""


def _fraction(element: Element) -> str:
    above, below = _two(element)
    if (element.get("linethickness") or "1").startswith("0"):
        return f"mat(delim: #none, {above}; {below})"
    return f"frac({above}, {below})"


def _root(element: Element) -> str:
    base, index = _two(element)
    return f"root({index}, {base})"


def _raised(element: Element) -> str:
    base, above = _two(element)
    # A ring above the line is a degree.
    return f"attach({base}, t: {'°' if above == '∘' else above})"


def _both(element: Element) -> str:
    base, below, above = (_of(child) for child in element)
    return f"attach({base}, b: {below}, t: {above})"


def _over(element: Element) -> str:
    sign = _only_sign(list(element)[1])
    base, above = _two(element)
    if sign in _LINES:
        return f"overline({base})"
    if sign == "⏞":
        return f"overbrace({base})"
    if sign in _ABOVE:
        return f"accent({base}, {_ABOVE[sign]})"
    return f"attach(limits({base}), t: {above})"


def _under(element: Element) -> str:
    sign = _only_sign(list(element)[1])
    base, below = _two(element)
    if sign in _LINES:
        return f"underline({base})"
    if sign == "⏟":
        return f"underbrace({base})"
    return f"attach(limits({base}), b: {below})"


def _under_and_over(element: Element) -> str:
    base, below, above = (_of(child) for child in element)
    return f"attach(limits({base}), b: {below}, t: {above})"


def _table(element: Element) -> str:
    lines = [", ".join(row(cell) for cell in line) for line in element]
    return f"mat(delim: #none, {'; '.join(lines)})"


def _enclosed(element: Element) -> str:
    notation = element.get("notation") or ""
    if notation == "box":
        return f"#box(stroke: 0.5pt, inset: 2pt, ${row(element)}$)"
    if notation not in _ENCLOSED:
        raise Unknown(notation)
    return _ENCLOSED[notation].format(row(element))


def _only_sign(element: Element) -> str:
    """Return the sign that an element is, however wrapped; nothing where it is more."""
    while element.tag in ("mrow", "mstyle") and len(element) == 1:
        element = element[0]
    return _text(element) if element.tag == "mo" else ""


def _text(element: Element) -> str:
    return "".join(element.itertext()).strip()


def _sign(text: str) -> str:
    if not text:
        return ""
    if text.isascii():
        return text if text.isalnum() else f"\\{text}"
    # Letters of Chinese are words; signs and Greek are themselves.
    return _quoted(text) if ord(text) >= 0x2E80 else text


def _quoted(text: str) -> str:
    kept = "".join(char for char in text if char.isprintable())
    return '"' + kept.replace("\\", "\\\\").replace('"', '\\"') + '"'


_ELEMENTS: Final[dict[str, Callable[[Element], str]]] = {
    "mrow": row,
    "mstyle": row,
    "mpadded": row,
    "mi": _identifier,
    "mn": _number,
    "mo": _operator,
    "mtext": lambda element: _quoted("".join(element.itertext()).replace("\xa0", " ")),
    "mspace": _space,
    "mfrac": _fraction,
    "msqrt": lambda element: f"sqrt({row(element)})",
    "mroot": _root,
    "msub": lambda element: "attach({}, b: {})".format(*_two(element)),
    "msup": _raised,
    "msubsup": _both,
    "mover": _over,
    "munder": _under,
    "munderover": _under_and_over,
    "mtable": _table,
    "menclose": _enclosed,
}
