"""On which days the inductions that many posts ask for stand (批量三级安全教育判定).

The same rule as `certificates.inducting` says for one person, over columns. Tests hold both
against each other over random histories: whoever changes one changes the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

import numpy as np

from certificates import sweeping
from certificates.columns import ITEM_BITS, LEVEL_NUMBERS, Files, Posts
from certificates.definitions import months_later
from certificates.inductions import LEVELS, PLANT
from certificates.on_post_rules import Asked, Requirement, eras
from certificates.papers import BEGIN, END
from certificates.stretches import ROLE_NAMES
from certificates.sweeping import Numbers, Runs

#: An odd number with which items are stirred.
_STIR = np.int64(0x1E3779B97F4A7C15)


class Wanted(NamedTuple):
    """Posts whose induction is asked for: the row of each, and whether its industry is strict."""

    post: Numbers
    high_risk: Numbers


class _Before(NamedTuple):
    """What was held last at the same employer before a post; all 0 where nothing was."""

    start: Numbers
    end: Numbers
    #: Whether it was such a post at the same place.
    same: Numbers


class _Taught(NamedTuple):
    """Lessons at the employer of a post: for which of the wanted, when, what."""

    wanted: Numbers
    day: Numbers
    level: Numbers
    again: Numbers
    tenths: Numbers
    #: Whether they count for workshop and team, and not for the plant alone.
    near: Numbers

    def only(self, which: Numbers) -> _Taught:
        return _Taught(*(column[which] for column in self))


def standing(wanted: Wanted, files: Files) -> Runs:
    """Return the days on which nothing is lacking; the group is the place among the wanted."""
    posts = files.posts
    before, taught = _before(wanted, files), _taught(wanted, files)
    kinds = (posts.role[wanted.post] << 1) | wanted.high_risk
    found = []
    for kind in np.unique(kinds).tolist():
        some = np.flatnonzero(kinds == kind)
        for first, end, rules in _eras(kind):
            start = _since(some, before, taught, posts.start[wanted.post], rules)
            found.append(sweeping.runs(some, np.maximum(start, first), np.full(len(some), end), 0))
    return sweeping.together(found)


def _eras(kind: int) -> Iterator[tuple[int, int, Mapping[Requirement, Asked]]]:
    for first, end, rules in eras(ROLE_NAMES[kind >> 1], high_risk=bool(kind & 1)):
        yield first.toordinal(), end.toordinal(), rules


def _before(wanted: Wanted, files: Files) -> _Before:
    """Find what was held last at the same employer before each post; see `inducting`."""
    posts, top = files.posts, files.tree.tops(files.posts.organisation)
    alike = _kinds_of(posts)
    left, right = sweeping.matches(posts.person[wanted.post], posts.person)
    own = wanted.post[left]
    earlier = (top[right] == top[own]) & (posts.start[right] < posts.start[own])
    left, right = left[earlier], right[earlier]
    size = len(wanted.post)
    ended, began, same = (np.zeros(size, np.int64) for _ in range(3))
    np.maximum.at(ended, left, posts.end[right])
    last = posts.end[right] == ended[left]
    left, right = left[last], right[last]
    np.maximum.at(began, left, posts.start[right])
    last = posts.start[right] == began[left]
    left, right = left[last], right[last]
    np.maximum.at(same, left, (alike[right] == alike[wanted.post[left]]).astype(np.int64))
    return _Before(began, ended, same)


def _kinds_of(posts: Posts) -> Numbers:
    """Return a number for place, role and items of each row's post, alike where they are."""
    if not len(posts.person):
        return posts.person
    where = np.stack([posts.person, posts.organisation, posts.role, posts.start, posts.end])
    _, post = np.unique(where, axis=1, return_inverse=True)
    post = post.reshape(-1)
    items = np.zeros(int(post.max()) + 1, np.int64)
    np.add.at(items, post, _stirred(posts.item))
    what = (posts.organisation << ITEM_BITS) | posts.role
    return what * _STIR ^ items[post]


def _stirred(item: Numbers) -> Numbers:
    """Return items as numbers whose sums tell sets of them apart."""
    return (item * _STIR) ^ (item << 40)


def _taught(wanted: Wanted, files: Files) -> _Taught:
    posts, lessons = files.posts, files.lessons
    left, right = sweeping.matches(posts.person[wanted.post], lessons.person)
    place, by = posts.organisation[wanted.post[left]], lessons.organisation[right]
    here = files.tree.tops(by) == files.tree.tops(place)
    left, right, place, by = left[here], right[here], place[here], by[here]
    return _Taught(
        wanted=left,
        day=lessons.day[right],
        level=lessons.level[right],
        again=lessons.again[right],
        tenths=lessons.tenths[right],
        near=files.tree.near(by, place),
    )


def _since(
    some: Numbers,
    before: _Before,
    taught: _Taught,
    began: Numbers,
    rules: Mapping[Requirement, Asked],
) -> Numbers:
    """Return the first day on which nothing is lacking for some of the wanted, under some rules."""
    size = len(began)
    is_new = before.end == 0
    since = _teach_again_since(before, began, rules)
    anew = since[taught.wanted] > 0
    for_later = (taught.again > 0) | (taught.day >= before.end[taught.wanted])
    lower = taught.near & (~anew | (for_later & (taught.day > since[taught.wanted])))
    found = np.full(size, BEGIN)
    for level in LEVELS:
        of_level = (taught.level == 0) | (taught.level == LEVEL_NUMBERS[level])
        fits = of_level if level == PLANT else of_level & lower
        found = np.maximum(found, _first(taught.only(fits), size))
    hours = rules.get(Requirement.INDUCTION_HOURS)
    if hours is not None:
        counts = taught.near | (taught.level == 0) | (taught.level == LEVEL_NUMBERS[PLANT])
        done = _reached(taught.only(counts), hours.amount * 10, size)
        found = np.where(is_new, np.maximum(found, done), found)
    return found[some]


def _teach_again_since(
    before: _Before, began: Numbers, rules: Mapping[Requirement, Asked]
) -> Numbers:
    """Return the day after which workshop and team must have taught again; 0 for not at all."""
    absence = rules.get(Requirement.ABSENCE_MONTHS)
    if absence is None:
        return np.zeros(len(began), np.int64)
    months = absence.amount
    left = np.minimum(before.end, began)
    held = before.end > 0
    back = np.full(len(began), END)
    back[held] = sweeping.by_value(lambda day: _later(day, months), left[held])
    changed = np.where(before.same > 0, 0, before.start)
    return np.where(held, np.where(back <= began, left, changed), 0)


def _later(day: int, months: int) -> int:
    return months_later(date.fromordinal(day), months).toordinal()


def _first(taught: _Taught, size: int) -> Numbers:
    """Return the first day of a lesson for each of the wanted; the last day there is for none."""
    found = np.full(size, END)
    np.minimum.at(found, taught.wanted, taught.day)
    return found


def _reached(taught: _Taught, tenths: int, size: int) -> Numbers:
    """Return the day on which the lessons for each of the wanted make so many tenths together."""
    found = np.full(size, END)
    if not len(taught.wanted):
        return found
    taught = taught.only(np.lexsort((taught.day, taught.wanted)))
    total = np.cumsum(taught.tenths)
    firsts = np.flatnonzero(np.insert(taught.wanted[1:] != taught.wanted[:-1], 0, values=True))
    earlier = np.repeat(
        total[firsts] - taught.tenths[firsts], np.diff(np.append(firsts, len(total)))
    )
    enough = taught.only(total - earlier >= tenths)
    np.minimum.at(found, enough.wanted, enough.day)
    return found
