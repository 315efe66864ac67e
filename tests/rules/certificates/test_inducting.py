"""For whom an induction counts, and from which day on, as tables of cases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from certificates import inducting
from certificates.on_post_facts import Person, Spell, Taught

CASTING, FORGING, OTHER = "/plant/casting/", "/plant/forging/", "/other/"
BEGAN = date(2026, 1, 10)


def a_spell(path: str = CASTING, **said: Any) -> Spell:
    top = path.split("/")[1]
    usual = Spell(top, path, "employee", frozenset(), BEGAN, None, path)
    return usual._replace(**said)


def taught(level: str | None, day: int, hours: int = 8, path: str = "/plant/") -> Taught:
    top = path.split("/")[1]
    return Taught(date(2026, 1, day), Decimal(hours), "induction", level, top, path)


def all_levels(path: str = "/plant/", hours: int = 8) -> list[Taught]:
    levels = ("plant", "workshop", "team")
    return [taught(level, day, hours, path) for day, level in enumerate(levels, start=11)]


@pytest.mark.parametrize(
    ("lessons", "high_risk", "first"),
    [
        (all_levels(), False, 13),
        (all_levels(), True, None),
        (all_levels(hours=24), True, 13),
        (all_levels(CASTING), False, 13),
        (all_levels(CASTING + "team 3/"), False, 13),
        (all_levels(FORGING), False, None),
        ([taught("plant", 11, path=FORGING), *all_levels(CASTING)[1:]], False, 13),
        (all_levels(OTHER), False, None),
        ([taught(None, 20, 24)], False, 20),
        ([*all_levels(hours=4), taught("team", 25, 12)], False, 25),
        (all_levels()[:2], False, None),
    ],
    ids=[
        "three levels of 24 hours",
        "24 hours are too few where 72 are asked",
        "72 hours",
        "by the workshop itself",
        "by a team of the workshop",
        "by another workshop",
        "another workshop for the plant alone",
        "by another employer",
        "all together in one",
        "hours made up later",
        "no team",
    ],
)
def test_an_induction_stands_from_the_day_on_which_nothing_is_lacking(
    lessons: list[Taught], high_risk: bool, first: int | None
) -> None:
    post = a_spell()
    person = Person(taught=lessons, spells=[post])

    found = inducting.stands(person, post, high_risk=high_risk)

    wanted = [] if first is None else [(date(2026, 1, first), date.max)]
    assert [days for days in found if days[1] == date.max] == wanted


@pytest.mark.parametrize(
    ("later", "lacks"),
    [
        (a_spell(from_on=date(2026, 3, 1)), False),
        (a_spell(FORGING, from_on=date(2026, 3, 1)), True),
        (a_spell(role="special_operations_worker", from_on=date(2026, 3, 1)), True),
        (a_spell(from_on=date(2027, 2, 28)), False),
        (a_spell(from_on=date(2027, 3, 1)), True),
        (a_spell(OTHER, from_on=date(2026, 3, 1)), True),
        # The law asks teaching again of workers only.
        (a_spell(FORGING, role="principal", from_on=date(2026, 3, 1)), False),
    ],
    ids=[
        "the same again",
        "another workshop",
        "other work",
        "a day less than a year away",
        "a year away",
        "another employer",
        "a principal",
    ],
)
def test_what_was_taught_for_one_post_is_good_for_the_next_or_not(
    later: Spell, lacks: bool
) -> None:
    first = a_spell(until_on=date(2026, 3, 1), role=_before(later))
    person = Person(taught=all_levels(), spells=[first, later])

    assert (inducting.stands(person, later, high_risk=False) == []) is lacks


def _before(later: Spell) -> str:
    return "principal" if later.role == "principal" else "employee"
