"""What stands on a sheet is what the candidate chose, in whatever order the booklet asks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from exams import paper_sheets, permutation
from exams.paper_sheets import LETTERS
from exams.permutation import Place
from exams.sync import Slot

#: For each place: options, how many of them move, which are chosen.
PLACES = st.lists(
    st.integers(2, 6).flatmap(
        lambda count: st.tuples(
            st.just(count), st.integers(0, count), st.sets(st.integers(0, count - 1))
        )
    ),
    min_size=1,
    max_size=12,
)


def a_sheet(drawn, seed):
    """Return the order of a booklet, its places, what is chosen, and how that stands on paper."""
    places = [
        Place(slot=slot, section=slot % 2, option_count=count, movable_count=movable)
        for slot, (count, movable, _chosen) in enumerate(drawn, start=1)
    ]
    order = permutation.order(tuple(places), seed=seed)
    chosen = {slot: sorted(one[2]) for slot, one in enumerate(drawn, start=1) if one[2]}
    letters = {
        str(number): "".join(
            LETTERS[order.options[slot].index(one)] for one in chosen.get(slot, ())
        )
        for number, slot in enumerate(order.slots, start=1)
    }
    slots = {place.slot: Slot(option_count=place.option_count, many=True) for place in places}
    return order, slots, chosen, letters


@given(PLACES, st.binary(min_size=16, max_size=16))
def test_reading_back_gives_what_was_chosen(drawn, seed):
    order, slots, chosen, letters = a_sheet(drawn, seed)

    typed = paper_sheets.normalised({number: one.lower() for number, one in letters.items()})

    assert paper_sheets.chosen(typed, order) == chosen
    assert paper_sheets.faults(typed, order, slots) == []
    assert paper_sheets.differences(typed, paper_sheets.normalised(letters)) == []


@given(PLACES, st.binary(min_size=16, max_size=16), st.data())
def test_whatever_is_typed_otherwise_is_a_difference_or_a_fault(drawn, seed, data):
    order, slots, _chosen, letters = a_sheet(drawn, seed)
    right = paper_sheets.normalised(letters)
    number = data.draw(st.sampled_from(sorted(right)))
    other = data.draw(st.text(alphabet=LETTERS, max_size=4).filter(lambda one: len(set(one)) > 0))
    typed = paper_sheets.normalised(right | {number: other})

    found = [one.number for one in paper_sheets.differences(right, typed)]

    assert found == ([] if typed[number] == right[number] else [int(number)])
    too_far = set(typed[number]) - set(LETTERS[: slots[order.slots[int(number) - 1]].option_count])
    assert paper_sheets.faults(typed, order, slots) == ([int(number)] if too_far else [])
