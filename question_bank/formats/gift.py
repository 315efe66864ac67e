"""GIFT, the plain text format of Moodle: choices and true-false questions.

```
$CATEGORY: 急救
::1::触电急救首先应当（ ）。{
=切断电源
~拨打电话
####先断电，再施救。
}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from question_bank import pictures
from question_bank.errors import TooManyRows
from question_bank.formats import moodle
from question_bank.formats.files import MOST_COLUMNS, MOST_ROWS, Album
from question_bank.importing.given import Book, Given
from question_bank.importing.reasons import reason
from question_bank.kinds import Kind
from question_bank.markup import Passage, passage, worded

#: Characters that mean something, and are kept from it by a backslash.
SPECIAL: Final = "\\~=#{}:"

_LOOKS: Final = re.compile(
    r"(?<!\\)\{\s*(?:(?:T|F|TRUE|FALSE)\s*(?:#|\})|(?:[^{}]|\\[{}])*?(?<!\\)[=~])", re.IGNORECASE
)
_TITLE = re.compile(r"^::(.*?)(?<!\\)::\s*", re.DOTALL)
_FORMAT = re.compile(r"^\s*\[(html|moodle|plain|markdown)\]\s*")
_TRUE_FALSE = re.compile(r"^\s*(TRUE|FALSE|T|F)\s*(?:#|$)", re.IGNORECASE)
_WEIGHT = re.compile(r"^\s*%(-?[0-9.]+)%")
_TAG = re.compile(r"\[tag:([^\]]*)\]")


@dataclass(frozen=True)
class _Choice:
    is_marked: bool
    weight: Decimal | None
    said: Passage


def looks_like(text: str) -> bool:
    """Say whether a text holds questions in this format."""
    return bool(_LOOKS.search(text))


def read(text: str, album: Album) -> Book:
    """Return the questions of a text.

    Raises:
        TooManyRows: it holds more questions than a bank can.
    """
    ours = moodle.OURS in text[:500]
    topic: str | None = None
    found: list[Given] = []
    for line, block in _blocks(text):
        comments = "\n".join(one for one in block.split("\n") if one.startswith("//"))
        body = "\n".join(one for one in block.split("\n") if not one.startswith("//")).strip()
        if body.startswith("$CATEGORY:"):
            first, _, body = body.partition("\n")
            topic = moodle.last_of(_unescaped(first.removeprefix("$CATEGORY:").strip()))
        if body.strip():
            found.append(_Reader(album, line, topic, comments, ours).given(body.strip()))
        if len(found) > MOST_ROWS:
            raise TooManyRows(rows=MOST_ROWS, columns=MOST_COLUMNS)
    return Book("GIFT", found)


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Blocks between blank lines, with the number of their first line; braces hold one together."""
    block: list[str] = []
    start, depth = 1, 0
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if not line.strip() and depth <= 0:
            if block:
                yield start, "\n".join(block)
            block, depth = [], 0
            continue
        if not block:
            start = number
        block.append(line)
        if not line.startswith("//"):
            bare = re.sub(r"\\.", "", line)
            depth += bare.count("{") - bare.count("}")
    if block:
        yield start, "\n".join(block)


class _Reader:
    """Reads one question."""

    def __init__(
        self, album: Album, line: int, topic: str | None, comments: str, ours: bool
    ) -> None:
        self._album, self._line, self._topic, self._ours = album, line, topic, ours
        self._comments = comments
        self._missing = False
        self._format = ""

    def given(self, block: str) -> Given:
        block = _TITLE.sub("", block)
        before, inside, after = _cut(block)
        stem = self._said(before + (f"＿＿{after}" if after.strip() else ""), sets_format=True)
        inside, _, feedback = _parted(inside, "####")
        feedback, law = moodle.law_in(_unescaped(feedback.strip()))
        explanation = self._shown(feedback)
        kind, options, right = self._choices(inside)
        because = None if kind else reason("kind_unsupported", kind=inside.strip()[:20] or "{}")
        if self._missing:
            because = reason("image_refused")
        return Given(
            number=self._line,
            kind=kind or Kind.SINGLE_CHOICE,
            stem=stem,
            options=options,
            right=right,
            explanation=None if explanation.is_empty else explanation,
            topic=self._topic,
            difficulty=self._difficulty(),
            law_citation=law,
            ours=self._ours,
            refused=because,
        )

    def _choices(self, inside: str) -> tuple[Kind | None, tuple[Passage, ...], tuple[int, ...]]:
        stated = _TRUE_FALSE.match(inside)
        if stated is not None:
            return Kind.TRUE_FALSE, (), (0 if stated[1][0] in "Tt" else 1,)
        found = [self._choice(one) for one in re.split(r"(?<!\\)(?=[=~])", inside) if one.strip()]
        if len(found) < 2 or any(one is None for one in found):
            return None, (), ()
        choices = [one for one in found if one is not None]
        options = tuple(one.said for one in choices)
        if not any(one.is_marked for one in choices):
            right = [n for n, one in enumerate(choices) if one.weight and one.weight > 0]
            return Kind.MULTIPLE_CHOICE, options, tuple(right)
        right = [n for n, one in enumerate(choices) if one.is_marked]
        # Nothing but right answers is a question for words, not for choosing.
        kind = None if len(right) == len(choices) else Kind.SINGLE_CHOICE
        return kind, options, tuple(right)

    def _choice(self, text: str) -> _Choice | None:
        text = text.strip()
        if text[:1] not in "=~" or _has(text, "->"):
            return None
        weight = _WEIGHT.match(text[1:])
        said = text[1 + (weight.end() if weight else 0) :]
        said, _, _ = _parted(said, "#")
        return _Choice(
            is_marked=text[0] == "=",
            weight=_decimal(weight[1]) if weight else None,
            said=self._said(said.strip()),
        )

    def _said(self, text: str, *, sets_format: bool = False) -> Passage:
        named = _FORMAT.match(text)
        if named is not None:
            text = text[named.end() :]
        if sets_format:
            self._format = named[1] if named else ""
        return self._dressed(named[1] if named else self._format, _unescaped(text.strip()))

    def _shown(self, text: str) -> Passage:
        named = _FORMAT.match(text)
        return self._dressed(
            named[1] if named else self._format, text[named.end() :] if named else text
        )

    def _dressed(self, kind: str, text: str) -> Passage:
        return passage(text, image=self._find) if kind == "html" else worded(text)

    def _find(self, address: str) -> str | None:
        name = self._album.take(pictures.in_address(address))
        self._missing = self._missing or name is None
        return name

    def _difficulty(self) -> str | None:
        for tag in _TAG.findall(self._comments):
            if tag.startswith(moodle.DIFFICULTY_TAG):
                return str(tag).removeprefix(moodle.DIFFICULTY_TAG)
        return None


def _cut(block: str) -> tuple[str, str, str]:
    """What stands before the braces, in them and after them."""
    opened = _find(block, "{")
    if opened < 0:
        return block, "", ""
    closed = _find(block, "}", opened)
    closed = len(block) if closed < 0 else closed
    return block[:opened], block[opened + 1 : closed], block[closed + 1 :]


def _find(text: str, what: str, start: int = 0) -> int:
    """Where something stands that no backslash keeps from its meaning; -1 where it does not."""
    place = start
    while place < len(text):
        if text[place] == "\\":
            place += 2
        elif text.startswith(what, place):
            return place
        else:
            place += 1
    return -1


def _has(text: str, what: str) -> bool:
    return _find(text, what) >= 0


def _parted(text: str, what: str) -> tuple[str, str, str]:
    place = _find(text, what)
    if place < 0:
        return text, "", ""
    return text[:place], what, text[place + len(what) :]


def _unescaped(text: str) -> str:
    return re.sub(
        r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text, flags=re.DOTALL
    )


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(0)
