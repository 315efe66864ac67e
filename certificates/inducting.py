"""Pure: what the induction of a post lacks, for the gate and coverage alike (三级安全教育判定).

《生产经营单位安全培训规定》: whoever is new to an employer is taught on all three levels and for
the hours of the law; whoever changes the post within it, or comes back after a year, is taught by
workshop and team again. Another employer begins from nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from certificates import inductions
from certificates.definitions import months_later
from certificates.inductions import PLANT, TEAM, WORKSHOP
from certificates.on_post_facts import Person, Spell, Taught
from certificates.on_post_reasons import Code, Reason
from certificates.on_post_rules import Asked, Requirement, eras

_FIRST_TIME = ((PLANT, Code.INDUCTION_PLANT),)
_LOWER = ((WORKSHOP, Code.INDUCTION_WORKSHOP), (TEAM, Code.INDUCTION_TEAM))
_AGAIN = ((WORKSHOP, Code.POST_CHANGE_WORKSHOP), (TEAM, Code.POST_CHANGE_TEAM))


class _Lack(NamedTuple):
    """What is lacking, with hours done and due where it is about hours."""

    code: Code
    done: str | None = None
    due: str | None = None


def lacking(
    person: Person, post: Spell, rules: Mapping[Requirement, Asked], on: date
) -> Iterator[Reason]:
    """Yield what the induction for a post lacks on a day: levels, or else hours.

    Args:
        person: the trainings and posts that are known of them.
        post: the post.
        rules: what is asked of such a post on that day; where no induction is, nothing is lacking.
        on: the day; what was taught later does not count yet.
    """
    levels, hours = rules.get(Requirement.INDUCTION_LEVELS), rules.get(Requirement.INDUCTION_HOURS)
    if levels is None:
        return
    for code, done, due in _lacking(person, post, rules, on):
        rule = hours if hours and code is Code.INDUCTION_HOURS else levels
        yield Reason(code, rule.blocks, rule.source_zh, done=done, due=due)


def stands(person: Person, post: Spell, *, high_risk: bool) -> list[tuple[date, date]]:
    """Return the days on which the induction for a post lacks nothing: from, up to and without.

    All levels are looked for whatever the role, for who asks means everybody: the law asks them of
    workers only. What was taught stays taught: under one rule, the first such day is followed by
    others only.
    """
    days = sorted({one.on for one in person.taught if _is_for(one, post)})
    found = []
    for first, end, rules in eras(post.role, high_risk=high_risk):
        for day in (first, *(day for day in days if first < day < end)):
            if not _lacking(person, post, rules, day):
                found.append((day, end))
                break
    return found


def _lacking(
    person: Person, post: Spell, rules: Mapping[Requirement, Asked], on: date
) -> list[_Lack]:
    here = [one for one in person.taught if one.on <= on and _is_for(one, post)]
    missing = list(_missing(here, post, _FIRST_TIME, date.min))
    before = _last_before(person.spells, post)
    since = _teach_again_since(before, post, rules)
    if since is None:
        missing += _missing(here, post, _LOWER, date.min)
    else:
        again = [one for one in here if _is_again(one, before[0])]
        missing += _missing(again, post, _AGAIN, since)
    hours = rules.get(Requirement.INDUCTION_HOURS)
    if missing or before or hours is None:
        return [_Lack(code) for code in missing]
    done = sum((one.hours for one in here if _levels(one, post)), Decimal(0))
    due = hours.amount
    return [] if done >= due else [_Lack(Code.INDUCTION_HOURS, f"{done.normalize():f}", f"{due}")]


def first_lessons(person: Person, post: Spell, on: date) -> list[Taught]:
    """Return the lessons of the induction that an employer gave for the first post with it.

    None where another post there came before: then the hours of the first are not asked again.
    """
    if _last_before(person.spells, post):
        return []
    return [
        one for one in person.taught if one.on <= on and _is_for(one, post) and _levels(one, post)
    ]


def left_before(spells: Sequence[Spell], post: Spell, *, item: str | None = None) -> date | None:
    """Return the day on which such work was last left before the post began; None for never.

    With an item it is the operation anywhere; without, any post at the same employer.
    """
    ends = [
        spell.until_on or date.max
        for spell in spells
        if spell.from_on < post.from_on
        and (spell.at == post.at if item is None else item in spell.items)
    ]
    return min(max(ends), post.from_on) if ends else None


def _is_for(one: Taught, post: Spell) -> bool:
    """Say whether a lesson is an induction, or one after a change, at the employer of the post."""
    at = post.at
    return (
        one.purpose in inductions.PURPOSES
        and (one.level is not None or one.purpose == inductions.PURPOSE)
        # Mostly it is the very same thing, and comparing ids is dear for ten thousand people.
        and (one.at is at or one.at == at)
    )


def _levels(one: Taught, post: Spell) -> tuple[str, ...]:
    """Return the levels that a lesson has taught for this post.

    What another workshop has taught, which neither holds the post nor lies in the place that does,
    is good for the plant alone.
    """
    near = one.path.startswith(post.path) or post.path.startswith(one.path)
    taught = inductions.levels_of(one.level)
    return taught if near else tuple(level for level in taught if level == PLANT)


def _missing(
    here: Sequence[Taught], post: Spell, levels: Sequence[tuple[str, Code]], since: date
) -> Iterator[Code]:
    taught = {level for one in here if one.on > since for level in _levels(one, post)}
    for level, code in levels:
        if level not in taught:
            yield code


def _is_again(one: Taught, before: Spell) -> bool:
    """Say whether a lesson can be for the later post: meant so, or given after the earlier one."""
    return one.purpose == inductions.AGAIN or one.on >= (before.until_on or date.max)


def _last_before(spells: Sequence[Spell], post: Spell) -> list[Spell]:
    """Return what was held last at the same employer before a post began.

    More than one only where they began and ended together.
    """
    earlier = [each for each in spells if each.at == post.at and each.from_on < post.from_on]
    last = max(((each.until_on or date.max, each.from_on) for each in earlier), default=None)
    return [each for each in earlier if (each.until_on or date.max, each.from_on) == last]


def _teach_again_since(
    before: Sequence[Spell], post: Spell, rules: Mapping[Requirement, Asked]
) -> date | None:
    """Return the day after which workshop and team must have taught again; None for not at all.

    After a year away it is the day of leaving. After a change of workshop, role or items it is
    the day on which the earlier post began: its own induction stood by then, and who is moved is
    taught for the new post while still in the old.
    """
    absence = rules.get(Requirement.ABSENCE_MONTHS)
    if absence is None or not before:
        return None
    left = min(before[0].until_on or date.max, post.from_on)
    if months_later(left, absence.amount) <= post.from_on:
        return left
    wanted = (post.place, post.role, post.items)
    same = any((each.place, each.role, each.items) == wanted for each in before)
    return None if same else before[0].from_on
