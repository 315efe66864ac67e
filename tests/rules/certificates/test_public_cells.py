"""What is public finds nobody: small numbers, subtraction, comparing two months."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from certificates.public_cells import LEAST, PublicCell, Showing, alone, beside, guesses, rounded

counts = st.integers(0, 60).flatmap(
    lambda required: st.tuples(st.integers(0, required), st.just(required))
)
wholes = st.dictionaries(st.sampled_from([f"县{n}" for n in range(8)]), counts, min_size=1)


@pytest.mark.parametrize(
    ("covered", "required", "showing", "share"),
    [
        (0, 4, Showing.HIDDEN, "—"),
        (4, 4, Showing.HIDDEN, "—"),
        (5, 5, Showing.SHOWN, "100%"),
        (0, 5, Showing.SHOWN, "0%"),
        (1, 50, Showing.BAND, "0%–10%"),
        (2, 6, Showing.BAND, "0%–100%"),
        (4, 10, Showing.BAND, "0%–50%"),
        (49, 50, Showing.BAND, "90%–100%"),
        (45, 50, Showing.SHOWN, "90%"),
        (50, 50, Showing.SHOWN, "100%"),
    ],
)
def test_a_cell_is_shown_as_far_as_nobody_can_be_found(covered, required, showing, share):
    found = alone(covered, required)

    assert (found.showing, found.share) == (showing, share)


@given(counts)
def test_what_is_shown_is_a_multiple_of_the_least_and_never_a_small_number(counted):
    found = alone(*counted)

    for number in (found.required, found.covered):
        assert number is None or number % LEAST == 0
    if counted[1] < LEAST:
        assert found.showing is Showing.HIDDEN
    missing = counted[1] - counted[0]
    if 0 < counted[0] < LEAST or 0 < missing < LEAST:
        assert found.covered is None


@given(wholes)
def test_the_whole_less_all_that_is_shown_gives_nobody_away(cells):
    shown = beside(cells)
    hidden = {name for name, cell in shown.items() if cell.showing is Showing.HIDDEN}
    whole = alone(*(sum(column) for column in zip(*cells.values(), strict=True)))

    small = {name for name in hidden if cells[name][1] < LEAST}
    if small and len(shown) > 1:
        assert len(hidden) > 1
    if hidden and hidden != shown.keys():
        assert sum(cells[name][1] for name in hidden) >= 2 * LEAST
    # Whatever number from 1 to 4 a hidden part has, what is public allows each of the others.
    found = guesses(whole, [cell for name, cell in shown.items() if name not in hidden])
    if small and len(hidden) > 1:
        assert max(found) >= LEAST


@given(wholes, st.data())
def test_one_person_more_or_less_is_no_more_than_a_step_of_rounding(cells, data):
    name = data.draw(st.sampled_from(sorted(cells)))
    covered, required = cells[name]
    after = alone(covered, required + 1)
    before = alone(covered, required)

    if before.required is not None and after.required is not None:
        assert after.required - before.required in (0, LEAST)


#: Every cell of up to 64 people, by how it is shown.
SHOWN: dict[PublicCell, set[tuple[int, int]]] = {}
for _required in range(65):
    for _covered in range(_required + 1):
        SHOWN.setdefault(alone(_covered, _required), set()).add((_covered, _required))

step = st.integers(-4, 4)


@given(counts.filter(lambda cell: cell[1] <= 55), step, step)
@example((4, 6), 0, 0)
@example((0, 5), 0, 0)
@example((9, 10), 0, 1)
def test_two_months_held_against_each_other_never_tell_what_one_person_did(cell, came, passed):
    covered, required = cell
    more = max(0, required + came)
    after = (min(max(0, covered + passed), more), more)

    fits = {
        (now[0] - was[0], now[1] - was[1])
        for was in SHOWN[alone(*cell)]
        for now in SHOWN[alone(*after)]
    }

    assert (after[0] - covered, after[1] - required) in fits
    assert len(fits) >= LEAST


def test_rounding_is_to_the_nearest():
    assert [rounded(number) for number in (5, 7, 8, 12, 13)] == [5, 5, 10, 10, 15]
