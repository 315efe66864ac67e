"""Forms of one exam are as hard as each other, whether the planner says how hard or not."""

from __future__ import annotations

from collections import Counter
from random import Random
from uuid import UUID

import pytest

from exams import estimates
from exams.assembly import Candidate
from exams.models import PaperSpecification
from exams.services import batches
from exams.services.decks import Deck
from exams.services.stocks import Laid

pytestmark = pytest.mark.once

SEED = bytes(range(32))


def a_bank(size: int, *, mean: float = 0.7) -> list[Candidate]:
    """Return questions of two kinds, some much harder than others."""
    dice = Random(7)
    return [
        Candidate(
            question_id=UUID(int=number),
            version_id=UUID(int=number + 5000),
            kind=("true_false", "true_false", "single_choice")[number % 3],
            topic="一二三"[number % 3],
            difficulty=min(0.98, max(0.3, dice.gauss(mean, 0.15))),
            response_count=400,
        )
        for number in range(1, size + 1)
    ]


def a_specification(target: float | None) -> PaperSpecification:
    """Return a specification of fifty questions for a hundred points."""
    return PaperSpecification(
        sections=[
            {"kind": kind, "count": count, "points": 2, "topics": {}}
            for kind, count in (("true_false", 35), ("single_choice", 15))
        ],
        target_points=target,
        tolerance_points=0.5,
        most_uses=None,
        required_question_ids=[],
        excluded_question_ids=[],
    )


def worth(items) -> float:
    """Return the points that the average candidate is expected to reach."""
    known = estimates.of([item.candidate for item in items])
    return float(sum(2 * one.facility for one in known))


@pytest.mark.parametrize("target", [None, 72.0])
def test_no_two_forms_differ_by_more_than_half_a_point_of_a_hundred(target):
    bank = a_bank(900)
    specification = a_specification(target)

    forms = batches.draw(specification, bank, 24, seed=SEED)

    expected = [worth(items) for items in forms]
    assert max(expected) - min(expected) <= 0.5
    asked = Counter(item.candidate.question_id for items in forms for item in items)
    given = {one.question_id: asked[one.question_id] for one in bank}
    late = Deck(Laid(specification, bank), given, len(forms)).draw(
        seed=SEED[::-1],
        barred={item.candidate.question_id for item in forms[0]},
        avoided=frozenset(),
    )
    assert max([*expected, worth(late)]) - min([*expected, worth(late)]) <= 0.5


def test_a_bank_that_cannot_make_them_even_makes_them_all_the_same():
    """Fifty-one questions: two forms that leave out one each, and one of those is far harder."""
    bank = a_bank(51)
    kinds = {"true_false": 35, "single_choice": 15}
    specification = a_specification(None)
    held = {kind: sum(one.kind == kind for one in bank) for kind in kinds}
    specification.sections = [
        {"kind": kind, "count": held[kind] - (kind == "true_false"), "points": 2, "topics": {}}
        for kind in kinds
    ]

    forms = batches.draw(specification, bank, 6, seed=SEED)

    assert [len(items) for items in forms] == [50] * 6
