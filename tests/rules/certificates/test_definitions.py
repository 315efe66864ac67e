"""Populations, measures and grace as data, and what figures mean in words."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from certificates import coverage, definitions, moves, wording
from certificates.definitions import Question
from certificates.facts import RecordKind
from certificates.spans import Span
from certificates.validity import Status, Turn, validity
from tests.factories.facts import CertificateFact, Facts, PostFact, RecordFact, count


@pytest.mark.parametrize(
    ("role", "appointed_on", "due_on"),
    [
        ("principal", "2026-01-10", "2026-07-10"),
        ("safety_manager", "2025-08-31", "2026-02-28"),
        ("principal", "2023-08-29", "2024-02-29"),
        ("principal", "2026-07-01", "2027-01-01"),
        ("principal", "2006-02-28", "2006-02-28"),
        ("special_operations_worker", "2026-01-10", "2026-01-10"),
    ],
)
def test_grace_ends_half_a_year_after_appointment(role, appointed_on, due_on):
    found = definitions.due_on(role, date.fromisoformat(appointed_on))

    assert found == date.fromisoformat(due_on)


def test_a_grace_that_was_abolished_counts_for_earlier_appointments_only():
    grace = definitions.Grace(
        role="principal",
        months=6,
        effective_from=date(2006, 3, 1),
        effective_until=date(2026, 5, 31),
        source_zh="某规定",
        source_en="some provision",
    )

    assert grace.counts("principal", date(2026, 5, 31))
    assert not grace.counts("principal", date(2026, 6, 1))
    assert not grace.counts("employee", date(2026, 1, 1))


def test_words_name_the_window_and_every_population():
    question = Question(
        populations=tuple(
            definitions.populations()[name] for name in ("principal", "safety_manager")
        ),
        measure=definitions.measures()["post_qualification_training"],
        per_year=True,
    )

    said = wording.definition(question, on=date(2026, 6, 15))

    assert "2026-01-01 至 2026-06-15" in said.numerator_zh
    assert "在岗主要负责人、在岗安全生产管理人员" in said.denominator_zh
    assert "principals in post and safety managers" in said.denominator_en
    assert said.excluded_zh == "无"


@pytest.mark.parametrize(
    ("share", "text"), [(None, None), (coverage.ratio(2, 3), "0.666666"), (1, "1.000000")]
)
def test_a_share_for_programs_is_cut_off(share, text):
    assert coverage.decimal(share) == text


def test_what_is_revoked_stays_revoked_whatever_comes():
    possible = {turn for turn in Turn if moves.allowed(Status.REVOKED, turn)}

    assert possible == {Turn.VOIDED}, "a revocation itself may rest on a mistaken issue"


def test_nothing_befalls_what_was_issued_by_mistake():
    assert not any(moves.allowed(Status.VOIDED, turn) for turn in Turn)


def test_everything_can_be_revoked_until_it_is():
    revocable = {status for status in Status if moves.allowed(status, Turn.REVOKED)}

    assert revocable == set(Status) - {Status.REVOKED, Status.VOIDED}
    assert set(moves.STATUS_ZH) == set(Status)
    assert set(moves.TURN_ZH) == set(Turn) == set(moves.MOVES)


def test_training_for_another_item_is_not_training_for_this_one():
    worker, place, day = UUID(int=1), UUID(int=2), date(2026, 6, 15)
    post = PostFact(
        person_id=worker,
        organisation_id=place,
        role="special_operations_worker",
        items=frozenset({"1.2"}),
        span=Span(date(2020, 1, 1)),
    )
    held = CertificateFact(
        person_id=worker,
        role="special_operations_worker",
        item="1.2",
        validity=validity(date(2026, 1, 1), years=6),
    )
    question = Question(
        populations=(definitions.populations()["special_operations_worker"],),
        measure=definitions.measures()["qualification_training_and_certificate"],
    )

    def covered(item: str) -> bool:
        trained = RecordFact(
            person_id=worker,
            kind=RecordKind.TRAINED,
            on=day,
            purpose="qualification",
            role="special_operations_worker",
            item=item,
        )
        facts = Facts(posts=[post], certificates=[held], records=[trained])
        return bool(count(question, facts, on=day).covered)

    assert covered("1.2")
    assert not covered("1.1")
