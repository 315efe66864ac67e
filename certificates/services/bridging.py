"""Why a figure changed between two days: everybody in one cause, nothing left over (变动)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import case, func, select

from certificates.models import CoverageGround, CoverageStretch
from certificates.papers import COVERED, FIRST_MISSING, NOT_DUE, REASONS
from certificates.services import indicators
from certificates.services.counts import asking, known, reading
from certificates.services.counts.asking import Asked
from certificates.sums import Six
from server.db import db
from server.lots import lots

#: Where somebody is who is not in the population: not in the unit, in no such post.
_ABSENT = -1

#: Says why somebody came from one state to another.
_Why = Callable[[int, int, int], str]

#: People looked for in one statement.
_MANY = 5_000


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One named cause, and by how many people it changed the figure."""

    cause: str
    people_count: int
    required_change: int
    covered_change: int


@dataclass(frozen=True, kw_only=True)
class Bridge:
    """The change of a figure from one day to another, explained."""

    from_on: date
    to_on: date
    required_change: int
    covered_change: int
    causes: tuple[Cause, ...]


class _Spot(NamedTuple):
    """Where somebody was in the population on a day, wherever that is."""

    organisation: int
    region_id: UUID
    start: int
    end: int


@dataclass(kw_only=True)
class _Told:
    """How many people each cause moved, and what that made of the figure."""

    people: Counter[str] = field(default_factory=Counter)
    required: Counter[str] = field(default_factory=Counter)
    covered: Counter[str] = field(default_factory=Counter)

    def add(self, cause: str, was: int, now: int) -> None:
        """Note that somebody came from one state to another."""
        self.people[cause] += 1
        self.required[cause] += int(now > NOT_DUE) - int(was > NOT_DUE)
        self.covered[cause] += int(now == COVERED) - int(was == COVERED)


def bridge(key: str, asked: Asked, *, from_on: date, known_from: int | None = None) -> Bridge:
    """Explain how a figure came from one day to the day asked about.

    First what was corrected: what is known now of the first day and was not known then. Then who
    came or went, told apart by where they were on the other day: with the same organisation in
    the same region under other borders (reorganised), elsewhere (moved), or in no such post
    (hired, left; or called for by no rule before or since). Who stayed changed by what their
    stretches say. The changes of all causes together are the change of the figure.

    Args:
        key: which indicator.
        asked: the unit, the later day, what is known.
        from_on: the earlier day.
        known_from: the last batch that was known when the earlier figure was read; None for all
            that is known to the later one.

    Raises:
        NotFound: there is no such indicator.
    """
    indicators.get(key)
    numbers, rules = known.numbers_and_rules()
    number = numbers.get(key, 0)
    enough = number in rules.per_year
    told, first = _Told(), asked.at(from_on)
    before = _states(first, number, any_is_enough=enough)
    if known_from is not None:
        first = first.known_at(known_from)
        _add(told, _states(first, number, any_is_enough=enough), before, lambda *_: "corrected")
    changed_rules = {
        edition.start
        for rule in rules.every
        if rule.number == number
        for edition in rule.editions
        if from_on.toordinal() < edition.start <= asked.day
    }
    after = _states(asked, number, any_is_enough=enough)
    changed = {who for who in before.keys() | after.keys() if before.get(who) != after.get(who)}
    was_at, is_at = _spots(changed, asked.at(from_on), number), _spots(changed, asked, number)

    def cause(who: int, was: int, now: int) -> str:
        return _cause(was, now, was_at.get(who, []), is_at.get(who, []), changed_rules)

    _add(told, before, after, cause)
    then, last = (reading.sums_of(each, [number], rules)[number] for each in (first, asked))
    return Bridge(
        from_on=from_on,
        to_on=asked.on,
        required_change=last[0] - then[0],
        covered_change=_covered(last) - _covered(then),
        causes=tuple(
            Cause(
                cause=cause,
                people_count=told.people[cause],
                required_change=told.required[cause],
                covered_change=told.covered[cause],
            )
            for cause in sorted(told.people)
        ),
    )


def _add(told: _Told, before: Mapping[int, int], after: Mapping[int, int], cause: _Why) -> None:
    for who in before.keys() | after.keys():
        was, now = before.get(who, _ABSENT), after.get(who, _ABSENT)
        if was != now:
            told.add(cause(who, was, now), was, now)


def _covered(six: Six) -> int:
    return six[0] - six[1]


def _states(asked: Asked, indicator: int, *, any_is_enough: bool) -> dict[int, int]:
    """Return where everybody of the unit stands on the day: the most telling of their posts."""
    stretch = CoverageStretch
    missing = func.min(case((stretch.state >= FIRST_MISSING, stretch.state)))
    statement = (
        select(stretch.subject, missing, func.max(case((stretch.state == COVERED, 1), else_=0)))
        .where(*asking.stretches(asked, indicator), asking.on_day(asked.day))
        .group_by(stretch.subject)
    )
    found: dict[int, int] = {}
    for who, worst, covered in db.session.execute(statement):
        lacking = worst is not None and not (any_is_enough and covered)
        found[who] = worst if lacking else (COVERED if covered else NOT_DUE)
    return found


def _spots(who: Collection[int], asked: Asked, indicator: int) -> dict[int, list[_Spot]]:
    """Return where these are in the population on the day, wherever that is."""
    found: dict[int, list[_Spot]] = {}
    for some in lots(sorted(who), _MANY):
        statement = (
            select(
                CoverageStretch.subject,
                CoverageStretch.organisation,
                CoverageGround.region_id,
                CoverageStretch.start_day,
                CoverageStretch.end_day,
            )
            .join(CoverageGround, CoverageGround.number == CoverageStretch.ground)
            .where(
                CoverageStretch.subject.in_(some),
                CoverageStretch.indicator == indicator,
                asking.known(asked.known_seq),
                asking.on_day(asked.day),
            )
        )
        for row in db.session.execute(statement):
            found.setdefault(row[0], []).append(_Spot(*row[1:]))
    return found


def _cause(
    was: int, now: int, was_at: list[_Spot], is_at: list[_Spot], changed_rules: Collection[int]
) -> str:
    if was == _ABSENT or now == _ABSENT:
        return _came_or_went(was, was_at, is_at, changed_rules)
    if is_at and all(spot.start in changed_rules for spot in is_at):
        return "rule_changed"
    if was == NOT_DUE:
        return "grace_ended"
    if now == NOT_DUE:
        return "grace_began"
    if now != COVERED:
        return REASONS[now].value
    return _COVERED_NOW.get(REASONS[was].value, "issued")


#: What covers somebody again, by why they were missing; else something was issued or passed.
_COVERED_NOW = {"expired": "renewed", "suspended": "reinstated", "not_yet_valid": "became_valid"}


def _came_or_went(
    was: int, was_at: list[_Spot], is_at: list[_Spot], changed_rules: Collection[int]
) -> str:
    there = {(spot.organisation, spot.region_id) for spot in was_at}
    if there & {(spot.organisation, spot.region_id) for spot in is_at}:
        return "reorganised"
    came = was == _ABSENT
    if was_at and is_at:
        return "moved_in" if came else "moved_out"
    edges = {spot.start for spot in is_at} if came else {spot.end for spot in was_at}
    if edges and edges <= set(changed_rules):
        return "rule_changed"
    return "hired" if came else "left"
