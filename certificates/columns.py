"""What is known of many people, in columns of whole numbers (批量依据).

Days are ordinals, people and organisations the numbers they have in the sums, roles and items as
`certificates.stretches` numbers them. Every table is sorted by person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from certificates import inductions, sweeping
from certificates.facts import RecordKind
from certificates.stretches import CERTIFIED_AS, ROLE_NUMBERS, Place
from certificates.sweeping import Numbers
from server.regions.tree import root_of

#: Bits that an item takes beside a role, in what a post calls for.
ITEM_BITS = 20

#: Kinds of lines of the training file, as numbers.
KIND_NUMBERS = {RecordKind.TRAINED: 0, RecordKind.PASSED: 1, RecordKind.FAILED: 2}

#: Bits that the number of an organisation takes.
_NUMBER_BITS = 31
_NUMBER_MASK = (1 << _NUMBER_BITS) - 1

#: Levels of an induction, as numbers.
LEVEL_NUMBERS = {level: number for number, level in enumerate(inductions.LEVELS, start=1)}

#: The number of the role by whose qualification a post is certified, by the number of its role.
CERTIFIED = np.array(
    [0, *(ROLE_NUMBERS[CERTIFIED_AS.get(role, role)] for role in ROLE_NUMBERS)], np.int64
)


class Posts(NamedTuple):
    """Posts: a row for each item, or one without any."""

    person: Numbers
    organisation: Numbers
    role: Numbers
    item: Numbers
    #: Whether it is the first row of its post.
    leads: Numbers
    start: Numbers
    end: Numbers


class Papers(NamedTuple):
    """Certificates that were not voided."""

    person: Numbers
    role: Numbers
    item: Numbers
    first_day: Numbers


class Standings(NamedTuple):
    """Where certificates stand, run by run."""

    person: Numbers
    role: Numbers
    item: Numbers
    start: Numbers
    end: Numbers
    state: Numbers


class Lines(NamedTuple):
    """Lines of the training files that stand; 0 where no role, item or trainer is named."""

    person: Numbers
    kind: Numbers
    day: Numbers
    purpose: Numbers
    role: Numbers
    item: Numbers
    provider: Numbers


class Lessons(NamedTuple):
    """Inductions, and what was taught after changes of post."""

    person: Numbers
    #: The organisation whose people they were for; 0 where none is known.
    organisation: Numbers
    day: Numbers
    #: The level as a number of `LEVEL_NUMBERS`; 0 for all together.
    level: Numbers
    #: Whether it was for after a change of post.
    again: Numbers
    #: Tenths of an hour.
    tenths: Numbers


class Tree:
    """Which organisation lies beneath which, by their numbers."""

    def __init__(self, paths: Mapping[int, str]) -> None:
        self._paths = paths
        tops: dict[str, int] = {}
        roots = {one: root_of(path) for one, path in paths.items()}
        self._top = {one: tops.setdefault(root, len(tops) + 1) for one, root in roots.items()}

    def tops(self, organisations: Numbers) -> Numbers:
        """Return a number for the topmost organisation above each; 0 where it is not known."""
        return sweeping.by_value(lambda one: self._top.get(one, 0), organisations)

    def near(self, left: Numbers, right: Numbers) -> Numbers:
        """Return whether one of two organisations lies beneath the other, pair by pair."""
        return sweeping.by_value(self._is_near, (left << _NUMBER_BITS) | right).astype(bool)

    def _is_near(self, pair: int) -> int:
        left, right = (
            self._paths.get(one, "") for one in (pair >> _NUMBER_BITS, pair & _NUMBER_MASK)
        )
        return int(left.startswith(right) or right.startswith(left))


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """All that is known of some people; see `certificates.papers.File` for one."""

    #: The numbers of the people, the smallest first.
    people: Numbers
    posts: Posts
    papers: Papers
    standings: Standings
    lines: Lines
    #: The numbers that stand for purposes of training.
    purposes: Mapping[str, int]
    lessons: Lessons
    tree: Tree


class Spots:
    """Where organisations stood and what they were, as columns (see `stretches.Place`)."""

    def __init__(self, stood: Mapping[int, Sequence[Place]]) -> None:
        rows = [(one, place) for one in sorted(stood) for place in stood[one]]
        self.places = [place for _, place in rows]
        self.organisation = _column([one for one, _ in rows])
        self.start = _column([place.start for place in self.places])
        self.end = _column([place.end for place in self.places])
        self.ground = _column([place.ground for place in self.places])
        self.section = _column([place.section for place in self.places])
        self.high_risk = _column([int(place.high_risk) for place in self.places])
        self.size = _column([place.size for place in self.places])
        # Spots of one organisation that differ in nothing that stretches tell apart are one.
        same: dict[tuple[int, ...], int] = {}
        alike = [
            same.setdefault((one, place.ground, place.section, place.high_risk, place.size), number)
            for number, (one, place) in enumerate(rows)
        ]
        #: The first spot that stretches do not tell from this one.
        self.alike = _column(alike)

    def kinds(self) -> tuple[list[Place], Numbers]:
        """Return spots that populations tell apart, and which of them each spot is like."""
        found: dict[tuple[object, ...], int] = {}
        shown: list[Place] = []
        numbers = []
        for place in self.places:
            told_by = (place.industry, place.high_risk, place.branches, place.size, place.regions)
            number = found.setdefault(told_by, len(shown))
            if number == len(shown):
                shown.append(place)
            numbers.append(number)
        return shown, _column(numbers)


def _column(values: Sequence[int]) -> Numbers:
    return np.array(values, np.int64)
