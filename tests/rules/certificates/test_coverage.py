"""Who must, who does, and how it is shown."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from uuid import UUID

import pytest

from certificates import coverage
from certificates.coverage import Coverage, Evidence, Need, Reason
from certificates.validity import Status

TODAY = date(2026, 11, 20)
ANNA, BAO, CHEN = (UUID(int=number) for number in (1, 2, 3))


def _need(who: UUID, what: str = "principal", due_on: date = TODAY) -> Need:
    return Need(who=who, what=what, due_on=due_on)


def test_nobody_required_is_neither_all_nor_none():
    empty = coverage.assess([], set(), on=TODAY)

    assert empty.ratio is None
    assert coverage.shown(empty.ratio) == "—"


def test_who_does_not_hold_what_is_due_is_missing():
    found = coverage.assess([_need(ANNA), _need(BAO)], {(ANNA, "principal")}, on=TODAY)

    assert found.covered == {ANNA}
    assert found.missing == {BAO}
    assert found.ratio == Fraction(1, 2)


def test_a_person_with_two_posts_counts_once():
    found = coverage.assess([_need(ANNA), _need(ANNA)], {(ANNA, "principal")}, on=TODAY)

    assert (len(found.required), len(found.covered)) == (1, 1)


def test_one_of_two_items_is_not_enough():
    needs = [_need(ANNA, "special:1.1"), _need(ANNA, "special:1.2")]

    assert coverage.assess(needs, {(ANNA, "special:1.2")}, on=TODAY).missing == {ANNA}


def test_who_is_within_grace_is_left_out_even_when_certified():
    needs = [
        _need(ANNA, due_on=date(2026, 11, 21)),
        _need(BAO, due_on=date(2026, 11, 21)),
        _need(CHEN, due_on=TODAY),
    ]

    found = coverage.assess(needs, {(ANNA, "principal"), (CHEN, "principal")}, on=TODAY)

    assert found.excluded == {ANNA, BAO}
    assert found.ratio == 1


def test_a_due_need_outweighs_one_within_grace():
    needs = [_need(ANNA, "a"), _need(ANNA, "b", due_on=date(2027, 1, 1))]

    found = coverage.assess(needs, {(ANNA, "a")}, on=TODAY)

    assert found.covered == {ANNA}
    assert found.excluded == frozenset()


@pytest.mark.parametrize(
    ("required", "covered", "excluded"),
    [({ANNA}, {BAO}, set()), ({ANNA}, {ANNA}, {ANNA})],
)
def test_a_numerator_outside_its_denominator_cannot_be_built(required, covered, excluded):
    with pytest.raises(ValueError, match="must be required"):
        Coverage(
            required=frozenset(required),
            covered=frozenset(covered),
            excluded=frozenset(excluded),
        )


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [
        (None, 1, "—"),
        (Fraction(0), 1, "0.0%"),
        (Fraction(1), 1, "100.0%"),
        (Fraction(2999, 3000), 1, "99.9%"),
        (Fraction(999_999, 1_000_000), 2, "99.99%"),
        (Fraction(2, 3), 1, "66.6%"),
        (Fraction(1, 3000), 1, "0.0%"),
        (Fraction(61, 1000), 1, "6.1%"),
        (Fraction(199, 200), 0, "99%"),
    ],
)
def test_a_share_is_floored_when_shown(share, decimals, text):
    assert coverage.shown(share, decimals=decimals) == text


@pytest.mark.parametrize(
    ("covered", "required", "target", "more"),
    [
        (0, 0, 1, 0),
        (94, 100, Fraction(95, 100), 1),
        (95, 100, Fraction(95, 100), 0),
        (0, 3, 1, 3),
        (2, 99, Fraction(3, 100), 1),
        (9, 9, Fraction(1, 2), 0),
    ],
)
def test_the_gap_is_counted_in_whole_people(covered, required, target, more):
    assert coverage.gap(covered=covered, required=required, target=Fraction(target)) == more


@pytest.mark.parametrize(
    ("evidence", "reason"),
    [
        (Evidence(), Reason.NEVER_TRAINED),
        (Evidence(trained=True), Reason.NOT_EXAMINED),
        (Evidence(trained=True, failed=True), Reason.FAILED),
        (Evidence(holds_another=True), Reason.WRONG_ITEM),
        (Evidence(holds_another=True, failed=True), Reason.FAILED),
        (Evidence(statuses=[Status.EXPIRED], failed=True), Reason.EXPIRED),
        (Evidence(statuses=[Status.REPLACED]), Reason.EXPIRED),
        (Evidence(lapsed=True, trained=True), Reason.EXPIRED),
        (Evidence(statuses=[Status.NOT_YET_VALID, Status.EXPIRED]), Reason.NOT_YET_VALID),
        (Evidence(statuses=[Status.REVOKED, Status.EXPIRED]), Reason.REVOKED),
        (Evidence(statuses=[Status.REVOKED, Status.SUSPENDED]), Reason.SUSPENDED),
    ],
)
def test_the_reason_is_the_one_that_says_what_to_do_next(evidence, reason):
    assert coverage.why_missing(evidence) is reason
