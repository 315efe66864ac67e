r"""Formulas (公式): LaTeX as MathML that a page can show without fear.

The library that reads LaTeX lets addresses, styles and whole tags through (`\href`, `\text`). So
what it makes is read once more, and of it only elements and attributes that draw are written.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET  # writes only; what is read goes through defusedxml
from typing import Final

from defusedxml.ElementTree import fromstring

#: The namespace of MathML.
_MATHML: Final = "http://www.w3.org/1998/Math/MathML"
_ELEMENTS: Final = re.compile(
    "math|m(row|i|n|o|text|space|frac|sqrt|root|su[bp]|subsup|under|over|underover|table|tr|td"
    "|style|padded|phantom|enclose)"
)
_ATTRIBUTES: Final = re.compile(
    "accent|display|displaystyle|scriptlevel|form|fence|separator|stretchy|movablelimits|notation"
    "|linethickness|width|height|depth|voffset|[lr]space|(min|max)size"
    "|math(variant|size|color|background)|column(align|lines|spacing)|row(lines|spacing)"
)
#: What the library would hand on unescaped out of a text, as it travels through it.
_LESS, _MORE = "\ue002", "\ue003"


def mathml(latex: str) -> str:
    """Return a formula as MathML that keeps its LaTeX; as text where it cannot be read."""
    source = html.escape(latex, quote=False)
    inside = _inside(latex)
    if inside is None:
        return f"<span>{source}</span>"
    annotation = f'<annotation encoding="application/x-tex">{source}</annotation>'
    return (
        f'<math xmlns="{_MATHML}" display="inline">'
        f"<semantics>{inside}{annotation}</semantics></math>"
    )


def handed_out(latex: str) -> str:
    r"""Return a formula as MathML for programs of other people; between its marks where unreadable.

    Its LaTeX stands in `alttext`, marks and all, and not in an annotation: programs that know no
    annotations would show it beside the formula.
    """
    source = html.escape(rf"\({latex}\)")
    inside = _inside(latex)
    if inside is None:
        return source
    return f'<math xmlns="{_MATHML}" display="inline" alttext="{source}">{inside}</math>'


def _inside(latex: str) -> str | None:
    """Return the elements of a formula; None where nobody can read it."""
    root = drawn(latex)
    if root is None:
        return None
    return "".join(ET.tostring(child, encoding="unicode") for child in root)


def drawn(latex: str) -> ET.Element | None:
    """Return a formula as a tree of elements that draw; None where nobody can read it."""
    # A large table of symbols, which only those who show formulas need.
    from latex2mathml.converter import convert

    try:
        root = fromstring(
            convert(latex.replace("<", _LESS).replace(">", _MORE))
            .replace(f"<mi>{_LESS}</mi>", "<mo>&lt;</mo>")
            .replace(f"<mi>{_MORE}</mi>", "<mo>&gt;</mo>")
            .replace(_LESS, "&lt;")
            .replace(_MORE, "&gt;")
        )
    except Exception:  # a library of a thousand rules: whatever it trips over is text
        return None
    if not all(_is_harmless(one) for one in root.iter()):
        return None
    return root


def _is_harmless(element: ET.Element) -> bool:
    """Take every attribute from an element that does not draw; say whether it may stand."""
    space, _, name = element.tag.removeprefix("{").rpartition("}")
    element.tag = name
    for attribute in list(element.attrib):
        if not _ATTRIBUTES.fullmatch(attribute):
            del element.attrib[attribute]
    return space == _MATHML and _ELEMENTS.fullmatch(name) is not None
