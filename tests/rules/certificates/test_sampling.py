"""How many lines of a batch are looked at, and which."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from certificates import sampling


@pytest.mark.parametrize(
    ("lines", "sample"),
    [(1, 1), (2, 2), (8, 2), (9, 3), (50, 8), (51, 13), (500, 50), (10_000, 200), (20_000, 315)],
)
def test_the_sample_is_that_of_the_standard(lines, sample):
    assert sampling.sample_size(lines) == sample


def test_the_draw_can_be_made_again_and_belongs_to_the_batch():
    batch = UUID(int=7)

    assert sampling.drawn(batch, 500) == sampling.drawn(batch, 500)
    assert sampling.drawn(batch, 500) != sampling.drawn(uuid4(), 500)
    assert len(sampling.drawn(batch, 500)) == 50
    assert sampling.drawn(batch, 500) <= set(range(1, 501))
