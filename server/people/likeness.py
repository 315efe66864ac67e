"""Pure: whether two entries may be one human being, and why (疑似重复规则).

The same document under another name or kind, a number of fifteen digits beside the eighteen it
became, or name, birth date and phone that agree. Nothing is decided here: somebody looks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from server.people.documents import check_digit, normalised

_FIFTEEN = re.compile(r"[1-9][0-9]{14}", re.ASCII)


class Likeness(StrEnum):
    """Why two entries may be one person."""

    #: 同一证件号码（含十五位升十八位、不同证件类型）
    SAME_NUMBER = "same_number"
    #: 姓名、出生日期相同
    SAME_NAME_AND_BIRTH = "same_name_and_birth"
    #: 手机号相同
    SAME_PHONE = "same_phone"
    #: 姓名相近
    LIKE_NAME = "like_name"
    #: 出生日期月日颠倒或相差一位
    LIKE_BIRTH = "like_birth"


#: How telling each is, of 100.
WEIGHTS = {
    Likeness.SAME_NUMBER: 100,
    Likeness.SAME_NAME_AND_BIRTH: 60,
    Likeness.SAME_PHONE: 30,
    Likeness.LIKE_NAME: 15,
    Likeness.LIKE_BIRTH: 10,
}

#: From this weight on, somebody is asked to look.
WORTH_A_LOOK = 55


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is compared of one entry."""

    name: str
    birth_on: date | None
    phone: str | None
    #: The blind index of the number, whatever kind of document it is said to be of.
    number_index: str | None


def reasons(one: Entry, other: Entry) -> list[Likeness]:
    """Return why two entries may be one person, the most telling first."""
    found = []
    if one.number_index is not None and one.number_index == other.number_index:
        found.append(Likeness.SAME_NUMBER)
    if one.name == other.name and one.birth_on is not None and one.birth_on == other.birth_on:
        found.append(Likeness.SAME_NAME_AND_BIRTH)
    if one.phone and other.phone and digits(one.phone) == digits(other.phone):
        found.append(Likeness.SAME_PHONE)
    if Likeness.SAME_NAME_AND_BIRTH not in found:
        found += [Likeness.LIKE_NAME] if like_names(one.name, other.name) else []
        found += [Likeness.LIKE_BIRTH] if like_births(one.birth_on, other.birth_on) else []
    return found


def weight(found: list[Likeness]) -> int:
    """Return how telling the reasons are together, at most 100."""
    return min(100, sum(WEIGHTS[each] for each in found))


def is_worth_a_look(found: list[Likeness]) -> bool:
    """Say whether somebody should look: a phone alone is shared by whole teams."""
    return weight(found) >= WORTH_A_LOOK


def like_names(one: str, other: str) -> bool:
    """Say whether names are equal or differ in one character, the family name being the same."""
    if one == other:
        return True
    if len(one) != len(other) or len(one) < 2 or one[0] != other[0]:
        return False
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1


def like_births(one: date | None, other: date | None) -> bool:
    """Say whether birth dates are equal, have day and month changed, or one digit typed wrong."""
    if one is None or other is None:
        return False
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return True
    return sum(a != b for a, b in zip(one.isoformat(), other.isoformat(), strict=True)) <= 1


def digits(phone: str) -> str:
    """Return the digits of a phone number without the country's."""
    return re.sub(r"^(?:\+|00)?86", "", re.sub(r"[^0-9+]", "", phone))[-11:]


def raised(number: str) -> str:
    """Return a number as eighteen digits, where it is a resident's of fifteen (GB 11643)."""
    plain = normalised(number)
    if not _FIFTEEN.fullmatch(plain):
        return plain
    seventeen = f"{plain[:6]}19{plain[6:]}"
    return seventeen + check_digit(seventeen)
