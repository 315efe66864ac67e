"""The stretches of many people at once (批量区段推算).

The same rules as `certificates.stretches.of_person`, over columns: counting everybody anew takes
seconds where person by person it takes minutes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from certificates import sweeping
from certificates.columns import CERTIFIED, ITEM_BITS, Files, Posts, Spots
from certificates.definitions import Measure, Question, Subject
from certificates.editions import Edition, Rules
from certificates.many_inductions import Wanted
from certificates.many_timelines import Needs, timelines
from certificates.papers import END, NOT_DUE
from certificates.stretches import ROLE_NAMES, ROLE_NUMBERS, due_day, new_year_after
from certificates.sweeping import DAY_BITS, Numbers, Runs

#: Bits of a role, an item and a spot, packed beneath the place of a person in one number.
_ROLE_BITS, _SPOT_BITS = 4, 21


class Stretches(NamedTuple):
    """Stretches as columns; see `certificates.stretches.Stretch` for one."""

    subject: Numbers
    indicator: Numbers
    organisation: Numbers
    ground: Numbers
    role: Numbers
    item: Numbers
    section: Numbers
    high_risk: Numbers
    size: Numbers
    provider: Numbers
    start_day: Numbers
    end_day: Numbers
    state: Numbers


class _Called(NamedTuple):
    """That a post puts somebody into a population: which row of posts, where, on which days."""

    post: Numbers
    spot: Numbers
    start: Numbers
    end: Numbers

    def only(self, which: Numbers) -> _Called:
        return _Called(*(column[which] for column in self))


class Counting:
    """Counts people by the same rules and places, lot by lot."""

    def __init__(self, rules: Rules, spots: Spots) -> None:
        self._rules = [each for each in rules.every if each.subject is Subject.PERSON]
        self._spots = spots
        self._kinds, self._kind = spots.kinds()
        self._asked = {
            id(edition): self._where(edition.question)
            for rule in self._rules
            for edition in rule.editions
        }

    def _where(self, question: Question) -> Numbers:
        """Return whether a post of a role (row) at a kind of place (column) is asked about."""
        found = np.zeros((len(ROLE_NUMBERS) + 1, max(1, len(self._kinds))), bool)
        for population in question.populations:
            fits = np.array([population.holds(place) for place in self._kinds], bool)
            for role in population.roles & ROLE_NUMBERS.keys():
                found[ROLE_NUMBERS[role], : len(fits)] |= fits
        return found

    def stretches(self, files: Files) -> list[Stretches]:
        """Return every stretch of these people, indicator by indicator, none empty."""
        in_post = {per_year: self._in_post(files.posts, per_year) for per_year in (False, True)}
        due, trainers = _due(files.posts), _Trainers(files)
        found = []
        for rule in self._rules:
            called = in_post[rule.per_year]
            parts = [self._of_edition(edition, called, due, files) for edition in rule.editions]
            rows = sweeping.together(parts)
            if len(rows.group):
                found.append(self._named(rule.number, _joined(rows), files, trainers))
        return found

    def _in_post(self, posts: Posts, per_year: bool) -> _Called:
        """Return where and when posts are held.

        Where heads are counted per calendar year, who was in post on a day of it stays until its
        end.
        """
        post, spot = sweeping.matches(posts.organisation, self._spots.organisation)
        end = posts.end
        if per_year:
            end = end.copy()
            ends = (posts.start < end) & (end < END)
            end[ends] = sweeping.by_value(lambda day: new_year_after(day - 1), end[ends])
        first = np.maximum(posts.start[post], self._spots.start[spot])
        last = np.minimum(end[post], self._spots.end[spot])
        return _Called(post, spot, first, last).only(first < last)

    def _of_edition(self, edition: Edition, called: _Called, due: Numbers, files: Files) -> Runs:
        """Return the states of what an edition calls for; groups as `_packed`."""
        measure, posts = edition.question.measure, files.posts
        fits = self._asked[id(edition)][posts.role[called.post], self._kind[called.spot]]
        if not measure.by_post:
            fits &= posts.leads[called.post] > 0
        called = called.only(fits)
        start, end = np.maximum(called.start, edition.start), np.minimum(called.end, edition.end)
        called = called._replace(start=start, end=end).only(start < end)
        post = called.post
        item = posts.item[post] if measure.by_post else np.zeros(len(post), np.int64)
        person = np.searchsorted(files.people, posts.person[post])
        needs, key = self._needs(measure, called, item, files)
        states = timelines(measure, needs, files)
        group = self._packed(person, called.spot, posts.role[post], item)
        from_on = due[post] if measure.grace else np.zeros(len(post), np.int64)
        waits = sweeping.runs(group, called.start, np.minimum(from_on, called.end), NOT_DUE)
        left, right = sweeping.matches(key, states.group)
        counts = sweeping.runs(
            group[left],
            np.maximum(np.maximum(called.start, from_on)[left], states.start[right]),
            np.minimum(called.end[left], states.end[right]),
            states.state[right],
        )
        return sweeping.together([waits, counts])

    def _needs(
        self, measure: Measure, called: _Called, item: Numbers, files: Files
    ) -> tuple[Needs, Numbers]:
        """Return what is called for, each once, and which of them each post calls for."""
        post, posts = called.post, files.posts
        role = CERTIFIED[posts.role[post]]
        if measure.of_post:
            strict = self._spots.high_risk[called.spot]
            keys, key = np.unique((((post << 1) | strict) << ITEM_BITS) | item, return_inverse=True)
            own = keys >> (ITEM_BITS + 1)
            wanted = Wanted(own, (keys >> ITEM_BITS) & 1)
            item = keys & ((1 << ITEM_BITS) - 1)
            return Needs(posts.person[own], CERTIFIED[posts.role[own]], item, wanted), key
        person = np.searchsorted(files.people, posts.person[post])
        keys, key = np.unique(
            (((person << _ROLE_BITS) | role) << ITEM_BITS) | item, return_inverse=True
        )
        needs = Needs(
            person=files.people[keys >> (_ROLE_BITS + ITEM_BITS)],
            role=(keys >> ITEM_BITS) & ((1 << _ROLE_BITS) - 1),
            item=keys & ((1 << ITEM_BITS) - 1),
        )
        return needs, key

    def _packed(self, person: Numbers, spot: Numbers, role: Numbers, item: Numbers) -> Numbers:
        packed: Numbers = (person << _SPOT_BITS) | self._spots.alike[spot]
        return (((packed << _ROLE_BITS) | role) << ITEM_BITS) | item

    def _named(self, indicator: int, rows: Runs, files: Files, trainers: _Trainers) -> Stretches:
        item = rows.group & ((1 << ITEM_BITS) - 1)
        role = (rows.group >> ITEM_BITS) & ((1 << _ROLE_BITS) - 1)
        rest = rows.group >> (ITEM_BITS + _ROLE_BITS)
        spot, person = rest & ((1 << _SPOT_BITS) - 1), files.people[rest >> _SPOT_BITS]
        spots = self._spots
        return Stretches(
            subject=person,
            indicator=np.full(len(person), indicator),
            organisation=spots.organisation[spot],
            ground=spots.ground[spot],
            role=role,
            item=item,
            section=spots.section[spot],
            high_risk=spots.high_risk[spot],
            size=spots.size[spot],
            provider=trainers.before(person, rows.start),
            start_day=rows.start,
            end_day=rows.end,
            state=rows.state,
        )


def _due(posts: Posts) -> Numbers:
    """Return the first day on which what each post calls for is due."""
    packed = (CERTIFIED[posts.role] << DAY_BITS) | posts.start
    days = (1 << DAY_BITS) - 1
    return sweeping.by_value(lambda one: due_day(ROLE_NAMES[one >> DAY_BITS], one & days), packed)


def _joined(rows: Runs) -> Runs:
    """Join stretches of one kind that touch; where they overlap, what is due goes before."""
    order = np.lexsort((rows.start, rows.group))
    rows = rows.only(order)
    overlaps = (rows.group[1:] == rows.group[:-1]) & (rows.start[1:] < rows.end[:-1])
    if not overlaps.any():
        return sweeping.joined(rows)
    mixed = np.isin(rows.group, rows.group[1:][overlaps])
    some = rows.only(mixed)
    names, places = np.unique(some.group, return_inverse=True)
    swept = sweeping.sweep(some._replace(group=places), lowest=False)
    return sweeping.together(
        [sweeping.joined(rows.only(~mixed)), swept._replace(group=names[swept.group])]
    )


class _Trainers:
    """Who had trained people last, on any day."""

    def __init__(self, files: Files) -> None:
        lines = files.lines
        some = np.flatnonzero(lines.provider > 0)
        some = some[np.lexsort((lines.provider[some], lines.day[some], lines.person[some]))]
        self._person, self._provider = lines.person[some], lines.provider[some]
        self._told = (lines.person[some] << DAY_BITS) | lines.day[some]

    def before(self, person: Numbers, day: Numbers) -> Numbers:
        """Return who had trained last when a stretch began; 0 where nobody had."""
        if not len(self._told):
            return np.zeros(len(person), np.int64)
        place = np.searchsorted(self._told, (person << DAY_BITS) | day, "right") - 1
        found = np.maximum(place, 0)
        trained = (place >= 0) & (self._person[found] == person)
        return np.where(trained, self._provider[found], 0)
