"""What holds of every form that is drawn after the others: the same rules, and nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from exams.assembly import Candidate, DrawnItem
from exams.models import PaperSpecification
from exams.services.decks import Deck
from exams.services.stocks import Laid

KINDS, TOPICS = ("true_false", "single_choice"), ("一", "二", "三")
COUNTS = {"true_false": 6, "single_choice": 3}
BOUNDS = {"一": {"minimum": 1, "maximum": 3}, "二": {"minimum": 0, "maximum": 2}}


@st.composite
def banks(draw_from: st.DrawFn) -> list[Candidate]:
    """Return a bank of some forty questions; some say what others say."""
    size = draw_from(st.integers(24, 48))
    share = st.integers(3, 9)
    group = st.one_of(st.none(), st.none(), st.integers(1000, 1004))
    told = draw_from(st.lists(st.tuples(share, group), min_size=size, max_size=size))
    return [
        Candidate(
            question_id=UUID(int=number),
            version_id=UUID(int=number + 500),
            kind=KINDS[number % 3 == 0],
            topic=TOPICS[number // 3 % 3],
            difficulty=tenths / 10,
            duplicate_group=UUID(int=group) if group else None,
        )
        for number, (tenths, group) in enumerate(told, start=1)
    ]


def a_specification(**changed: Any) -> PaperSpecification:
    """Return a specification of nine questions."""
    values: dict[str, Any] = {
        "sections": [
            {"kind": kind, "count": count, "points": 10, "topics": BOUNDS}
            for kind, count in COUNTS.items()
        ],
        "target_points": None,
        "tolerance_points": 3.0,
        "most_uses": None,
        "required_question_ids": [],
        "excluded_question_ids": [],
    }
    return PaperSpecification(**(values | changed))


def asked(items: Sequence[DrawnItem]) -> list[UUID]:
    """Return the questions of a form."""
    return [item.candidate.question_id for item in items]


def check_form(items: Sequence[DrawnItem]) -> None:
    """Hold a form against the words of the specification."""
    every = [item.candidate for item in items]
    assert Counter(one.kind for one in every) == COUNTS
    assert len({one.group for one in every}) == len(every)
    assert [item.slot for item in items] == list(range(1, 10))
    for kind in KINDS:
        topics = Counter(one.topic for one in every if one.kind == kind)
        for topic, bounds in BOUNDS.items():
            assert bounds["minimum"] <= topics[topic] <= bounds["maximum"]


@given(bank=banks(), seed=st.binary(min_size=32, max_size=32), data=st.data())
@settings(max_examples=15, deadline=None)
def test_a_form_drawn_late_meets_every_rule_and_asks_nothing_that_is_barred(
    bank: list[Candidate], seed: bytes, data: st.DataObject
) -> None:
    ids = [one.question_id for one in bank]
    past = data.draw(st.sets(st.sampled_from(ids), max_size=12))
    must = data.draw(st.sampled_from(ids))
    target = data.draw(st.sampled_from([None, 55.0]))
    specification = a_specification(target_points=target, required_question_ids=[str(must)])
    deck = Deck(Laid(specification, bank), given={}, forms=1)

    items = deck.draw(seed=seed, barred=past, avoided=frozenset())

    if not items:
        return
    check_form(items)
    assert not set(asked(items)) & (past - {must})
    assert must in asked(items)
    if target is not None:
        expected = sum(10 * (item.candidate.difficulty or 0) for item in items)
        assert abs(expected - target) <= 3.0 + 1e-9


@given(bank=banks(), seed=st.binary(min_size=32, max_size=32))
@settings(max_examples=5, deadline=None)
def test_forms_drawn_late_count_what_came_up_before_and_the_same_chance_makes_the_same(
    bank: list[Candidate], seed: bytes
) -> None:
    def drawn() -> list[list[UUID]]:
        given = {one.question_id: 2 for one in bank[:4]}
        deck = Deck(Laid(a_specification(most_uses=2), bank), given=given, forms=2)
        forms = []
        for number in range(4):
            form = deck.draw(seed=bytes([number]) + seed, barred=frozenset(), avoided=frozenset())
            if form:
                check_form(form)
                deck.count(set(asked(form)))
            forms.append(asked(form))
        return forms

    forms = drawn()

    uses = Counter(question for form in forms for question in form)
    assert max(uses.values(), default=0) <= 2
    assert not uses.keys() & {one.question_id for one in bank[:4]}
    assert drawn() == forms


@given(seed=st.binary(min_size=32, max_size=32), data=st.data())
@settings(max_examples=6, deadline=None)
def test_what_lies_around_is_avoided_where_the_bank_carries_it(
    seed: bytes, data: st.DataObject
) -> None:
    bank = [
        Candidate(
            question_id=UUID(int=number),
            version_id=UUID(int=number + 500),
            kind=KINDS[number % 3 == 0],
            topic="三",
        )
        for number in range(1, 61)
    ]
    sections = [{"kind": kind, "count": 3, "points": 10, "topics": {}} for kind in KINDS]
    ids = [one.question_id for one in bank]
    around = data.draw(st.sets(st.sampled_from(ids), max_size=16))
    deck = Deck(Laid(a_specification(sections=sections), bank), given={}, forms=1)

    items = deck.draw(seed=seed, barred=frozenset(), avoided=around)

    assert len(items) == 6
    assert not set(asked(items)) & around
