"""An engine that is wrong in any of the known ways is found out by the slow count."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from certificates import many_timelines, stretches, sums, sweeping
from certificates.definitions import Basis
from certificates.services import figures, units
from certificates.services.counts import asking, booking, checking, places, rebuilding
from certificates.sums import SUMS
from server.regions.services.reforms import Lay
from server.scopes import EVERYWHERE, Scope
from tests.factories.histories import Play
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

KEY = "shanxi-special-operations-certified"

_needs, _clipped, _lays = stretches._needs, stretches._clipped, places._lays


def _not_merged(parts, *, any_is_enough):
    """Count every post of a person, not the person once."""
    found: dict[int, Any] = {}
    for start, end, state in parts:
        missing = int(state >= 2)
        six = [1, missing, 0, 1, missing, 0] if state else [0, 0, 1, 0, 0, 1]
        for day, sign in ((start, 1), (end, -1)):
            into = found.setdefault(day, [0] * len(SUMS))
            for place, number in enumerate(six):
                into[place] += sign * number
    return found


def _covered_outside_of_need(states, start, end, due):
    """Take where somebody stands, whether or not a post calls for it that day."""
    return [each for each in states if each.start < end and each.end > start]


def _todays_tree(region_ids):
    """Look only at where regions lie now."""
    return {
        one: [Lay(date.min, date.max, lays[-1].path)] for one, lays in _lays(region_ids).items()
    }


def _nothing_taken_back(before, after, summed, rules):
    """Add what is new and forget to take back what was."""
    return _difference({}, after, summed, rules)


_difference = booking._difference


def _last_day_included(*asked):
    """Count the first day without the post as one with it."""
    return [(start, end + 1, place) for start, end, place in _needs(*asked)]


def _first_day_left_out(*asked):
    """Begin a day late."""
    return [(start + 1, end, place) for start, end, place in _needs(*asked) if start + 1 < end]


MUTANTS = {
    "posts are not united": (sums, "united", _not_merged),
    "certificates count where no post calls for them": (
        stretches,
        "_clipped",
        _covered_outside_of_need,
    ),
    "the tree of today holds for the past": (places, "_lays", _todays_tree),
    "nothing is taken back": (booking, "_difference", _nothing_taken_back),
    "the last day is included": (stretches, "_needs", _last_day_included),
    "the first day is left out": (stretches, "_needs", _first_day_left_out),
}


def _wrong_cells(seed, steps=18, cells=14):
    play = Play(seed)
    for _ in range(steps):
        play.step()
    play.reform()
    play.hire()
    play.step()
    wrong = 0
    for _ in range(cells):
        region, on = play.cell()
        unit = units.unit(region_id=region.id, organisation_id=None, scope=EVERYWHERE)
        found = figures.figure(KEY, unit, on=on)
        counted = (found.required_count, found.missing_count)
        wrong += counted != play.told.counts(region.id, on)
    return wrong


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_engine_is_found_out(name, monkeypatch):
    module, function, mutant = MUTANTS[name]
    monkeypatch.setattr(module, function, mutant)

    assert any(_found_out(seed) for seed in range(8))


def _found_out(seed):
    """Say whether a wrong engine counts a cell wrong, or a constraint of the tables stops it."""
    try:
        return _wrong_cells(seed) > 0
    except Exception as stopped:  # a constraint, a check of days: it was found out
        return bool(stopped)


def test_the_engine_as_it_is_counts_none_wrong():
    assert _wrong_cells(3) == 0


def test_an_error_that_counting_anew_and_checking_share_is_found_by_the_sample(monkeypatch):
    play = Play(3)
    for _ in range(18):
        play.step()
    monkeypatch.setitem(many_timelines._BASES, Basis.CERTIFICATE, lambda *_: sweeping.together([]))
    rebuilding.rebuild(at=NOON)

    found = checking.check(at=NOON).differences

    assert {each["what"] for each in found} == {"stretches"}
    assert {each["indicator"] for each in found} >= {KEY}


def test_a_query_without_the_scope_would_show_what_lies_outside(monkeypatch):
    play = Play(4)
    for _ in range(20):
        play.step()
    one, other = play.cities
    assert one.parent_id is not None
    scoped = units.Unit(
        id=one.parent_id,
        kind="region",
        name="省",
        path=f"/{one.parent_id}/",
        scope=_only(other),
        level=1,
    )
    inside = figures.figure(KEY, scoped, on=date(2026, 6, 15)).required_count

    monkeypatch.setattr(asking, "covers", lambda *_: True)

    city = units.unit(region_id=other.id, organisation_id=None, scope=EVERYWHERE)
    assert inside == figures.figure(KEY, city, on=date(2026, 6, 15)).required_count
    leaked = figures.figure(KEY, scoped, on=date(2026, 6, 15)).required_count
    assert leaked is not None
    assert inside is not None
    assert leaked > inside


def _only(region):
    return Scope(region_paths=(region.path,))
