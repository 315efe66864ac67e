"""The kinds of question that a machine can mark (题型), and the labels of their options."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a candidate is asked to do with the options (题型)."""

    #: 判断题: is the statement right? Options are always 正确 (A) and 错误 (B), in this order.
    TRUE_FALSE = "true_false"
    #: 单选题: exactly one option is right.
    SINGLE_CHOICE = "single_choice"
    #: 多选题: one option or more are right.
    MULTIPLE_CHOICE = "multiple_choice"


#: The labels that options carry, in order; no question has more options than labels.
LABELS: Final = "ABCDEFGHIJ"

#: The options of every true-false question: label A says that the statement is right.
TRUE_FALSE_OPTIONS: Final = ("正确", "错误")

#: The least number of options that leaves a choice.
FEWEST_OPTIONS: Final = 2
