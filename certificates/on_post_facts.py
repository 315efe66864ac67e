"""What the verdict on a post rests on: papers, trainings, posts, bars (上岗判定的事实)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from certificates.validity import Status


class Paper(NamedTuple):
    """A certificate as it stands on the day."""

    role: str
    item: str | None
    status: Status
    #: The last day on which it stands as things are: its end, or the next review.
    until: date | None = None


class Taught(NamedTuple):
    """A training that counts."""

    on: date
    hours: Decimal
    purpose: str
    #: Level of an induction or of training after a change of post; None for all, or any other.
    level: str | None
    #: The topmost organisation it was for or by.
    at: object
    #: The path of the organisation it was for or by; empty where it is the whole employer.
    path: str = ""


class Spell(NamedTuple):
    """A post held before or beside: where, what, from when to when."""

    at: object
    place: object
    role: str
    items: frozenset[str]
    from_on: date
    until_on: date | None
    #: The path of the place; empty where it is the whole employer.
    path: str = ""


class Barring(NamedTuple):
    """A bar that holds on the day: from a role's qualification with its item, or everything."""

    role: str | None
    item: str | None


@dataclass(slots=True)
class Person:
    """What is known of somebody on the day."""

    birth_on: date | None = None
    papers: list[Paper] = field(default_factory=list)
    taught: list[Taught] = field(default_factory=list)
    spells: list[Spell] = field(default_factory=list)
    bars: list[Barring] = field(default_factory=list)
    #: Days on which a practical exam was passed, by item.
    practicals: list[tuple[str | None, date]] = field(default_factory=list)
    #: What the newest health declaration says; None where there is none.
    fit: bool | None = None
    #: The last day off work; None where there is none.
    off_work_until: date | None = None
