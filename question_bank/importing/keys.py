"""Keys of one cell (答案): labels in any dress, or the words of an option."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from question_bank.fingerprint import folded
from question_bank.importing import asking
from question_bank.importing.reasons import Reason, RowRefused, reason
from question_bank.kinds import LABELS

#: Nobody has said anything.
NOTHING_SAID: Final[Mapping[str, str]] = MappingProxyType({})

_LEAD = re.compile(r"^(?:正确|标准|参考)?答案\s*(?:是|为)?\s*[::]?\s*", re.ASCII)
_BETWEEN = re.compile(r"[\s,，、;；/|*#.．。()\[\]【】+和]+")
_PARTS = re.compile(r"[;；|、,，\n]+|\*{2,}|#{2,}")


@dataclass(frozen=True)
class Resolved:
    """The labels, by place, of the right options, and what had to be done to find them."""

    labels: tuple[str, ...]
    repairs: tuple[Reason, ...] = ()


def plain(cell: object) -> str:
    """Return the key as the sheet means it, folded to ordinary width, in capitals."""
    if isinstance(cell, list | tuple):
        return (
            "".join(str(part) for part in cell) if _are_letters(cell) else "；".join(map(str, cell))
        )
    return _LEAD.sub("", unicodedata.normalize("NFKC", str(cell or "")).strip()).strip()


def _are_letters(parts: Sequence[object]) -> bool:
    return all(len(str(part).strip()) == 1 for part in parts)


def resolve(
    cell: object, labelled: Sequence[tuple[str, str]], meanings: Mapping[str, str] = NOTHING_SAID
) -> Resolved:
    """Return the labels by place for a key as it was written.

    Args:
        cell: the key as it stands in the sheet.
        labelled: label in the sheet ("" where it had none) and text of each option, in order.
        meanings: what was said to what was asked, see `question_bank.importing.asking`.

    Raises:
        RowRefused: no key, a number, or a key that names no option.
    """
    key = plain(cell)
    if not key:
        raise RowRefused(reason("key_missing"))
    letters = _BETWEEN.sub("", key).upper()
    own = {label or LABELS[place]: LABELS[place] for place, (label, _) in enumerate(labelled)}
    if re.fullmatch(r"[A-Z]+", letters) and all(letter in own for letter in letters):
        chosen = tuple(sorted({own[letter] for letter in letters}))
        written = key if isinstance(cell, list | tuple) else str(cell)
        is_plain = written == letters and len(chosen) == len(letters)
        return Resolved(chosen, () if is_plain else (reason("key_tidied", key=cell),))
    in_words = _in_words(_parts(cell, key), key, labelled)
    if in_words:
        return Resolved(in_words, (reason("key_in_words"),))
    if letters.isascii() and letters.isdigit():
        counted = asking.labels_of(key, len(labelled), meanings)
        return Resolved(counted, (reason("key_by_number", key=key),))
    raise RowRefused(reason("key_names_no_option", key=key))


def _parts(cell: object, key: str) -> list[str]:
    if isinstance(cell, list | tuple):
        return [str(part) for part in cell]
    return [part for part in _PARTS.split(key) if part.strip()]


def _in_words(
    parts: Sequence[str], key: str, labelled: Sequence[tuple[str, str]]
) -> tuple[str, ...]:
    """The labels of the options whose words the key repeats; empty where one part fits none."""
    by_words = {folded(text): LABELS[place] for place, (_, text) in enumerate(labelled)}
    if folded(key) in by_words:
        return (by_words[folded(key)],)
    if not all(folded(part) in by_words for part in parts):
        return ()
    return tuple(sorted({by_words[folded(part)] for part in parts}))
