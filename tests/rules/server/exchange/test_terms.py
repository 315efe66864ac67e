"""What agreements of each purpose may give, and on which days they count."""

from __future__ import annotations

from datetime import date

import pytest

from server.exchange.terms import (
    ABILITY_NAMES,
    BOUNDS,
    Ability,
    PersonField,
    Purpose,
    beyond,
    stands,
)

A, F, P = Ability, PersonField, Purpose
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("purpose", "abilities", "fields", "over"),
    [
        (P.SUPERVISION, list(A), list(F), []),
        (P.SITE_ADMISSION, [A.LOOKUP, A.CERTIFICATES], [F.NAME], []),
        (P.SITE_ADMISSION, [A.LOOKUP, A.OUTCOMES], [F.DOCUMENT], ["document", "outcomes"]),
        (P.STATISTICS, [A.COVERAGE], [F.NAME], ["name"]),
        (P.STATISTICS, [A.COVERAGE], [], []),
        (P.LAW_SHARING, [A.HAND_IN_LAWS, A.LOOKUP], [], ["lookup"]),
    ],
)
def test_a_purpose_gives_no_more_than_it_needs(
    purpose: Purpose, abilities: list[Ability], fields: list[PersonField], over: list[str]
) -> None:
    assert beyond(purpose, abilities, fields) == over


def test_every_purpose_is_bounded_and_every_ability_has_a_name() -> None:
    assert BOUNDS.keys() == set(Purpose)
    assert ABILITY_NAMES.keys() == set(Ability)


@pytest.mark.parametrize(
    ("on", "ended_on", "counts"),
    [
        (FIRST, None, True),
        (LAST, None, True),
        (date(2025, 12, 31), None, False),
        (date(2027, 1, 1), None, False),
        (date(2026, 6, 1), date(2026, 6, 1), False),
        (date(2026, 5, 31), date(2026, 6, 1), True),
    ],
)
def test_an_agreement_counts_from_its_first_day_to_its_last_or_its_end(
    on: date, ended_on: date | None, counts: bool
) -> None:
    assert stands(FIRST, LAST, ended_on, on=on) is counts
