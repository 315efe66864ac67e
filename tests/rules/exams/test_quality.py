"""Quality of training: rates with confidence, and a rank that luck does not win."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from exams import quality
from exams.quality import Learnt

FEW, MANY, NONE = UUID(int=1), UUID(int=2), UUID(int=3)


def learners(passed: int, count: int) -> list[Learnt]:
    """Return so many learners, the first of whom passed at once."""
    return [
        Learnt(
            completed=True,
            gain=10,
            first_passed=number < passed,
            passed=number < passed,
            rating=4,
            violation_count=0,
        )
        for number in range(count)
    ]


def test_ten_of_ten_do_not_beat_950_of_a_thousand() -> None:
    found = quality.ranked([(FEW, learners(10, 10)), (MANY, learners(950, 1000)), (NONE, [])])

    assert [(one.subject_id, one.rank) for one in found] == [(MANY, 1), (FEW, 2), (NONE, None)]
    assert found[2].first_pass_rate is None


def test_who_differs_by_more_than_chance_is_an_outlier() -> None:
    found = quality.ranked([(FEW, learners(40, 100)), (MANY, learners(950, 1000))])

    assert {one.subject_id: one.outlier for one in found} == {FEW: True, MANY: True}
    alike = quality.ranked([(FEW, learners(9, 10)), (MANY, learners(950, 1000))])
    assert not any(one.outlier for one in alike)


@given(st.integers(1, 3000), st.data())
def test_an_interval_holds_its_rate_and_narrows_with_numbers(
    count: int, data: st.DataObject
) -> None:
    successes = data.draw(st.integers(0, count))

    few, many = quality.wilson(successes, count), quality.wilson(successes * 10, count * 10)

    assert few is not None
    assert many is not None
    assert few.low - 1e-9 <= successes / count <= few.high + 1e-9
    assert many.high - many.low < few.high - few.low
