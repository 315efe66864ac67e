"""Document numbers: what is accepted, what is refused, what they say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.people import documents
from server.people.documents import DocumentType, Sex
from server.people.errors import BirthDateImpossible, CheckDigitWrong, DocumentNumberWrong
from server.regions import divisions

T = DocumentType
TODAY = date(2026, 6, 15)

#: The examples of GB 11643-1999 itself.
EXAMPLES = [
    ("11010519491231002X", date(1949, 12, 31), Sex.FEMALE),
    ("440524188001010014", date(1880, 1, 1), Sex.MALE),
]


def number(first_17: str) -> str:
    return first_17 + documents.check_digit(first_17)


@pytest.mark.parametrize(("text", "_birth", "_sex"), EXAMPLES)
def test_the_check_digit_fits_the_examples_of_the_standard(
    text: str, _birth: date, _sex: Sex
) -> None:
    assert documents.check_digit(text[:17]) == text[17]


def test_the_number_says_the_birth_date_and_the_sex() -> None:
    text, birth_on, sex = EXAMPLES[0]

    document = documents.read(T.RESIDENT_IDENTITY_CARD, text, on=TODAY)

    assert (document.birth_on, document.sex) == (birth_on, sex)
    assert document.masked == "110***********002X"


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        " 110105 19491231 002X ",
        "110105-19491231-002X",
    ],
)
def test_spelling_does_not_matter(typed: str) -> None:
    document = documents.read(T.RESIDENT_IDENTITY_CARD, typed, on=TODAY)

    assert document.number == "11010519491231002X"


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (T.RESIDENT_IDENTITY_CARD, ""),
        (T.RESIDENT_IDENTITY_CARD, "11010519491231002"),
        (T.RESIDENT_IDENTITY_CARD, "1101051949123100200"),
        (T.RESIDENT_IDENTITY_CARD, "A1010519491231002X"),
        (T.RESIDENT_IDENTITY_CARD, "01010519491231002X"),
        (T.RESIDENT_IDENTITY_CARD, "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X"),
        (T.RESIDENT_IDENTITY_CARD, number("81000019900307001")),
        (T.HONG_KONG_MACAO_PERMIT, "H1234567"),
        (T.HONG_KONG_MACAO_PERMIT, "X12345678"),
        (T.TAIWAN_PERMIT, "1234567"),
        (T.HONG_KONG_MACAO_RESIDENCE_PERMIT, number("83000019900307001")),
        (T.TAIWAN_RESIDENCE_PERMIT, number("81000019900307001")),
        (T.FOREIGN_PERMANENT_RESIDENCE, number("11010519900307001")),
        (T.PASSPORT, "ABCDE"),
        (T.PASSPORT, "E123"),
        (T.PASSPORT, "E1234567890123456789"),
        (T.PASSPORT, "E1234*678"),
    ],
)
def test_a_number_of_another_shape_is_refused(kind: DocumentType, typed: str) -> None:
    with pytest.raises(DocumentNumberWrong) as refused:
        documents.read(kind, typed, on=TODAY)

    assert not typed or typed not in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "typed", "stored", "masked"),
    [
        (T.HONG_KONG_MACAO_PERMIT, "h12345678", "H12345678", "H******78"),
        (T.HONG_KONG_MACAO_PERMIT, "M1234567801", "M1234567801", "M********01"),
        (T.TAIWAN_PERMIT, "12345678", "12345678", "1*****78"),
        (T.TAIWAN_PERMIT, "1234567890（Ｂ）", "1234567890B", "1********0B"),
        (T.PASSPORT, "e 1234 5678", "E12345678", "E******78"),
        (T.FOREIGN_PERMANENT_RESIDENCE, "usa110090307001", "USA110090307001", "USA********7001"),
    ],
)
def test_a_document_without_birth_date_is_read(
    kind: DocumentType, typed: str, stored: str, masked: str
) -> None:
    document = documents.read(kind, typed, on=TODAY)

    assert (document.number, document.masked) == (stored, masked)
    assert (document.birth_on, document.sex, document.warnings) == (None, None, ())


@pytest.mark.parametrize(
    ("kind", "first_17"),
    [
        (T.HONG_KONG_MACAO_RESIDENCE_PERMIT, "81000019900307001"),
        (T.HONG_KONG_MACAO_RESIDENCE_PERMIT, "82000019900307001"),
        (T.TAIWAN_RESIDENCE_PERMIT, "83000019900307001"),
        (T.FOREIGN_PERMANENT_RESIDENCE, "91184019900307001"),
    ],
)
def test_the_other_cards_of_18_digits_follow_the_same_standard(
    kind: DocumentType, first_17: str
) -> None:
    document = documents.read(kind, number(first_17), on=TODAY, divisions=frozenset())

    assert (document.birth_on, document.sex) == (date(1990, 3, 7), Sex.MALE)
    assert document.warnings == ()


@given(place=st.integers(0, 16), step=st.integers(1, 9), sequence=st.integers(1, 999))
def test_any_one_mistyped_digit_is_noticed(place: int, step: int, sequence: int) -> None:
    right = number(f"11010119900307{sequence:03d}")
    wrong = right[:place] + str((int(right[place]) + step) % 10) + right[place + 1 :]

    with pytest.raises((CheckDigitWrong, DocumentNumberWrong)):
        documents.read(T.RESIDENT_IDENTITY_CARD, wrong, on=TODAY)


@given(place=st.integers(0, 15), sequence=st.integers(1, 999))
def test_two_digits_in_the_wrong_order_are_noticed(place: int, sequence: int) -> None:
    right = number(f"11010119900307{sequence:03d}")
    wrong = right[:place] + right[place + 1] + right[place] + right[place + 2 :]

    if wrong == right:
        assert documents.read(T.RESIDENT_IDENTITY_CARD, wrong, on=TODAY).number == right
    else:
        with pytest.raises((CheckDigitWrong, DocumentNumberWrong)):
            documents.read(T.RESIDENT_IDENTITY_CARD, wrong, on=TODAY)


@pytest.mark.parametrize(
    "birth", ["19900230", "19901301", "19900010", "18991231", "20260616", "00000000"]
)
def test_an_impossible_birth_date_is_refused(birth: str) -> None:
    with pytest.raises(BirthDateImpossible):
        documents.read(T.RESIDENT_IDENTITY_CARD, number(f"110101{birth}001"), on=TODAY)


def test_somebody_born_today_or_on_a_leap_day_is_accepted() -> None:
    for birth in (TODAY, date(2000, 2, 29)):
        text = number(f"110101{birth:%Y%m%d}001")
        assert documents.read(T.RESIDENT_IDENTITY_CARD, text, on=TODAY).birth_on == birth


@pytest.mark.parametrize(
    ("division", "warned"),
    [
        ("110101", False),
        ("441900", False),
        ("620201", False),
        # Abolished long ago, and still on the cards of those born there.
        ("110103", True),
        ("100000", True),
    ],
)
def test_a_division_that_is_not_known_is_warned_about_and_never_refused(
    division: str, warned: bool
) -> None:
    text = number(f"{division}19750307001")

    document = documents.read(
        T.RESIDENT_IDENTITY_CARD, text, on=TODAY, divisions=divisions.known_codes()
    )

    assert bool(document.warnings) is warned


@given(st.text("0123456789ABCXYZ", min_size=5, max_size=18))
def test_the_masked_form_hides_the_middle_and_keeps_the_length(text: str) -> None:
    masked = documents.masked(text)

    assert len(masked) == len(text)
    assert masked.count("*") == len(text) - (7 if len(text) >= 15 else 3)
    assert all(shown in ("*", real) for shown, real in zip(masked, text, strict=True))


def test_the_whole_number_is_in_no_representation() -> None:
    text = EXAMPLES[0][0]

    assert text not in repr(documents.read(T.RESIDENT_IDENTITY_CARD, text, on=TODAY))


@given(days=st.integers(0, 40_000), sequence=st.integers(0, 999))
def test_whoever_is_given_a_number_reads_from_it_what_was_put_in(days: int, sequence: int) -> None:
    birth_on = date(1910, 1, 1) + timedelta(days=days)

    document = documents.read(
        T.RESIDENT_IDENTITY_CARD, number(f"110101{birth_on:%Y%m%d}{sequence:03d}"), on=TODAY
    )

    assert document.birth_on == birth_on
    assert document.sex is (Sex.MALE if sequence % 2 else Sex.FEMALE)
