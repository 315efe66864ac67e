"""What holds of every certificate number."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from certificates import numbering

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

numbers = st.builds(
    numbering.number,
    authority=st.text(ALPHABET, min_size=2, max_size=12),
    year=st.integers(1000, 9999),
    kind=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=3),
    place=st.integers(1, numbering.LAST_PLACE),
)


@given(numbers)
def test_a_number_survives_paper(number):
    assert numbering.parse(str(number)) == number


@given(numbers, numbers)
def test_different_parts_never_print_the_same_number(one, other):
    assert (str(one) == str(other)) == (one == other)


@given(numbers, st.data())
def test_one_wrong_character_is_always_noticed(number, data):
    printed = str(number)
    place = data.draw(st.sampled_from([i for i, c in enumerate(printed) if c != "-"]))
    wrong = data.draw(st.sampled_from([c for c in ALPHABET if c != printed[place]]))

    assert numbering.parse(printed[:place] + wrong + printed[place + 1 :]) is None


@given(st.text())
def test_any_text_is_read_or_refused_without_breaking(text):
    read = numbering.parse(text)

    assert read is None or str(read) == text.strip().upper()


@given(st.sets(st.integers(1, 60)))
def test_given_places_and_gaps_make_the_whole_range(places):
    gaps = numbering.gaps(list(places))

    assert sorted([*gaps, *places]) == list(range(1, max(places, default=0) + 1))
