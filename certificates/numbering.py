"""Certificate numbers: authority, year, kind, place in the range, check character (证书编号)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from stdnum.iso7064 import mod_37_36

#: Digits of the place in the range: 999,999 certificates a year per authority and kind.
PLACE_DIGITS = 6

#: The highest place a range can give.
LAST_PLACE = 10**PLACE_DIGITS - 1

_AUTHORITY = re.compile(r"[0-9A-Z]{2,12}")
_KIND = re.compile(r"[A-Z]{1,3}")
_NUMBER = re.compile(
    r"(?P<authority>[0-9A-Z]{2,12})-(?P<year>[0-9]{4})(?P<kind>[A-Z]{1,3})"
    rf"(?P<place>[0-9]{{{PLACE_DIGITS}}})(?P<check>[0-9A-Z])"
)


#: Written before the document number where that is the printed number: "T" + 身份证号.
DOCUMENT_PREFIX = "T"


class Numbering(StrEnum):
    """What is printed as the number of a certificate (编号方式)."""

    #: The next of the issuer's range of this year and kind.
    RANGE = "range"
    #: "T" and the number of the holder's identity document, the same for all their items. The
    #: platform's own number is taken from a range all the same, and only that is ever shown.
    DOCUMENT = "document"


@dataclass(frozen=True, kw_only=True)
class Number:
    """The parts of a certificate number that this platform gives out."""

    authority: str
    year: int
    kind: str
    place: int

    def __str__(self) -> str:
        """Return the number as it is printed: `370102-2026SM0000017`, its last place a check."""
        body = f"{self.authority}-{self.year:04d}{self.kind}{self.place:0{PLACE_DIGITS}d}"
        return body + check_character(body)


def number(*, authority: str, year: int, kind: str, place: int) -> Number:
    """Return a number made of these parts.

    Args:
        authority: the issuer's code, capital letters and digits.
        year: the year of issue, in Asia/Shanghai.
        kind: the letters of the certificate's kind.
        place: the place in the range, counted from 1.

    Raises:
        ValueError: a part cannot be written in a number.
    """
    fits = (
        _AUTHORITY.fullmatch(authority)
        and _KIND.fullmatch(kind)
        and 1000 <= year <= 9999
        and 1 <= place <= LAST_PLACE
    )
    if not fits:
        raise ValueError("These parts cannot be written in a certificate number.")
    return Number(authority=authority, year=year, kind=kind, place=place)


def check_character(body: str) -> str:
    """Return the check character of the number's body: ISO 7064 MOD 37,36 without its dash.

    It catches every single wrong character and nearly every swap of two neighbours.
    """
    return str(mod_37_36.calc_check_digit(body.replace("-", "")))


def parse(text: str) -> Number | None:
    """Return the parts of a printed number, or None where it is not one of ours.

    Small letters and surrounding blanks are forgiven, since people type numbers from cards.
    """
    found = _NUMBER.fullmatch(text.strip().upper())
    if found is None or check_character(found[0][:-1]) != found["check"]:
        return None
    if int(found["place"]) == 0:
        return None
    return Number(
        authority=found["authority"],
        year=int(found["year"]),
        kind=found["kind"],
        place=int(found["place"]),
    )


def gaps(places: list[int]) -> list[int]:
    """Return the places that a range skipped: none, unless somebody tampered with it."""
    return sorted(set(range(1, max(places, default=0) + 1)) - set(places))
