"""No paper holds two questions that were found alike, directly or through others."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from exams.assembly import Candidate, SectionRule, draw
from question_bank import likeness

ids = st.integers(1, 25).map(lambda number: UUID(int=number))
edges = st.lists(st.tuples(ids, ids), max_size=30)


@given(st.sets(ids, min_size=1), edges, st.integers(1, 6), st.binary(min_size=16, max_size=16))
def test_of_two_that_are_alike_a_paper_takes_one_at_most(members, alike, count, seed):
    groups = likeness.groups(members, alike)
    pool = [
        Candidate(
            question_id=one,
            version_id=UUID(int=one.int + 1000),
            kind="true_false",
            topic="",
            duplicate_group=groups[one],
        )
        for one in sorted(members)
    ]

    drawn = draw([SectionRule(kind="true_false", count=count, points=1)], pool, seed=seed)

    chosen = {item.candidate.question_id for item in drawn.items}
    assert [pair for pair in alike if set(pair) <= chosen and pair[0] != pair[1]] == []
    assert bool(chosen) == (len(set(groups.values())) >= count)
