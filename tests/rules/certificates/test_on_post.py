"""Who may work at a post on a day, as tables of cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from certificates import on_post
from certificates.on_post_facts import Barring, Paper, Person, Spell, Taught
from certificates.on_post_reasons import Code, Reason
from certificates.validity import Status

DAY = date(2026, 6, 15)
WORKS, OTHER = "works", "other"


def a_spell(**said: Any) -> Spell:
    usual = Spell(
        at=WORKS,
        place="workshop 1",
        role="special_operations_worker",
        items=frozenset({"2.1"}),
        from_on=date(2026, 1, 10),
        until_on=None,
    )
    return usual._replace(**said)


def taught(level: str | None, on: date, hours: int = 8, at: str = WORKS) -> Taught:
    purpose = "induction" if level else "annual"
    return Taught(on, Decimal(hours), purpose, level, at)


def all_levels(on: date = date(2026, 1, 5), at: str = WORKS) -> list[Taught]:
    return [taught(level, on, at=at) for level in ("plant", "workshop", "team")]


def a_welder(**said: Any) -> Person:
    usual = Person(
        birth_on=date(1990, 1, 1),
        papers=[Paper("special_operations_worker", "2.1", Status.VALID)],
        taught=all_levels(),
        spells=[a_spell()],
    )
    return replace(usual, **said)


def codes(person: Person, post: Spell, *, on: date = DAY, high_risk: bool = False) -> list[Code]:
    return [reason.code for reason in on_post.reasons(person, post, high_risk=high_risk, on=on)]


def test_who_has_everything_may_work() -> None:
    assert codes(a_welder(), a_spell()) == []


def test_one_entry_for_all_levels_together_is_good_for_each() -> None:
    together = Taught(date(2026, 1, 5), Decimal(24), "induction", None, WORKS)
    assert codes(a_welder(taught=[together]), a_spell()) == []


@pytest.mark.parametrize(
    ("lacks", "code"),
    [
        ({"papers": []}, Code.CERTIFICATE_MISSING),
        (
            {"papers": [Paper("special_operations_worker", "1.2", Status.VALID)]},
            Code.CERTIFICATE_MISSING,
        ),
        (
            {"papers": [Paper("special_operations_worker", "2.1", Status.EXPIRED)]},
            Code.CERTIFICATE_EXPIRED,
        ),
        (
            {"papers": [Paper("special_operations_worker", "2.1", Status.SUSPENDED)]},
            Code.CERTIFICATE_SUSPENDED,
        ),
        (
            {"papers": [Paper("special_operations_worker", "2.1", Status.REVOKED)]},
            Code.CERTIFICATE_REVOKED,
        ),
        ({"bars": [Barring(None, None)]}, Code.BARRED),
        ({"bars": [Barring("special_operations_worker", "2.1")]}, Code.BARRED),
        ({"birth_on": date(2008, 6, 16)}, Code.TOO_YOUNG),
        ({"fit": False}, Code.UNFIT),
        ({"off_work_until": DAY}, Code.OFF_WORK),
        ({"taught": all_levels()[1:]}, Code.INDUCTION_PLANT),
        ({"taught": all_levels()[:2]}, Code.INDUCTION_TEAM),
        ({"taught": [all_levels()[0], all_levels()[2]]}, Code.INDUCTION_WORKSHOP),
        ({"taught": [taught(one.level, one.on, 7) for one in all_levels()]}, Code.INDUCTION_HOURS),
    ],
)
def test_whatever_is_lacking_keeps_from_the_post(lacks: dict[str, object], code: Code) -> None:
    assert codes(a_welder(**lacks), a_spell()) == [code]


@pytest.mark.parametrize(
    "harmless",
    [
        {"bars": [Barring("principal", None)]},
        {"bars": [Barring("special_operations_worker", "1.2")]},
        {"birth_on": date(2008, 6, 15)},
        {"fit": True},
        {"off_work_until": date(2026, 6, 14)},
    ],
)
def test_what_concerns_another_post_or_day_does_not(harmless: dict[str, object]) -> None:
    assert codes(a_welder(**harmless), a_spell()) == []


def test_a_certificate_that_ends_soon_only_warns() -> None:
    welder = a_welder(papers=[Paper("special_operations_worker", "2.1", Status.EXPIRING)])

    (reason,) = on_post.reasons(welder, a_spell(), high_risk=False, on=DAY)

    assert (reason.code, reason.blocks) == (Code.CERTIFICATE_EXPIRING, False)
    assert reason.message.zh == "证书即将到期 熔化焊接与热切割作业（2.1）"
    assert reason.remedy.en == "apply for the renewal Fusion welding and thermal cutting (2.1)"


def test_an_operation_that_no_catalogue_has_is_told_by_its_number() -> None:
    reason = Reason(Code.CERTIFICATE_MISSING, True, item="99.1")

    assert reason.message.zh == "未持有所需证书 99.1"


def test_an_induction_elsewhere_does_not_count_here() -> None:
    elsewhere = a_welder(taught=all_levels(at=OTHER))

    assert codes(elsewhere, a_spell()) == [
        Code.INDUCTION_PLANT,
        Code.INDUCTION_WORKSHOP,
        Code.INDUCTION_TEAM,
    ]


def test_high_risk_industry_asks_for_more_hours() -> None:
    assert codes(a_welder(), a_spell(), high_risk=True) == [Code.INDUCTION_HOURS]


@pytest.mark.parametrize(
    ("again", "expected"),
    [
        ([], [Code.POST_CHANGE_WORKSHOP, Code.POST_CHANGE_TEAM]),
        (["workshop"], [Code.POST_CHANGE_TEAM]),
        (["workshop", "team"], []),
    ],
)
def test_a_change_of_post_calls_for_workshop_and_team_again(
    again: list[str], expected: list[Code]
) -> None:
    before = a_spell(until_on=date(2026, 5, 1))
    after = a_spell(place="workshop 2", from_on=date(2026, 5, 1))
    moved = [taught(level, date(2026, 4, 28)) for level in again]
    lessons = all_levels() + [one._replace(purpose="post_change") for one in moved]

    assert codes(a_welder(taught=lessons, spells=[before, after]), after) == expected


@pytest.mark.parametrize(
    ("back_on", "expected"),
    [
        (date(2026, 4, 29), []),
        (date(2026, 4, 30), [Code.POST_CHANGE_WORKSHOP, Code.POST_CHANGE_TEAM]),
    ],
)
def test_a_year_away_calls_for_workshop_and_team_again(back_on: date, expected: list[Code]) -> None:
    role, items = "employee", frozenset[str]()
    before = a_spell(role=role, items=items, from_on=date(2024, 1, 10), until_on=date(2025, 4, 30))
    after = a_spell(role=role, items=items, from_on=back_on)
    worker = a_welder(taught=all_levels(date(2024, 1, 5)), spells=[before, after])

    assert codes(worker, after) == expected


@pytest.mark.parametrize(("on", "blocks"), [(date(2026, 5, 31), True), (date(2026, 6, 1), False)])
def test_half_a_year_away_from_the_operation_calls_for_the_practical_again(
    on: date, blocks: bool
) -> None:
    before = a_spell(at=OTHER, from_on=date(2020, 1, 1), until_on=date(2025, 7, 10))
    welder = a_welder(spells=[before, a_spell()])

    (reason,) = on_post.reasons(welder, a_spell(), high_risk=False, on=on)

    assert (reason.code, reason.blocks) == (Code.PRACTICAL_AGAIN, blocks)
    welder.practicals.append(("2.1", date(2025, 12, 1)))
    assert on_post.reasons(welder, a_spell(), high_risk=False, on=on) == ()


@pytest.mark.parametrize(
    ("hours", "on", "expected"),
    [
        (7, date(2026, 3, 1), [Code.ANNUAL_HOURS]),
        (8, date(2026, 3, 1), []),
        (8, date(2025, 6, 15), [Code.ANNUAL_HOURS]),
        (8, date(2025, 6, 16), []),
    ],
)
def test_the_yearly_hours_are_counted_over_the_last_twelve_months(
    hours: int, on: date, expected: list[Code]
) -> None:
    post = a_spell(from_on=date(2024, 1, 10))
    lessons = [*all_levels(date(2024, 1, 5)), taught(None, on, hours)]

    assert codes(a_welder(taught=lessons, spells=[post]), post) == expected


@pytest.mark.parametrize(
    ("role", "high_risk", "appointed", "expected"),
    [
        ("principal", True, date(2026, 1, 1), []),
        ("principal", True, date(2025, 12, 15), [Code.CERTIFICATE_MISSING]),
        ("full_time_safety_manager", True, date(2025, 12, 15), [Code.CERTIFICATE_MISSING]),
        ("principal", False, date(2025, 12, 15), []),
    ],
)
def test_a_principal_has_six_months_and_only_in_high_risk_industries_needs_a_certificate(
    role: str, high_risk: bool, appointed: date, expected: list[Code]
) -> None:
    post = a_spell(role=role, items=frozenset(), from_on=appointed)

    assert codes(Person(spells=[post]), post, high_risk=high_risk) == expected
