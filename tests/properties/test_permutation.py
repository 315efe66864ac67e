"""What holds of every candidate's order of every form."""

from hypothesis import given
from hypothesis import strategies as st

from exams import permutation
from exams.permutation import Place

seeds = st.binary(min_size=16, max_size=32)


@st.composite
def forms(draw_from):
    """Return places of a form, sections in order."""
    sizes = draw_from(st.lists(st.tuples(st.integers(0, 2), st.integers(2, 8)), max_size=30))
    places = []
    for slot, (section, count) in enumerate(sorted(sizes), start=1):
        movable = draw_from(st.integers(0, count))
        places.append(Place(slot=slot, section=section, option_count=count, movable_count=movable))
    return places


@given(forms(), seeds)
def test_every_slot_and_every_option_is_shown_once(places, seed):
    order = permutation.order(places, seed=seed)

    assert sorted(order.slots) == [place.slot for place in places]
    for place in places:
        assert sorted(order.options[place.slot]) == list(range(place.option_count))


@given(forms(), seeds)
def test_sections_keep_their_order_and_fixed_options_their_places(places, seed):
    order = permutation.order(places, seed=seed)

    section_of = {place.slot: place.section for place in places}
    shown = [section_of[slot] for slot in order.slots]
    assert shown == sorted(shown)
    for place in places:
        fixed = range(place.movable_count, place.option_count)
        assert order.options[place.slot][place.movable_count :] == tuple(fixed)


@given(forms(), seeds)
def test_the_same_seed_gives_the_same_order(places, seed):
    assert permutation.order(places, seed=seed) == permutation.order(places, seed=seed)


@given(
    st.sampled_from(["true_false", "single_choice", "multiple_choice"]),
    st.lists(
        st.sampled_from(["断电", "验电", "以上都对", "以上都不是", "A和B", "接地"]), max_size=6
    ),
    seeds,
    st.integers(1, 100),
)
def test_the_form_keeps_every_option_and_puts_words_about_the_others_last(
    kind, options, seed, slot
):
    order, movable = permutation.form_order(kind, options, seed=seed, slot=slot)

    assert sorted(order) == list(range(len(options)))
    if movable:
        assert all(permutation.stays_last(options[place]) for place in order[movable:])
        assert not any(permutation.stays_last(options[place]) for place in order[:movable])
