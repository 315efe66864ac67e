r"""Texts of questions for the press (排版): runs of type, and formulas in the press's own words.

A page is set by typst, which reads no HTML and no LaTeX. Markup becomes a tree of plain values,
and a formula its mathematics: read as MathML (see `question_bank.formulas`), written anew from the
elements that are known here. Every character goes out escaped or quoted, so nothing of a question
is ever an instruction to the press. What cannot be set is refused, not set wrongly.
"""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any, Final

from question_bank import formula_type
from question_bank.formulas import drawn
from question_bank.markup import FORMULA, IMAGE

#: Tags that dress what they hold, by the name of their run.
_DRESS: Final = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic",
    "u": "underline", "sub": "sub", "sup": "sup",
}  # fmt: skip

#: One piece of a text: `{"is": "text", "text": …}`, `{"is": "bold", "runs": […]}`, …
Run = dict[str, Any]


class Unprintable(ValueError):
    """A formula that cannot be set on paper; its text is the message."""


def formula(latex: str) -> str:
    """Return a formula in the press's words.

    Raises:
        Unprintable: it cannot be read, or holds what nobody here knows how to set.
    """
    root = drawn(latex)
    if root is None:
        raise Unprintable(latex)
    try:
        return formula_type.row(root)
    except (ValueError, IndexError):
        # Something unknown, or an element without one of its parts: `\frac{1`.
        raise Unprintable(latex) from None


def plain(text: str) -> list[Run]:
    """Return a text without dress as runs."""
    return _with_breaks(text)


def runs(markup: str) -> list[Run]:
    """Return canonical markup as runs.

    Raises:
        Unprintable: it holds a formula that cannot be set.
    """
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.runs


class _Reader(HTMLParser):
    """Reads canonical markup, which is nested rightly."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.runs: list[Run] = []
        self._open: list[list[Run]] = [self.runs]

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._open[-1].append({"is": "break"})
        elif tag == "img":
            found = IMAGE.fullmatch(dict(attrs).get("src") or "")
            if found:
                self._open[-1].append({"is": "image", "name": found[1]})
        elif tag in _DRESS:
            inside: list[Run] = []
            self._open[-1].append({"is": _DRESS[tag], "runs": inside})
            self._open.append(inside)

    def handle_endtag(self, tag: str) -> None:
        if tag in _DRESS and len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        for number, part in enumerate(FORMULA.split(data)):
            if number % 2:
                self._open[-1].append({"is": "formula", "set": formula(part)})
            elif part:
                self._open[-1] += _with_breaks(part)


def _with_breaks(text: str) -> list[Run]:
    found: list[Run] = []
    for number, line in enumerate(text.split("\n")):
        if number:
            found.append({"is": "break"})
        if line:
            found.append({"is": "text", "text": line})
    return found
