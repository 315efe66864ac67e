"""Options of one cell (选项): separators, labels, and what real sheets do to both.

The labels are the guide, for they come in order: whatever stands where the next label is due
begins an option, and a separator before anything else belongs to the text (`30m**A**B.50m**A`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from question_bank.importing.reasons import Reason, reason
from question_bank.importing.texts import tidy
from question_bank.kinds import LABELS

_SEPARATOR = re.compile(r"[*＊]{2,}|[#＃]{2,}")
_USUAL_SEPARATORS: Final = {"**", "##"}
#: A label at the head of a piece: a letter of any width, perhaps with punctuation after it.
_LABEL = re.compile(r"^\s*[（(]?([A-Ja-jＡ-Ｊａ-ｊ])\s*([.．、：:，,)）。·]?)\s*")
#: Punctuation that makes a letter inside a text look like a label.
_GLUED: Final = r"(?<![A-Z、和与及或至])[（(]?{letter}\s*[.．、：:)）]\s*(?=\S)"
#: A wide letter that looks like a label; elsewhere wide letters are left as they are.
_WIDE = re.compile(r"[Ａ-Ｊａ-ｊ](?=\s*[.．、：:)）])")
_LINES = re.compile(r"[\r\n]+|[|｜]|[；;](?=\s*\S)")
#: Stands for the text of an option that is a picture; what it shows is told apart elsewhere.
PICTURED: Final = "〔图〕"
_TEXT_NAMES: Final = ("text", "content", "title", "value", "name")
_COMPARISON: Final = "≥≤=＝<>＜＞≈"


@dataclass
class Found:
    """The options of one cell as far as they were read."""

    #: Texts in order, with the label each had in the sheet; "" where it had none.
    labelled: list[tuple[str, str]] = field(default_factory=list)
    repairs: list[Reason] = field(default_factory=list)

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts alone."""
        return tuple(text for _, text in self.labelled)

    @property
    def next_label(self) -> str:
        """The label that is due."""
        return LABELS[len(self.labelled)] if len(self.labelled) < len(LABELS) else ""

    def say(self, code: str, **facts: object) -> None:
        """Note a repair once."""
        if all(said.code != code for said in self.repairs):
            self.repairs.append(reason(code, **facts))

    def open(self, label: str, text: str) -> None:
        """Begin an option."""
        self.labelled.append((label, text))

    def extend(self, text: str) -> None:
        """Add to the text of the last option."""
        label, so_far = self.labelled[-1]
        self.labelled[-1] = (label, so_far + text)


@dataclass(frozen=True)
class Piece:
    """What stands between two separators."""

    letter: str
    mark: str
    rest: str
    whole: str

    @property
    def is_letter_only(self) -> bool:
        """A lone letter: a unit or a word that a separator was put before, never an option."""
        return bool(self.letter) and not self.mark and not self.rest.strip()


def split(cell: object) -> Found:
    """Return the options that a cell holds: a text, a list of texts, or a table label → text."""
    if isinstance(cell, dict):
        return _tidied(_from_table(cell))
    if isinstance(cell, list | tuple):
        return _tidied(from_columns([_text_of(one) for one in cell]))
    text = _WIDE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), str(cell or ""))
    if not text.strip():
        return Found()
    return _tidied(_from_pieces(text) if _SEPARATOR.search(text) else _without_separators(text))


def _text_of(one: object) -> str:
    """The text of one option of a list; lists of tables name it in one of a few ways."""
    if isinstance(one, dict):
        one = next((one[name] for name in _TEXT_NAMES if name in one), "")
    return "" if one is None else str(one)


def from_columns(cells: Sequence[str]) -> Found:
    """Return the options that stand in a cell each; empty cells at the end are none."""
    texts = list(cells)
    while texts and not texts[-1].strip():
        texts.pop()
    found = Found()
    for text in texts:
        piece = _piece(text)
        own = bool(piece.mark) and piece.letter == found.next_label
        found.open(found.next_label, piece.rest if own else text)
    return found


def _from_table(table: dict[object, object]) -> Found:
    folded = {
        unicodedata.normalize("NFKC", str(label)).strip().upper(): _text_of(text)
        for label, text in table.items()
    }
    found = Found()
    for label in sorted(folded):
        found.open(label, folded[label])
    return found


def _from_pieces(text: str) -> Found:
    found = Found()
    if set(_SEPARATOR.findall(text)) - _USUAL_SEPARATORS:
        found.say("separator_irregular")
    raw = _SEPARATOR.split(text)
    pieces = [_piece(part) for part in (raw if raw[0].strip() else raw[1:])]
    if not _are_labelled(pieces):
        found.say("label_missing")
        for piece in pieces:
            found.open("", piece.whole)
        return found
    for place, piece in enumerate(pieces):
        _take(found, piece, pieces[place + 1 :])
    _split_glued(found)
    return found


def _piece(text: str) -> Piece:
    match = _LABEL.match(text)
    if match is None:
        return Piece("", "", text, text)
    rest = text[match.end() :]
    if not match[2] and rest[:1].isascii() and rest[:1].isalpha():
        return Piece("", "", text, text)  # a word, not a label: “Apple”
    return Piece(unicodedata.normalize("NFKC", match[1]).upper(), match[2], rest, text)


def _are_labelled(pieces: Sequence[Piece]) -> bool:
    """Whether letters at the heads are labels and not the first letters of texts (A相, B相)."""
    if any(piece.letter and piece.mark for piece in pieces):
        return True
    rests = [piece.rest.strip() for piece in pieces]
    letters = [piece.letter for piece in pieces]
    return letters == list(LABELS[: len(pieces)]) and len(set(rests)) == len(rests)


def _take(found: Found, piece: Piece, later: Sequence[Piece]) -> None:
    """Decide what one piece is: the next option, a gap in the labels, or part of the last."""
    due_later = any(other.letter == found.next_label for other in later)
    if _is_due(found, piece):
        _open(found, piece)
    elif not found.labelled:
        found.say("label_missing")
        found.open("", piece.whole)
    elif due_later or not _begins_option(found, piece):
        _rejoin(found, piece)
    else:
        _open_out_of_order(found, piece)


def _is_due(found: Found, piece: Piece) -> bool:
    return bool(piece.letter) and piece.letter == found.next_label and not piece.is_letter_only


def _open(found: Found, piece: Piece) -> None:
    if not piece.mark:
        found.say("label_unpunctuated")
    found.open(piece.letter, piece.rest)


def _begins_option(found: Found, piece: Piece) -> bool:
    """Whether a piece that is not due can be an option: no label, its own again, or a later one."""
    last, text = found.labelled[-1]
    if piece.is_letter_only or not text.strip():
        return False
    return not piece.letter or (bool(piece.mark) and piece.letter >= last)


def _open_out_of_order(found: Found, piece: Piece) -> None:
    if piece.letter and piece.letter == found.labelled[-1][0]:
        found.say("label_repeated", label=piece.letter)
        found.open("", piece.rest)
    elif piece.letter:
        _split_glued(found)
        if piece.letter != found.next_label:
            found.say("label_skipped")
        found.open(piece.letter, piece.rest)
    else:
        found.say("label_missing")
        found.open("", piece.whole)


def _rejoin(found: Found, piece: Piece) -> None:
    found.say("separator_inside_option")
    is_unit = piece.letter and piece.rest[:1] in _COMPARISON and piece.rest
    found.extend(piece.letter + piece.rest if is_unit else piece.whole.strip())


def _split_glued(found: Found) -> None:
    """Split the last option at the label that is due inside its text, again and again."""
    while found.labelled and found.next_label:
        label, text = found.labelled[-1]
        inside = re.search(_GLUED.format(letter=found.next_label), text)
        if inside is None or not text[: inside.start()].strip():
            return
        found.say("options_run_together")
        found.labelled[-1] = (label, text[: inside.start()])
        found.open(found.next_label, text[inside.end() :])


def _without_separators(text: str) -> Found:
    """Read `A. … B. …` and lists of lines."""
    first = _piece(text)
    if first.letter == LABELS[0] and first.mark:
        found = Found([(first.letter, first.rest)])
        _split_glued(found)
        found.repairs = [r for r in found.repairs if r.code != "options_run_together"]
        if len(found.labelled) > 1:
            found.say("separator_irregular")
        return found
    lines = [line for line in _LINES.split(text) if line.strip()]
    found = from_columns(lines)
    if len(lines) > 1:
        found.say("separator_irregular")
        found.say("label_missing")
    return found


def _tidied(found: Found) -> Found:
    tidied = [(label, tidy(text)) for label, text in found.labelled]
    if any(text.lines_joined for _, text in tidied):
        found.say("lines_joined")
    if any(text.characters_removed for _, text in tidied):
        found.say("characters_removed")
    found.labelled = [(label, text.text) for label, text in tidied]
    return found
