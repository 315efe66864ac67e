"""Where many people stand with what their posts call for, day by day (批量逐日状态).

The same rules as `certificates.timelines` says for one person, over columns. Tests hold both
against each other over random histories: whoever changes one changes the other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

import numpy as np

from certificates import many_inductions, sweeping
from certificates.columns import ITEM_BITS, KIND_NUMBERS, Files
from certificates.coverage import Reason
from certificates.definitions import Basis, Measure, Part
from certificates.facts import RecordKind
from certificates.papers import BEGIN, CODES, COVERED, END
from certificates.stretches import ROLE_NUMBERS, new_year_after
from certificates.sweeping import Numbers, Runs, runs
from certificates.timelines import asks_for_posts, years_later


class Needs(NamedTuple):
    """What is called for: of whom, for which role and item (0: for none); sorted by person."""

    person: Numbers
    role: Numbers
    item: Numbers
    #: The posts, for measures of the very post; None for others.
    posts: many_inductions.Wanted | None = None


def timelines(measure: Measure, needs: Needs, files: Files) -> Runs:
    """Return where each need stands from the first day to the last; its group is its place."""
    every = np.arange(len(needs.person))
    least = CODES[Reason.LACKING if asks_for_posts(measure) else Reason.NEVER_TRAINED]
    found = [runs(every, np.full(len(every), BEGIN), np.full(len(every), END), least)]
    for group in measure.all_of:
        found += [_lapses(part, needs, files) for part in group if part.basis is Basis.TRAINING]
    if measure.by_post:
        found += _evidence(needs, files)
    groups = [
        sweeping.together([_BASES[part.basis](part, needs, files) for part in group])
        for group in measure.all_of
    ]
    held = sweeping.common(groups)
    found.append(held._replace(state=np.full(len(held.group), COVERED)))
    return sweeping.sweep(sweeping.together(found), lowest=True)


def _certified(part: Part, needs: Needs, files: Files) -> Runs:
    held = files.standings
    left, right = sweeping.matches(needs.person, held.person)
    if part.basis is Basis.CERTIFICATE_OF:
        fits = np.isin(held.role[right], _roles(part.roles))
    else:
        fits = _called_for(needs)[left] == _what(held.role, held.item)[right]
    fits &= held.state[right] == COVERED
    left, right = left[fits], right[fits]
    return runs(left, held.start[right], held.end[right], 0)


def _passed(_part: Part, needs: Needs, files: Files) -> Runs:
    lines, papers, wanted = files.lines, files.papers, _called_for(needs)
    left, right = sweeping.matches(needs.person, papers.person)
    fits = wanted[left] == _what(papers.role, papers.item)[right]
    certified = runs(left[fits], papers.first_day[right[fits]], np.full(int(fits.sum()), END), 0)
    left, right = _lines_of(needs, files, RecordKind.PASSED)
    fits = wanted[left] == _what(lines.role, lines.item)[right]
    passed = runs(left[fits], lines.day[right[fits]], np.full(int(fits.sum()), END), 0)
    return sweeping.together([certified, passed])


def _trained(part: Part, needs: Needs, files: Files) -> Runs:
    left, day = _training_days(part, needs, files)
    return runs(left, day, _lasts(part, day), 0)


def _inducted(_part: Part, needs: Needs, files: Files) -> Runs:
    if needs.posts is None:
        return sweeping.together([])
    return many_inductions.standing(needs.posts, files)


def _in_post(part: Part, needs: Needs, files: Files) -> Runs:
    posts = files.posts
    left, right = sweeping.matches(needs.person, posts.person)
    fits = np.isin(posts.role[right], _roles(part.roles))
    left, right = left[fits], right[fits]
    return runs(left, posts.start[right], posts.end[right], 0)


def _departments(_part: Part, _needs: Needs, _files: Files) -> Runs:
    """Return nothing: a person has no departments."""
    return sweeping.together([])


_BASES: dict[Basis, Callable[[Part, Needs, Files], Runs]] = {
    Basis.CERTIFICATE: _certified,
    Basis.CERTIFICATE_OF: _certified,
    Basis.PASS: _passed,
    Basis.TRAINING: _trained,
    Basis.INDUCTION: _inducted,
    Basis.POST: _in_post,
    Basis.DEPARTMENT: _departments,
}


def _training_days(part: Part, needs: Needs, files: Files) -> tuple[Numbers, Numbers]:
    """Return the needs and days of trainings for the part's purposes that fit them."""
    lines = files.lines
    purposes = [files.purposes[each] for each in part.purposes if each in files.purposes]
    left, right = _lines_of(needs, files, RecordKind.TRAINED, purposes)
    fits = np.ones(len(left), bool)
    if part.purposes == {"qualification"}:
        fits &= (lines.role[right] == 0) | (lines.role[right] == needs.role[left])
    item = needs.item[left]
    fits &= (item == 0) | (lines.item[right] == 0) | (lines.item[right] == item)
    return left[fits], lines.day[right[fits]]


def _lines_of(
    needs: Needs, files: Files, kind: RecordKind, purposes: Collection[int] | None = None
) -> tuple[Numbers, Numbers]:
    """Return pairs of needs and lines of their people, of one kind and for some purposes."""
    lines = files.lines
    wanted = lines.kind == KIND_NUMBERS[kind]
    if purposes is not None:
        wanted &= np.isin(lines.purpose, list(purposes))
    places = np.flatnonzero(wanted)
    left, right = sweeping.matches(needs.person, lines.person[places])
    return left, places[right]


def _lasts(part: Part, days: Numbers) -> Numbers:
    """Return the first day on which trainings of these days no longer count."""
    if part.calendar_year:
        return sweeping.by_value(new_year_after, days)
    within = part.within_years
    if within is not None:
        return sweeping.by_value(lambda day: years_later(day, within), days)
    return np.full(len(days), END)


def _lapses(part: Part, needs: Needs, files: Files) -> Runs:
    left, day = _training_days(part, needs, files)
    lasts = _lasts(part, day)
    return runs(left, lasts, np.full(len(left), END), CODES[Reason.EXPIRED])


def _evidence(needs: Needs, files: Files) -> list[Runs]:
    """Return what is known beside: certificates that do not stand, others, failures, trainings."""
    held, lines, wanted = files.standings, files.lines, _called_for(needs)
    left, right = sweeping.matches(needs.person, held.person)
    own = wanted[left] == _what(held.role, held.item)[right]
    stands = held.state[right] == COVERED
    lapsed, another = own & ~stands, ~own & stands
    found = [
        runs(left[one], held.start[right[one]], held.end[right[one]], state)
        for one, state in (
            (lapsed, held.state[right[lapsed]]),
            (another, CODES[Reason.WRONG_ITEM]),
        )
    ]
    left, right = _lines_of(needs, files, RecordKind.TRAINED)
    end = np.full(len(left), END)
    found.append(runs(left, lines.day[right], end, CODES[Reason.NOT_EXAMINED]))
    left, right = _lines_of(needs, files, RecordKind.FAILED)
    fits = wanted[left] == _what(lines.role, lines.item)[right]
    end = np.full(int(fits.sum()), END)
    return [*found, runs(left[fits], lines.day[right[fits]], end, CODES[Reason.FAILED])]


def _called_for(needs: Needs) -> Numbers:
    return _what(needs.role, needs.item)


def _what(role: Numbers, item: Numbers) -> Numbers:
    return (role << ITEM_BITS) | item


def _roles(names: Collection[str]) -> list[int]:
    return [ROLE_NUMBERS[name] for name in names if name in ROLE_NUMBERS]
