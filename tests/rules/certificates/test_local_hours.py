"""Hours that a region asks for beside the law: who was taught with fewer is told, as tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from certificates import local_hours, on_post
from certificates.local_hours import LocalHours
from certificates.on_post_facts import Person, Spell, Taught
from certificates.on_post_reasons import Code

DAY = date(2026, 6, 15)
BEGAN = date(2026, 1, 10)
POST = Spell("works", "works", "employee", frozenset(), BEGAN, None)

INDUCTION, YEAR = Code.LOCAL_INDUCTION_HOURS, Code.LOCAL_ANNUAL_HOURS


def a_rule(**said: Any) -> LocalHours:
    usual = LocalHours(
        region="/zj/",
        type="induction",
        roles=frozenset({"employee"}),
        high_risk=None,
        hours=Decimal(32),
        from_on=date(2026, 1, 1),
        source_zh="某市文件第二条",
    )
    return usual._replace(**said)


def induction(*hours: int, on: date = date(2026, 1, 12)) -> list[Taught]:
    """Return lessons on all levels together, of so many hours each, the last on the day."""
    return [Taught(on, Decimal(each), "induction", None, "works") for each in hours]


def told(
    taught: list[Taught], *rules: LocalHours, post: Spell = POST, before: tuple[Spell, ...] = ()
) -> list[tuple[Code, str | None, str | None]]:
    person = Person(birth_on=None, taught=taught, spells=[*before, post])
    law = on_post.reasons(person, post, high_risk=False, on=DAY)
    found = local_hours.lacking(person, post, rules, law, high_risk=False, on=DAY)
    return [(each.code, each.done, each.due) for each in found]


@pytest.mark.parametrize(
    ("taught", "rule", "expected"),
    [
        # As many hours as are asked for, in one lesson or two.
        (induction(32), {}, []),
        (induction(24, 8), {}, []),
        # As many as the law asks for, and fewer than the region does.
        (induction(24), {}, [(INDUCTION, "24", "32")]),
        (induction(24), {"hours": Decimal("24.5")}, [(INDUCTION, "24", "24.5")]),
        # No more than the law: then the law alone is told, or nothing.
        (induction(24), {"hours": Decimal(24)}, []),
        (induction(20), {"hours": Decimal(24)}, []),
        # Fewer than the law, and the region asks for more: both are told.
        (induction(20), {}, [(INDUCTION, "20", "32")]),
        # Taught to the end before the rule began: the law of that day was enough.
        (induction(24), {"from_on": date(2026, 1, 13)}, []),
        (induction(24), {"from_on": date(2026, 1, 12)}, [(INDUCTION, "24", "32")]),
        # Somebody else’s rule.
        (induction(24), {"roles": frozenset({"principal"})}, []),
        (induction(24), {"high_risk": True}, []),
        (induction(24), {"high_risk": False}, [(INDUCTION, "24", "32")]),
        # Nobody is told of hours before there is an induction on all levels: the law says that.
        ([], {}, []),
        ([Taught(date(2026, 1, 12), Decimal(8), "induction", "plant", "works")], {}, []),
        # What another employer taught is no induction here.
        ([Taught(date(2026, 1, 12), Decimal(8), "induction", None, "other")], {}, []),
    ],
)
def test_an_induction_is_held_to_the_rule_of_the_day_on_which_it_was_given(
    taught: list[Taught], rule: dict[str, Any], expected: list[Any]
) -> None:
    assert told(taught, a_rule(**rule)) == expected


def test_of_several_rules_the_strictest_is_told() -> None:
    rules = [a_rule(hours=Decimal(28)), a_rule(hours=Decimal(40)), a_rule(hours=Decimal(32))]

    assert told(induction(24), *rules) == [(INDUCTION, "24", "40")]


def test_after_a_change_of_post_the_hours_of_the_first_induction_are_not_asked_again() -> None:
    earlier = POST._replace(from_on=date(2025, 12, 1), until_on=BEGAN, place="shop")
    again = [*induction(24), Taught(BEGAN, Decimal(8), "post_change", "workshop", "works")]

    assert told(again, a_rule(), before=(earlier,)) == []


@pytest.mark.parametrize(
    ("began", "hours", "rule", "expected"),
    [
        (date(2024, 1, 10), 12, {"from_on": date(2025, 1, 1)}, []),
        (date(2024, 1, 10), 8, {"from_on": date(2025, 1, 1)}, [(YEAR, "8", "12")]),
        # The year that is counted began before the rule: it is not held to it.
        (date(2024, 1, 10), 8, {"from_on": date(2025, 6, 15)}, [(YEAR, "8", "12")]),
        (date(2024, 1, 10), 8, {"from_on": date(2025, 6, 16)}, []),
        # Whoever is there for less than a year has had an induction instead.
        (date(2025, 6, 16), 8, {"from_on": date(2025, 1, 1)}, []),
    ],
)
def test_a_year_is_held_to_a_rule_that_held_all_through_it(
    began: date, hours: int, rule: dict[str, Any], expected: list[Any]
) -> None:
    post = POST._replace(from_on=began)
    lesson = Taught(date(2026, 3, 1), Decimal(hours), "annual", None, "works")
    first = induction(24, on=began)
    asked = a_rule(type="re_training", hours=Decimal(12), **rule)

    assert told([*first, lesson], asked, post=post) == expected


def test_a_region_warns_and_keeps_nobody_from_work() -> None:
    person = Person(birth_on=None, taught=induction(24), spells=[POST])

    (found,) = local_hours.lacking(person, POST, [a_rule()], (), high_risk=False, on=DAY)

    assert (found.blocks, found.source_zh) == (False, "某市文件第二条")
    assert found.message.zh == "三级安全教育学时未达到本地区规定：已修 24，应修 32"
    assert found.remedy.en == "complete the hours of the induction as the region asks"
