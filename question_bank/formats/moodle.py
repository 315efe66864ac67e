"""Moodle XML: questions of the types multichoice and truefalse, with their pictures."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from question_bank import pictures
from question_bank.errors import TooManyRows
from question_bank.formats import trees
from question_bank.formats.files import MOST_COLUMNS, MOST_ROWS, Album
from question_bank.importing.given import Book, Given
from question_bank.importing.reasons import reason
from question_bank.kinds import Kind
from question_bank.markup import Passage, passage, worded

#: Where the text of a question points at its own files.
PLUGINFILE: Final = "@@PLUGINFILE@@/"
#: How a tag says the difficulty, and how the feedback ends with the law.
DIFFICULTY_TAG: Final = "难度:"
LAW_CLASS: Final = "law-citation"
#: Begins the comment of a file that this platform wrote.
OURS: Final = "safety-training-platform"

_LAW = re.compile(rf'<p class="{LAW_CLASS}">(.*?)</p>\s*$', re.DOTALL)
_CATEGORY = re.compile(r"^(?:\$[a-z]+\$/?)?(?:top(?:/|$))?")
_SLASHES = re.compile(r"//")


def read(root: Element, album: Album, *, ours: bool) -> Book:
    """Return the questions of a quiz file.

    Args:
        root: the element `quiz`.
        album: takes the images.
        ours: whether this platform wrote the file.

    Raises:
        TooManyRows: it holds more questions than a bank can.
    """
    topic: str | None = None
    found: list[Given] = []
    for question in trees.children(root, "question"):
        kind = question.get("type", "")
        if kind == "category":
            topic = _category(question)
        else:
            found.append(_Reader(question, album, len(found) + 1, topic, ours).given(kind))
        if len(found) > MOST_ROWS:
            raise TooManyRows(rows=MOST_ROWS, columns=MOST_COLUMNS)
    return Book("Moodle XML", found)


def law_in(feedback: str) -> tuple[str, str | None]:
    """Return the feedback without the law that it ends with, and the law."""
    found = _LAW.search(feedback)
    if found is None:
        return feedback, None
    return feedback[: found.start()], html.unescape(found[1])


def last_of(category: str) -> str | None:
    """Return the last name of a path of categories; `//` is a slash in a name."""
    name = _SLASHES.sub("\x00", _CATEGORY.sub("", category)).rsplit("/", 1)[-1]
    return name.replace("\x00", "/").strip() or None


def _category(question: Element) -> str | None:
    return last_of(_text(trees.child(question, "category")))


def _text(element: Element | None) -> str:
    said = trees.child(element, "text")
    return "" if said is None else said.text or ""


class _Reader:
    """Reads one question."""

    def __init__(
        self, question: Element, album: Album, number: int, topic: str | None, ours: bool
    ) -> None:
        self._question, self._album, self._number = question, album, number
        self._topic, self._ours = topic, ours
        self._missing = False

    def given(self, kind: str) -> Given:
        stem = self._said(trees.child(self._question, "questiontext"))
        if kind not in {"multichoice", "truefalse"}:
            because = reason("kind_unsupported", kind=kind)
            return Given(number=self._number, kind=Kind.SINGLE_CHOICE, stem=stem, refused=because)
        feedback = trees.child(self._question, "generalfeedback")
        law = law_in(_text(feedback))[1]
        explanation = self._said(feedback, without_law=True)
        is_true_false = kind == "truefalse"
        options = () if is_true_false else tuple(map(self._said, self._choices()))
        return Given(
            number=self._number,
            kind=Kind.TRUE_FALSE if is_true_false else self._choice_kind(),
            stem=stem,
            options=options,
            right=self._right_of_two() if is_true_false else self._right(),
            explanation=None if explanation.is_empty else explanation,
            topic=self._topic,
            difficulty=self._difficulty(),
            law_citation=law,
            ours=self._ours,
            refused=reason("image_refused") if self._missing else None,
        )

    def _choices(self) -> Iterator[Element]:
        return trees.children(self._question, "answer")

    def _choice_kind(self) -> Kind:
        single = trees.child(self._question, "single")
        said = "true" if single is None else (single.text or "").strip()
        return Kind.SINGLE_CHOICE if said in {"true", "1"} else Kind.MULTIPLE_CHOICE

    def _right(self) -> tuple[int, ...]:
        worth = [_fraction(one) for one in self._choices()]
        if self._choice_kind() is Kind.SINGLE_CHOICE:
            return tuple(place for place, one in enumerate(worth) if one == 100)
        return tuple(place for place, one in enumerate(worth) if one > 0)

    def _right_of_two(self) -> tuple[int, ...]:
        for one in self._choices():
            if _fraction(one) == 100:
                return (0,) if _text(one).strip().casefold() in {"true", "正确"} else (1,)
        return ()

    def _difficulty(self) -> str | None:
        for tag in trees.every(self._question, "tag"):
            if _text(tag).startswith(DIFFICULTY_TAG):
                return _text(tag).removeprefix(DIFFICULTY_TAG)
        return None

    def _said(self, element: Element | None, *, without_law: bool = False) -> Passage:
        if element is None:
            return Passage("")
        text = law_in(_text(element))[0] if without_law else _text(element)
        if element.get("format", "html") in {"plain_text", "moodle_auto_format", "markdown"}:
            return worded(text)
        files = {one.get("name", ""): one for one in trees.children(element, "file")}

        def find(address: str) -> str | None:
            if address.startswith(PLUGINFILE):
                held = files.get(unquote(address.removeprefix(PLUGINFILE)).rsplit("/", 1)[-1])
                name = self._album.take(_content(held))
            else:
                name = self._album.take(pictures.in_address(address))
            self._missing = self._missing or name is None
            return name

        return passage(text, image=find)


def _fraction(element: Element) -> Decimal:
    try:
        return Decimal(element.get("fraction", "0"))
    except InvalidOperation:
        return Decimal(0)


def _content(file: Element | None) -> bytes | None:
    if file is None or file.get("encoding") != "base64":
        return None
    try:
        return base64.b64decode("".join((file.text or "").split()), validate=True)
    except binascii.Error:
        return None
