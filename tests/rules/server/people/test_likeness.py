"""Whether two entries may be one human being, as tables of cases."""

from __future__ import annotations

from datetime import date

import pytest

from server.people import documents, likeness
from server.people.likeness import Entry, Likeness
from tests.factories.people import a_number

BORN = date(1985, 3, 7)


def an_entry(
    name: str = "张建国",
    birth_on: date | None = BORN,
    phone: str | None = None,
    number_index: str | None = None,
) -> Entry:
    return Entry(name=name, birth_on=birth_on, phone=phone, number_index=number_index)


@pytest.mark.parametrize(
    ("other", "reasons", "look"),
    [
        (an_entry(), [Likeness.SAME_NAME_AND_BIRTH], True),
        (an_entry("张建业"), [Likeness.LIKE_NAME, Likeness.LIKE_BIRTH], False),
        (
            an_entry("张建业", phone="+86 138-0000-0001"),
            [Likeness.SAME_PHONE, Likeness.LIKE_NAME, Likeness.LIKE_BIRTH],
            True,
        ),
        (an_entry("李四", date(1970, 1, 1), "13800000001"), [Likeness.SAME_PHONE], False),
        (an_entry("李四", date(1970, 1, 1), number_index="n"), [Likeness.SAME_NUMBER], True),
        (an_entry(birth_on=date(1985, 7, 3)), [Likeness.LIKE_NAME, Likeness.LIKE_BIRTH], False),
        (an_entry(birth_on=None), [Likeness.LIKE_NAME], False),
        (an_entry("李四", date(1970, 1, 1)), [], False),
    ],
)
def test_each_agreement_is_a_reason_and_enough_of_them_are_worth_a_look(
    other: Entry, reasons: list[Likeness], look: bool
) -> None:
    one = an_entry(phone="13800000001", number_index="n")

    found = likeness.reasons(one, other)

    assert (found, likeness.is_worth_a_look(found)) == (reasons, look)
    assert likeness.reasons(other, one) == found


@pytest.mark.parametrize(
    ("one", "other", "like"),
    [
        ("王芳", "王方", True),
        ("王芳", "李芳", False),
        ("王芳", "王芳芳", False),
        ("王", "王", True),
    ],
)
def test_names_are_alike_when_one_character_after_the_family_name_differs(
    one: str, other: str, like: bool
) -> None:
    assert likeness.like_names(one, other) is like


def test_a_number_of_fifteen_digits_is_raised_to_the_eighteen_it_became() -> None:
    eighteen = a_number(date(1971, 2, 3))
    fifteen = eighteen[:6] + eighteen[8:17]

    assert likeness.raised(fifteen) == eighteen
    assert likeness.raised(eighteen) == eighteen
    assert documents.check_digit(likeness.raised(fifteen)[:17]) == eighteen[17]
    assert likeness.raised("E12345678") == "E12345678"
