"""What only the person who brings a file can say (待确认): asked in the preview, never guessed.

A sheet that says 0 and 1 may mean right and wrong or wrong and right; keys that are numbers may be
counted from nought or from one. Rows that hang on it are refused until it is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from question_bank.importing.reasons import Reason, RowRefused, reason
from question_bank.kinds import LABELS, Kind

#: Which number says that a statement is right.
TRUE_FALSE_NUMBERS: Final = "true_false_numbers"
#: Whether option A is 0 or 1.
KEYS_COUNTED_FROM: Final = "keys_counted_from"
#: What a number in the column of kinds means; the number follows.
KIND_NUMBER: Final = "kind_"

#: value: (Chinese, English)
_KINDS: Final = {
    Kind.TRUE_FALSE.value: ("判断题", "true or false"),
    Kind.SINGLE_CHOICE.value: ("单选题", "single choice"),
    Kind.MULTIPLE_CHOICE.value: ("多选题", "multiple choice"),
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One thing to be said, and what can be said to it."""

    code: str
    zh: str
    en: str
    #: value: (Chinese, English)
    choices: Mapping[str, tuple[str, str]]


def asked(code: str) -> Asked | None:
    """Return what is asked under a code; None where nothing is."""
    if code == TRUE_FALSE_NUMBERS:
        return Asked(
            code=code,
            zh="判断题的答案写成了 0 和 1：哪一个表示“正确”？",
            en="Keys of true-false questions are 0 and 1: which of them says right?",
            choices={"1": ("1 表示正确", "1 is right"), "0": ("0 表示正确", "0 is right")},
        )
    if code == KEYS_COUNTED_FROM:
        return Asked(
            code=code,
            zh="选择题的答案写成了数字：第一个选项是 0 还是 1？",
            en="Keys of choices are numbers: is the first option 0 or 1?",
            choices={"0": ("从 0 数起", "counted from 0"), "1": ("从 1 数起", "counted from 1")},
        )
    if re.fullmatch(rf"{KIND_NUMBER}[0-9]{{1,3}}", code):
        number = code.removeprefix(KIND_NUMBER)
        return Asked(
            code=code,
            zh=f"题型写成了数字 {number}：指哪一种题型？",
            en=f"The kind is the number {number}: which kind is it?",
            choices=_KINDS,
        )
    return None


def open_in(reasons: Iterable[Reason]) -> list[Asked]:
    """Return what is asked by the reasons of the rows, each once, in their order."""
    codes = dict.fromkeys(said.facts["asked"] for said in reasons if "asked" in said.facts)
    return [one for code in codes if (one := asked(code))]


def kind_of(number: str, meanings: Mapping[str, str]) -> Kind:
    """Return the kind that a number in a sheet means.

    Raises:
        RowRefused: nobody has said it.
    """
    code = f"{KIND_NUMBER}{int(number)}"
    if code not in meanings:
        raise RowRefused(reason("kind_is_a_number", kind=number, asked=code))
    return Kind(meanings[code])


def says_right(number: str, meanings: Mapping[str, str]) -> bool:
    """Return whether a number as the key of a true-false question says right.

    Raises:
        RowRefused: nobody has said it.
    """
    if TRUE_FALSE_NUMBERS not in meanings:
        raise RowRefused(reason("true_false_is_a_number", key=number, asked=TRUE_FALSE_NUMBERS))
    return meanings[TRUE_FALSE_NUMBERS] == number


def labels_of(key: str, count: int, meanings: Mapping[str, str]) -> tuple[str, ...]:
    """Return the labels by place that numbers name.

    Raises:
        RowRefused: nobody has said from where they are counted, or one names no option.
    """
    if KEYS_COUNTED_FROM not in meanings:
        raise RowRefused(reason("key_is_a_number", key=key, asked=KEYS_COUNTED_FROM))
    places = [int(one) - int(meanings[KEYS_COUNTED_FROM]) for one in _numbers(key)]
    if not all(0 <= place < count for place in places):
        raise RowRefused(reason("key_names_no_option", key=key))
    return tuple(sorted({LABELS[place] for place in places}))


def _numbers(key: str) -> Sequence[str]:
    """The numbers of a key: “1,3” and “13” are two, for no question has thirteen options."""
    found = re.findall(r"[0-9]+", key)
    return list(found[0]) if len(found) == 1 else found
