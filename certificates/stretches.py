"""The stretches of one person or organisation: what is called for, where they stand (区段).

A stretch is a run of days over which one person, in one post at one organisation in one place, is
covered, missing for one reason, or not due yet in one indicator. Figures, lists, trends and
explanations are all made of stretches, so that no two of them can disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from certificates import definitions
from certificates.definitions import Population, Question
from certificates.editions import Edition, Rules
from certificates.on_post_facts import Spell
from certificates.papers import END, NOT_DUE, File, Segment
from certificates.timelines import Need, timeline
from server.people.roster import EXAMINED_AS, PostRole

#: The role whose qualification a post calls for, where it is not the role of the post itself.
CERTIFIED_AS = {post.value: role.value for post, role in EXAMINED_AS.items()}

#: Roles as small numbers. They stand in stored rows: add new ones at the end, change none.
ROLE_NUMBERS: dict[str, int] = {
    role.value: number
    for number, role in enumerate(
        (
            PostRole.PRINCIPAL,
            PostRole.SAFETY_MANAGER,
            PostRole.FULL_TIME_SAFETY_MANAGER,
            PostRole.OCCUPATIONAL_HEALTH_MANAGER,
            PostRole.SPECIAL_OPERATIONS_WORKER,
            PostRole.MINING_ENGINEER,
            PostRole.EMPLOYEE,
            PostRole.ENFORCEMENT_OFFICER,
            PostRole.REGULATOR_STAFF,
            PostRole.TOWNSHIP_SAFETY_LEADER,
            PostRole.CONSTRUCTION_PRINCIPAL,
            PostRole.CONSTRUCTION_PROJECT_LEADER,
            PostRole.CONSTRUCTION_SAFETY_MANAGER,
        ),
        start=1,
    )
}
ROLE_NAMES: dict[int, str] = {number: role for role, number in ROLE_NUMBERS.items()}


class Stretch(NamedTuple):
    """A run of days in one state."""

    indicator: int
    organisation: int
    #: Where the organisation stood on these days: a region, beneath those then above it.
    ground: int
    role: int
    #: The operation item as a number, see `item_number`; 0 where none is called for.
    item: int
    #: The section of the industry as a number, 1 for A; 0 where none is known.
    section: int
    high_risk: bool
    #: The size of the enterprise as a number of `definitions.SIZES`; 0 where none is known.
    size: int
    #: Who had trained last when the stretch began; 0 where nobody had.
    provider: int
    start: int
    end: int
    state: int


#: So many of the first fields say of what kind a stretch is: those alike in them are joined.
KIND = Stretch._fields.index("provider")


class Place(NamedTuple):
    """Where an organisation stood and what it was, from one day to another."""

    start: int
    end: int
    ground: int
    #: Code of GB/T 4754-2017; empty where none is known.
    industry: str
    section: int
    high_risk: bool
    #: Branches of high-risk industry, such as `coal_mining`.
    branches: frozenset[str]
    is_enterprise: bool = True
    #: A number of `definitions.SIZES`; 0 where none is known.
    size: int = 0
    #: Ids of the regions in which it stood.
    regions: frozenset[str] = frozenset()


class PostLine(NamedTuple):
    """A post: where, as what, with which items, from when to when."""

    organisation: int
    role: str
    items: tuple[str, ...]
    start: int
    end: int
    #: The post as the gate sees it, for measures of the very post; None where nobody asks for it.
    spell: Spell | None = None


#: Says where an organisation stood, oldest first, without gaps.
Places = Callable[[int], Sequence[Place]]


def of_person(posts: Sequence[PostLine], file: File, rules: Rules, places: Places) -> list[Stretch]:
    """Return every stretch of a person, in no particular order, none empty."""
    known: dict[tuple[str, Need], list[Segment]] = {}
    found: dict[tuple[int, ...], list[Stretch]] = {}
    trainers = sorted((line.day, line.provider) for line in file.lines if line.provider)
    for post in posts:
        certified_as = CERTIFIED_AS.get(post.role, post.role)
        for number, edition, population in rules.by_role.get(post.role, ()):
            measure = edition.question.measure
            due = due_day(certified_as, post.start) if measure.grace else 0
            for start, end, place in _needs(post, edition, population, places):
                for what, item in _whats(edition.question, post, certified_as):
                    need = _need(edition.question, what, post, place)
                    states = known.get((measure.name, need))
                    if states is None:
                        states = known[measure.name, need] = timeline(measure, need, file)
                    for first, last, state in _clipped(states, start, end, due):
                        each = Stretch(
                            number,
                            post.organisation,
                            place.ground,
                            ROLE_NUMBERS[post.role],
                            item,
                            place.section,
                            place.high_risk,
                            place.size,
                            0,
                            first,
                            last,
                            state,
                        )
                        found.setdefault(each[:KIND], []).append(each)
    joined = [each for group in found.values() for each in _joined(group)]
    if not trainers:
        return joined
    return [each._replace(provider=_trainer(trainers, each.start)) for each in joined]


def of_organisation(organisation: int, file: File, rules: Rules, places: Places) -> list[Stretch]:
    """Return the stretches of an organisation in the indicators that count organisations."""
    found: list[Stretch] = []
    for rule in rules.of_organisations:
        for edition in rule.editions:
            counted = [
                place
                for place in places(organisation)
                if place.is_enterprise and _is_of(edition.question, place)
            ]
            if not counted:
                continue
            measure = edition.question.measure
            states = timeline(measure, Need(measure.name), file)
            for place in counted:
                start, end = max(place.start, edition.start), min(place.end, edition.end)
                found += [
                    Stretch(
                        rule.number,
                        organisation,
                        place.ground,
                        0,
                        0,
                        place.section,
                        place.high_risk,
                        place.size,
                        0,
                        *segment,
                    )
                    for segment in _clipped(states, start, end, 0)
                ]
    return _joined(found)


def _is_of(question: Question, place: Place) -> bool:
    return any(population.holds(place) for population in question.populations)


def _needs(
    post: PostLine, edition: Edition, population: Population, places: Places
) -> Iterator[tuple[int, int, Place]]:
    """Yield the days on which a post puts somebody into the population, place by place.

    Where heads are counted per calendar year, who was in post on a day of it stays until its end.
    """
    end = post.end
    if edition.question.per_year and post.start < post.end < END:
        end = new_year_after(post.end - 1)
    start, end = max(post.start, edition.start), min(end, edition.end)
    if start >= end:
        return
    for place in places(post.organisation):
        first, last = max(start, place.start), min(end, place.end)
        if first < last and population.holds(place):
            yield first, last, place


def _whats(question: Question, post: PostLine, role: str) -> list[tuple[str, int]]:
    if question.measure.by_post and post.items:
        return [(f"{role}:{item}", item_number(item)) for item in post.items]
    return [(f"{role}:", 0)]


def _need(question: Question, what: str, post: PostLine, place: Place) -> Need:
    if question.measure.of_post:
        return Need(what, post.spell, place.high_risk)
    return Need(what)


def _clipped(states: list[Segment], start: int, end: int, due: int) -> Iterator[Segment]:
    if start < due:
        yield Segment(start, min(due, end), NOT_DUE)
        start = due
    for each in states:
        first, last = max(each.start, start), min(each.end, end)
        if first < last:
            yield Segment(first, last, each.state)


def _joined(group: list[Stretch]) -> list[Stretch]:
    """Join stretches of one key that touch; where they overlap, what is due goes before."""
    if len(group) == 1:
        return group
    group.sort(key=lambda each: each.start)
    found: list[Stretch] = []
    for each in group:
        last = found[-1] if found else None
        if last is None or each[:KIND] != last[:KIND] or each.start > last.end:
            found.append(each)
        elif each.start < last.end:
            return _swept(group)
        elif each.state == last.state:
            found[-1] = last._replace(end=each.end)
        else:
            found.append(each)
    return found


def _swept(group: list[Stretch]) -> list[Stretch]:
    cuts = sorted({each.start for each in group} | {each.end for each in group})
    found: list[Stretch] = []
    for start, end in pairwise(cuts):
        here = [each for each in group if each.start <= start < each.end]
        if not here:
            continue
        top = max(here, key=lambda each: each.state)
        if found and found[-1].end == start and found[-1].state == top.state:
            found[-1] = found[-1]._replace(end=end)
        else:
            found.append(top._replace(start=start, end=end))
    return found


def _trainer(trainers: list[tuple[int, int]], day: int) -> int:
    return next((provider for on, provider in reversed(trainers) if on <= day), 0)


@lru_cache(65_536)
def due_day(role: str, appointed: int) -> int:
    """Return the first day on which a requirement of a post is due."""
    return definitions.due_on(role, date.fromordinal(appointed)).toordinal()


@lru_cache(65_536)
def new_year_after(day: int) -> int:
    """Return 1 January of the year after a day."""
    return date(min(date.fromordinal(day).year + 1, 9999), 1, 1).toordinal()


@lru_cache(1024)
def item_number(item: str) -> int:
    """Return an operation item as a number: `1.2` is 1002, `5.10` is 5010; none is 0."""
    category, _, place = item.partition(".")
    return int(category or 0) * 1000 + int(place or 0)


def item_code(number: int) -> str | None:
    """Return the operation item behind a number; None for 0."""
    return f"{number // 1000}.{number % 1000}" if number else None
