"""Certificate numbers and their check character."""

from __future__ import annotations

import pytest

from certificates import numbering

PRINTED = "371300-2026SM000017"


def _seventeenth() -> str:
    parts = numbering.number(authority="371300", year=2026, kind="SM", place=17)
    return str(parts)


def test_a_number_says_authority_year_kind_place_and_check():
    assert _seventeenth()[:-1] == PRINTED
    assert _seventeenth()[-1] == numbering.check_character(PRINTED)


def test_a_printed_number_is_read_back_however_people_type_it():
    read = numbering.parse(f"  {_seventeenth().lower()} ")

    assert read == numbering.Number(authority="371300", year=2026, kind="SM", place=17)


def test_every_single_wrong_character_is_noticed():
    printed = _seventeenth()
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    wrong = [
        printed[:place] + other + printed[place + 1 :]
        for place, right in enumerate(printed)
        for other in alphabet
        if other != right and right != "-"
    ]

    assert len(wrong) > 600
    assert [text for text in wrong if numbering.parse(text) is not None] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "T370102199001011234",
        "371300-2026SM000000" + numbering.check_character("371300-2026SM000000"),
        "371300-2026SM00001",
    ],
)
def test_what_is_no_number_of_ours_is_not_read(text):
    assert numbering.parse(text) is None


@pytest.mark.parametrize(
    "parts",
    [
        {"authority": "37-13"},
        {"authority": "A"},
        {"kind": "sm"},
        {"kind": "ABCD"},
        {"year": 99},
        {"place": 0},
        {"place": numbering.LAST_PLACE + 1},
    ],
)
def test_parts_that_cannot_be_written_are_refused(parts):
    with pytest.raises(ValueError, match="cannot be written"):
        numbering.number(**{"authority": "371300", "year": 2026, "kind": "SM", "place": 1, **parts})


@pytest.mark.parametrize(("places", "missing"), [([], []), ([1, 2, 3], []), ([4, 1, 2], [3])])
def test_a_gap_in_a_range_is_found(places, missing):
    assert numbering.gaps(places) == missing
