"""What holds of every paper that was ever drawn, and of every refusal to draw one."""

from itertools import product
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from exams.assembly import Candidate, SectionRule, TopicBounds, draw

KINDS, TOPICS = ["true_false", "single_choice"], ["一", "二", "三"]


@st.composite
def pools(draw_from, most=9):
    """Return a small pool with groups of duplicates across kinds and topics."""
    members = draw_from(
        st.lists(
            st.tuples(
                st.sampled_from(KINDS),
                st.sampled_from(TOPICS),
                st.one_of(st.none(), st.integers(1000, 1003)),
            ),
            max_size=most,
        )
    )
    return [
        Candidate(
            question_id=UUID(int=number),
            version_id=UUID(int=number + 500),
            kind=kind,
            topic=topic,
            duplicate_group=UUID(int=group) if group else None,
        )
        for number, (kind, topic, group) in enumerate(members, start=1)
    ]


@st.composite
def rules(draw_from):
    """Return a section that some pool could meet."""
    count = draw_from(st.integers(1, 4))
    topics, left = {}, count
    for topic in draw_from(st.lists(st.sampled_from(TOPICS), unique=True, max_size=3)):
        minimum = draw_from(st.integers(0, left))
        left -= minimum
        room = draw_from(st.one_of(st.none(), st.integers(0, 2)))
        topics[topic] = TopicBounds(
            minimum=minimum, maximum=None if room is None else minimum + room
        )
    return SectionRule(kind=draw_from(st.sampled_from(KINDS)), count=count, points=1, topics=topics)


sections = st.lists(rules(), min_size=1, max_size=2)
seeds = st.binary(min_size=16, max_size=16)


def meets(specification, chosen):
    """Check a choice (a list of candidates for each section) against the words of the rule."""
    everything = [one for part in chosen for one in part]
    groups = [one.group for one in everything]
    if len(set(groups)) != len(groups):
        return False
    for rule, part in zip(specification, chosen, strict=True):
        if len(part) != rule.count or any(one.kind != rule.kind for one in part):
            return False
        for topic, bounds in rule.topics.items():
            number = sum(one.topic == topic for one in part)
            if number < bounds.minimum or (bounds.maximum is not None and number > bounds.maximum):
                return False
    return True


def any_paper_exists(specification, pool):
    """Try every way of putting questions into sections: slow, and certainly right."""
    for places in product([None, *range(len(specification))], repeat=len(pool)):
        chosen = [
            [one for one, place in zip(pool, places, strict=True) if place == number]
            for number in range(len(specification))
        ]
        if meets(specification, chosen):
            return True
    return False


@given(sections, pools(most=30), seeds)
def test_every_paper_meets_every_constraint(specification, pool, seed):
    drawing = draw(specification, pool, seed=seed)

    assert bool(drawing.items) != bool(drawing.shortages)
    if drawing.items:
        chosen = [
            [item.candidate for item in drawing.items if item.section == number]
            for number in range(len(specification))
        ]
        assert meets(specification, chosen)


@settings(max_examples=150, deadline=None)
@given(sections, pools(most=7), seeds)
def test_a_paper_is_refused_only_where_there_is_none(specification, pool, seed):
    drawn = bool(draw(specification, pool, seed=seed).items)

    assert drawn == any_paper_exists(specification, pool)


@given(sections, pools(most=20), seeds, st.randoms(use_true_random=False))
def test_the_same_seed_gives_the_same_paper_in_whatever_order_the_pool_comes(
    specification, pool, seed, dice
):
    shuffled = list(pool)
    dice.shuffle(shuffled)

    assert draw(specification, pool, seed=seed) == draw(specification, shuffled, seed=seed)


@given(rules(), pools(most=20), seeds)
def test_what_a_refusal_names_is_enough_when_it_is_added(rule, pool, seed):
    """Whoever writes the missing questions can draw the paper then."""
    shortages = draw([rule], pool, seed=seed).shortages

    number = 5000
    added = []
    for short in shortages:
        for _ in range(short.missing):
            number += 1
            added.append(
                Candidate(
                    question_id=UUID(int=number),
                    version_id=UUID(int=number),
                    kind=short.kind,
                    topic=short.topic or "another topic",
                )
            )

    assert draw([rule], pool + added, seed=seed).items
