"""What the kinds of question are called in real sheets, and what says right or wrong."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from question_bank.importing.reasons import RowRefused, reason
from question_bank.kinds import Kind

KIND_NAMES: Final[dict[str, Kind]] = {
    **dict.fromkeys(
        ("判断题", "判断", "是非题", "是非", "对错题", "正误题", "判断正误", "t/f", "truefalse"),
        Kind.TRUE_FALSE,
    ),
    **dict.fromkeys(
        ("单选题", "单选", "单项选择题", "单项选择", "单项", "singlechoice", "radio"),
        Kind.SINGLE_CHOICE,
    ),
    **dict.fromkeys(
        ("多选题", "多选", "多项选择题", "多项选择", "多项", "不定项选择题", "不定项"),
        Kind.MULTIPLE_CHOICE,
    ),
    **dict.fromkeys(("multiplechoice", "checkbox"), Kind.MULTIPLE_CHOICE),
}

#: Names that say only that there is something to choose: the key says what.
_OPEN_NAMES: Final = {"", "选择题", "选择", "choice", "理论题", "客观题"}

_RIGHT: Final = frozenset(
    (
        "正确",
        "对",
        "对的",
        "√",
        "✓",
        "✔",
        "t",
        "true",
        "是",
        "y",
        "yes",
        "真",
    )
)
_WRONG: Final = frozenset(
    (
        "错误",
        "不正确",
        "错",
        "错的",
        "不对",
        "×",
        "✗",
        "✘",
        "x",
        "f",
        "false",
        "否",
        "n",
        "no",
        "假",
        "非",
    )
)

#: Numbering such as “一、单选题” and additions such as “单选题（每题1分）”.
_AROUND = re.compile(r"^[一二三四五六七八九十\d]+[、.．]\s*|[(（].*$|[\s_\-:：]")


def kind_named(cell: str) -> Kind | None:
    """Return the kind that a cell names; None where it leaves the kind to options and key.

    Raises:
        RowRefused: the name is of a kind that no machine can mark.
    """
    name = _AROUND.sub("", unicodedata.normalize("NFKC", cell).strip().casefold())
    if name in _OPEN_NAMES:
        return None
    if name not in KIND_NAMES:
        raise RowRefused(reason("kind_unsupported", kind=cell))
    return KIND_NAMES[name]


def is_kind_name(cell: str) -> bool:
    """Say whether the cell names a kind that a machine can mark."""
    name = _AROUND.sub("", unicodedata.normalize("NFKC", cell).strip().casefold())
    return name in KIND_NAMES


def verdict(text: str) -> bool | None:
    """Return whether the word says right (True) or wrong (False); None where it says neither."""
    word = unicodedata.normalize("NFKC", text).strip().strip("。.()[]").casefold()
    if word in _RIGHT:
        return True
    return False if word in _WRONG else None


def are_true_and_false(texts: tuple[str, ...]) -> bool:
    """Say whether the options are one word for right and one for wrong, in either order."""
    return len(texts) == 2 and {verdict(text) for text in texts} == {True, False}
