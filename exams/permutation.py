"""The candidate's own order of questions and options, from a seed (考生乱序).

What travels to the phone is this order, not a copy of the paper: the paper is the same for every
candidate of a form, and what the phone sends back names places of the form. Two seats side by side
see different orders, and grading needs no order at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from exams import dice

#: Options that speak of all the others (以上都对) belong behind them, or they are nonsense.
_SPEAKS_OF_OTHERS = re.compile(
    r"^\s*(?:以上|上述|前述|前面)(?![0-9一二三四五六七八九十百]*\s*[米度伏千百万])"
    r"|^\s*(?:[两二三四]项|[两二三四]者|各项|[两二三四]个)?\s*"
    r"(?:都|均|皆|全|全部|全都)(?:是|对|不是|不对|不正确|不包括|正确|错|错误|可以|包括)\s*[。.]?\s*$"
)
#: Options that name others by letter or by place (A和B, 前两项都对): nothing may move at all.
_NAMES_OTHERS = re.compile(
    r"(?<![A-Za-z0-9])[A-J]\s*[、,，和与及或+＋]\s*[A-J](?![A-Za-z0-9])|^\s*前[两二三四]"
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """What the order of one place on the form depends on; nothing of its content."""

    slot: int
    section: int
    #: Options in all; the form lists the movable ones first.
    option_count: int
    #: How many of them, from the first, may change places. 0 where the order means something.
    movable_count: int


@dataclass(frozen=True, kw_only=True)
class Order:
    """The order in which one candidate sees the form."""

    #: Slots of the form, in the order shown.
    slots: tuple[int, ...]
    #: For each slot, the form's option indexes in the order shown.
    options: dict[int, tuple[int, ...]]


def stays_last(option: str) -> bool:
    """Say whether an option speaks of all the others (以上都对) and must stay behind them."""
    return bool(_SPEAKS_OF_OTHERS.match(option))


def fixes_all(option: str) -> bool:
    """Say whether an option names others by letter or place (A和B), so that none may move."""
    return bool(_NAMES_OTHERS.search(option))


def form_order(
    kind: str, options: Sequence[str], *, seed: bytes, slot: int, keep: bool = False
) -> tuple[list[int], int]:
    """Return the form's own order of a version's options, and how many of them may move.

    The form is shuffled once, so that “the first is always right” does not leak with the package;
    options that speak of the others are put last, in the order they were written.
    True or false is never shuffled, nor is a question whose options name each other by letter.

    Args:
        kind: the kind of the question.
        options: texts as they were written.
        seed: the seed of the form.
        slot: the place on the form, so that no two places are shuffled alike.
        keep: whether the question bank says that the written order must stay, for a reason other
            than an option that speaks of the others.
    """
    places = range(len(options))
    last = [place for place in places if stays_last(options[place])]
    if kind == "true_false" or any(map(fixes_all, options)) or (keep and not last):
        return list(places), 0
    movable = [place for place in places if place not in last]
    numbers = dice.draws(seed, f"form options {slot}", len(movable))
    return [*dice.shuffled(movable, numbers), *last], len(movable)


def order(places: Sequence[Place], *, seed: bytes) -> Order:
    """Return the candidate's own order of a form.

    Sections keep their order, for they are what the instructions speak of; questions change places
    within their section, options within their question.
    """
    shuffles = dice.draws(seed, "slots", len(places))
    sections = [place.section for place in places]
    by_section = sorted(zip(sections, shuffles, range(len(places)), strict=True))
    numbers = dice.draws(seed, "options", sum([place.movable_count for place in places]))
    options: dict[int, tuple[int, ...]] = {}
    drawn = 0
    for place in places:
        count = place.movable_count
        # As `dice.shuffled`, without a call for every question of every candidate.
        mine = numbers[drawn : drawn + count]
        shuffled = sorted(range(count), key=mine.__getitem__)
        options[place.slot] = (*shuffled, *range(count, place.option_count))
        drawn += count
    return Order(slots=tuple([places[at].slot for _, _, at in by_section]), options=options)
