"""Answer sheets of paper: what people read from them, and whether they read the same (答题卡录入).

Answers are letters by the number of the question on the page: `{"1": "A", "2": "BD", "3": ""}`.
The order of the booklet says which place and which option of the form that is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from exams.permutation import Order
from exams.sync import Slot

#: The letters of a sheet.
LETTERS = "ABCDEFGHIJ"

#: Letters by the number of the question.
Letters = Mapping[str, str]


class AttemptMode(StrEnum):
    """By what an attempt was made."""

    DEVICE = "device"
    PAPER = "paper"


class SheetState(StrEnum):
    """Where the reading of an answer sheet stands."""

    #: Fewer than two people have read it.
    BEING_READ = "being_read"
    #: Two people have, and not the same.
    DISPUTED = "disputed"
    GRADED = "graded"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A question where two people read another answer."""

    number: int
    first: str
    second: str


def normalised(letters: Letters) -> dict[str, str]:
    """Return letters with capital letters in order, once each; nothing is a blank."""
    return {
        number: "".join(sorted(set(ticked.upper())))
        for number, ticked in sorted(letters.items(), key=lambda one: int(one[0]))
    }


def faults(letters: Letters, order: Order, slots: Mapping[int, Slot]) -> list[int]:
    """Return the numbers that cannot be: not asked or left out, a letter too far, one too many.

    Args:
        letters: as somebody read them.
        order: of the booklet.
        slots: the places of the form.
    """
    asked = {str(number): slots[slot] for number, slot in enumerate(order.slots, start=1)}
    wrong = asked.keys() ^ letters.keys()
    for number in asked.keys() & letters.keys():
        place, ticked = asked[number], letters[number]
        known = set(LETTERS[: place.option_count])
        if set(ticked) - known or (len(ticked) > 1 and not place.many):
            wrong = wrong | {number}
    return sorted(int(number) for number in wrong)


def differences(first: Letters, second: Letters) -> list[Difference]:
    """Return where two people read another answer, by number."""
    return [
        Difference(number=int(number), first=first.get(number, ""), second=second.get(number, ""))
        for number in sorted(first.keys() | second.keys(), key=int)
        if first.get(number, "") != second.get(number, "")
    ]


def chosen(letters: Letters, order: Order) -> dict[int, list[int]]:
    """Return the options of the form that were chosen, by place; blanks are left out."""
    return {
        slot: sorted(order.options[slot][LETTERS.index(letter)] for letter in ticked)
        for number, slot in enumerate(order.slots, start=1)
        if (ticked := letters.get(str(number), ""))
    }
