"""Drawing a paper from a pool, on its edges."""

from dataclasses import replace
from itertools import count
from uuid import UUID

import pytest

from exams.assembly import (
    Candidate,
    SectionRule,
    Shortage,
    TopicBounds,
    contradictions,
    draw,
    supply,
)

SEED = b"a seed of sixteen"
numbers = count(1)


def questions(how_many, *, kind="single_choice", topic="基础", group=None):
    """Return so many candidates of one kind and topic."""
    return [
        Candidate(
            question_id=UUID(int=next(numbers)),
            version_id=UUID(int=next(numbers)),
            kind=kind,
            topic=topic,
            duplicate_group=group,
        )
        for _ in range(how_many)
    ]


def test_questions_that_rested_come_up_more_and_none_that_was_asked_never_again():
    rested, asked = questions(100), [replace(one, exposure_count=30) for one in questions(100)]
    section = SectionRule(kind="single_choice", count=20, points=1)

    drawn = [
        {item.candidate.question_id for item in draw([section], rested + asked, seed=seed).items}
        for seed in (bytes([number]) * 16 for number in range(20))
    ]

    often = {one.question_id for one in asked}
    share = sum(len(one & often) for one in drawn) / 400
    assert 0.1 < share < 0.35


def test_a_paper_has_its_sections_in_order_and_its_slots_numbered():
    pool = questions(10, kind="true_false") + questions(10)
    sections = [
        SectionRule(kind="true_false", count=3, points=1),
        SectionRule(kind="single_choice", count=2, points=2),
    ]

    drawing = draw(sections, pool, seed=SEED)

    assert [item.slot for item in drawing.items] == [1, 2, 3, 4, 5]
    assert [item.section for item in drawing.items] == [0, 0, 0, 1, 1]
    assert [item.points for item in drawing.items] == [1, 1, 1, 2, 2]
    assert [item.candidate.kind for item in drawing.items] == ["true_false"] * 3 + [
        "single_choice"
    ] * 2


def test_a_short_kind_is_named_with_what_is_missing():
    drawing = draw([SectionRule(kind="single_choice", count=7, points=1)], questions(4), seed=SEED)

    assert drawing.items == ()
    assert drawing.shortages == (
        Shortage(section=0, kind="single_choice", topic=None, needed=7, missing=3),
    )


def test_a_short_topic_is_named_with_what_is_missing():
    pool = questions(20) + questions(2, topic="触电急救")
    rule = SectionRule(
        kind="single_choice", count=10, points=1, topics={"触电急救": TopicBounds(minimum=5)}
    )

    drawing = draw([rule], pool, seed=SEED)

    assert drawing.shortages == (
        Shortage(section=0, kind="single_choice", topic="触电急救", needed=5, missing=3),
    )


def test_a_topic_and_its_kind_are_both_named_and_nothing_is_counted_twice():
    pool = questions(3) + questions(2, topic="触电急救")
    rule = SectionRule(
        kind="single_choice", count=10, points=1, topics={"触电急救": TopicBounds(minimum=4)}
    )

    drawing = draw([rule], pool, seed=SEED)

    assert [(short.topic, short.missing) for short in drawing.shortages] == [
        ("触电急救", 2),
        (None, 3),
    ]


def test_a_maximum_holds_though_the_topic_has_more():
    pool = questions(50) + questions(5, topic="法规")
    rule = SectionRule(
        kind="single_choice", count=8, points=1, topics={"基础": TopicBounds(maximum=4)}
    )

    topics = [item.candidate.topic for item in draw([rule], pool, seed=SEED).items]

    assert topics.count("基础") <= 4
    assert len(topics) == 8


def test_never_two_questions_of_one_duplicate_group():
    twins = [questions(2, group=UUID(int=900 + pair)) for pair in range(5)]
    pool = [one for pair in twins for one in pair]

    drawing = draw([SectionRule(kind="single_choice", count=5, points=1)], pool, seed=SEED)
    too_many = draw([SectionRule(kind="single_choice", count=6, points=1)], pool, seed=SEED)

    assert len({item.candidate.group for item in drawing.items}) == 5
    assert too_many.shortages[0].missing == 1


def test_a_group_across_topics_is_exchanged_where_greed_gets_stuck():
    """Group g serves both topics, and only g serves topic two: g must go there."""
    group = UUID(int=999)
    pool = (
        questions(1, topic="一", group=group)
        + questions(1, topic="二", group=group)
        + questions(1, topic="一")
    )
    bounds = {"一": TopicBounds(minimum=1), "二": TopicBounds(minimum=1)}
    rule = SectionRule(kind="single_choice", count=2, points=1, topics=bounds)

    for seed in range(40):
        drawing = draw([rule], pool, seed=seed.to_bytes(16, "big"))

        assert {item.candidate.topic for item in drawing.items} == {"一", "二"}


def test_a_section_gives_way_to_a_later_one_where_both_want_the_same_kind():
    group = UUID(int=998)
    pool = questions(1, group=group) + questions(1, kind="true_false", group=group) + questions(1)
    sections = [
        SectionRule(kind="single_choice", count=1, points=1),
        SectionRule(kind="true_false", count=1, points=1),
    ]

    for seed in range(40):
        assert len(draw(sections, pool, seed=seed.to_bytes(16, "big")).items) == 2


def test_a_topic_gives_way_to_another_topic_of_its_section():
    group = UUID(int=996)
    pool = (
        questions(1, topic="一", group=group)
        + questions(1, kind="true_false", group=group)
        + questions(1, topic="二")
    )
    sections = [
        SectionRule(kind="single_choice", count=1, points=1, topics={"一": TopicBounds(maximum=5)}),
        SectionRule(kind="true_false", count=1, points=1),
    ]

    for seed in range(40):
        assert len(draw(sections, pool, seed=seed.to_bytes(16, "big")).items) == 2


def test_the_order_of_the_pool_decides_nothing():
    pool = questions(60)
    rule = [SectionRule(kind="single_choice", count=20, points=1)]

    assert draw(rule, pool, seed=SEED) == draw(rule, pool[::-1], seed=SEED)


def test_another_seed_gives_another_paper():
    pool = questions(60)
    rule = [SectionRule(kind="single_choice", count=20, points=1)]

    assert draw(rule, pool, seed=SEED) != draw(rule, pool, seed=b"another seed of 16")


def test_what_the_pool_holds_is_counted_by_section_and_topic():
    pool = questions(3) + questions(2, topic="法规") + questions(2, group=UUID(int=997))
    sections = [
        SectionRule(kind="single_choice", count=1, points=1),
        SectionRule(kind="true_false", count=1, points=1),
    ]

    assert supply(sections, pool) == [{"基础": 4, "法规": 2}, {}]


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (SectionRule(kind="a", count=0, points=1), "count_below_one"),
        (SectionRule(kind="a", count=1, points=0), "points_below_one"),
        (
            SectionRule(
                kind="a", count=5, points=1, topics={"t": TopicBounds(minimum=3, maximum=2)}
            ),
            "minimum_above_maximum",
        ),
        (
            SectionRule(
                kind="a",
                count=5,
                points=1,
                topics={"t": TopicBounds(minimum=3), "u": TopicBounds(minimum=3)},
            ),
            "minima_above_count",
        ),
        (
            SectionRule(kind="a", count=5, points=1, topics={"t": TopicBounds(minimum=-1)}),
            "negative",
        ),
    ],
)
def test_a_rule_that_no_pool_could_meet_is_named(rule, fault):
    sound = SectionRule(kind="a", count=5, points=1, topics={"t": TopicBounds(minimum=5)})

    assert contradictions([sound, rule]) == [(1, fault)]
