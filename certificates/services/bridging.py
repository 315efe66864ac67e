"""Why a figure changed between two days: everybody in one cause, nothing left over (变动)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select

from certificates.models import CoverageStretch
from certificates.papers import COVERED, FIRST_MISSING, NOT_DUE, REASONS
from certificates.services import indicators
from certificates.services.counts import asking, known, reading
from certificates.services.counts.asking import Asked
from certificates.sums import Six
from server.db import db

#: Where somebody is who is not in the population: not in the unit, in no such post.
_ABSENT = -1


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


def bridge(key: str, asked: Asked, *, from_on: date) -> Bridge:
    """Explain how a figure came from one day to the day asked about.

    Who came or went is told apart by where they were on the other day: in another unit (moved,
    which a reform of the borders does, too) or in no such post at all (hired, left). Who stayed
    changed by what their stretches say: became due, qualified, was renewed or reinstated, expired,
    was suspended. The changes of all causes together are the change of the figure.

    Raises:
        NotFound: there is no such indicator.
    """
    indicators.get(key)
    number = known.indicator_numbers().get(key, 0)
    rules = known.rules()
    enough = number in rules.per_year
    before = _states(asked.at(from_on), number, any_is_enough=enough)
    after = _states(asked, number, any_is_enough=enough)
    changed = {who for who in before.keys() | after.keys() if before.get(who) != after.get(who)}
    elsewhere = {
        from_on: _anywhere(changed - before.keys(), asked.at(from_on), number),
        asked.on: _anywhere(changed - after.keys(), asked, number),
    }
    people: Counter[str] = Counter()
    required: Counter[str] = Counter()
    covered: Counter[str] = Counter()
    for who in changed:
        was, now = before.get(who, _ABSENT), after.get(who, _ABSENT)
        there = elsewhere[from_on if was == _ABSENT else asked.on]
        cause = _cause(was, now, elsewhere=who in there)
        people[cause] += 1
        required[cause] += int(now > NOT_DUE) - int(was > NOT_DUE)
        covered[cause] += int(now == COVERED) - int(was == COVERED)
    first, last = (
        reading.sums_of(each, [number], rules)[number] for each in (asked.at(from_on), asked)
    )
    return Bridge(
        from_on=from_on,
        to_on=asked.on,
        required_change=last[0] - first[0],
        covered_change=_covered(last) - _covered(first),
        causes=tuple(
            Cause(
                cause=cause,
                people_count=people[cause],
                required_change=required[cause],
                covered_change=covered[cause],
            )
            for cause in sorted(people)
        ),
    )


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


def _anywhere(who: set[int], asked: Asked, indicator: int) -> set[int]:
    """Return who of these is in the population on the day, wherever that is."""
    found: set[int] = set()
    every = sorted(who)
    for start in range(0, len(every), 5_000):
        statement = select(CoverageStretch.subject).where(
            CoverageStretch.subject.in_(every[start : start + 5_000]),
            CoverageStretch.indicator == indicator,
            asking.known(asked.known_seq),
            asking.on_day(asked.day),
        )
        found |= set(db.session.execute(statement).scalars())
    return found


def _cause(was: int, now: int, *, elsewhere: bool) -> str:
    if was == _ABSENT:
        return "moved_in" if elsewhere else "hired"
    if now == _ABSENT:
        return "moved_out" if elsewhere else "left"
    if now == COVERED:
        before = REASONS[was].value if was >= FIRST_MISSING else ""
        named = {"expired": "renewed", "suspended": "reinstated", "": "became_due"}
        return named.get(before, "qualified")
    if was == NOT_DUE:
        return "became_due"
    return "not_due_again" if now == NOT_DUE else f"now_{REASONS[now].value}"
