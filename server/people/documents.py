"""Pure: identity documents, their numbers, and what a number says of its holder (证件).

Every number is brought to one form first: full-width characters become ordinary ones, spaces,
hyphens and brackets go, letters become upper-case. The 18-digit kinds share GB 11643-1999: six
digits of a division, eight of the birth date, three of a sequence (odd: male), one check
character (ISO 7064 MOD 11-2).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from stdnum.iso7064 import mod_11_2

from server.errors import Message
from server.people.errors import BirthDateImpossible, CheckDigitWrong, DocumentNumberWrong


class DocumentType(StrEnum):
    """A kind of identity document (证件类型)."""

    #: 居民身份证
    RESIDENT_IDENTITY_CARD = "resident_identity_card"
    #: 港澳居民来往内地通行证
    HONG_KONG_MACAO_PERMIT = "hong_kong_macao_permit"
    #: 台湾居民来往大陆通行证
    TAIWAN_PERMIT = "taiwan_permit"
    #: 港澳居民居住证
    HONG_KONG_MACAO_RESIDENCE_PERMIT = "hong_kong_macao_residence_permit"
    #: 台湾居民居住证
    TAIWAN_RESIDENCE_PERMIT = "taiwan_residence_permit"
    #: 外国人永久居留身份证
    FOREIGN_PERMANENT_RESIDENCE = "foreign_permanent_residence"
    #: 护照
    PASSPORT = "passport"


class Sex(StrEnum):
    """The sex as the document states it (性别)."""

    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document whose number has been read and found sound."""

    type: DocumentType
    #: The number in its one stored form. Never shown whole, so it is left out of `repr`.
    number: str = field(repr=False)
    #: The form that may be shown.
    masked: str
    #: The birth date that the number carries; None where it carries none.
    birth_on: date | None = None
    #: The sex that the number carries; None where it carries none.
    sex: Sex | None = None
    #: What is odd about the number and yet no reason to refuse it.
    warnings: tuple[Message, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Shape:
    """What numbers of one kind look like."""

    pattern: re.Pattern[str]
    expected: str
    expected_zh: str


#: Earliest birth year believed: nobody born before holds a post.
EARLIEST_BIRTH_YEAR = 1900

_T = DocumentType

_SHAPES: dict[DocumentType, _Shape] = {
    _T.RESIDENT_IDENTITY_CARD: _Shape(
        pattern=re.compile(r"[1-7][0-9]{16}[0-9X]", re.ASCII),
        expected="18 characters, all digits but the last, which may be X",
        expected_zh="应为 18 位，前 17 位为数字，末位为数字或 X",
    ),
    _T.HONG_KONG_MACAO_PERMIT: _Shape(
        pattern=re.compile(r"[HM](?:[0-9]{8}|[0-9]{10})", re.ASCII),
        expected="H or M and 8 digits, or 10 on older cards",
        expected_zh="应为字母 H 或 M 加 8 位数字（旧证为 10 位）",
    ),
    _T.TAIWAN_PERMIT: _Shape(
        pattern=re.compile(r"[0-9]{8}|[0-9]{10}[A-Z]?", re.ASCII),
        expected="8 digits, or 10 and a letter on older ones",
        expected_zh="应为 8 位数字（旧证为 10 位数字加字母）",
    ),
    _T.HONG_KONG_MACAO_RESIDENCE_PERMIT: _Shape(
        pattern=re.compile(r"8[12]0000[0-9]{11}[0-9X]", re.ASCII),
        expected="18 characters that begin with 810000 or 820000",
        expected_zh="应为 18 位，以 810000 或 820000 开头",
    ),
    _T.TAIWAN_RESIDENCE_PERMIT: _Shape(
        pattern=re.compile(r"830000[0-9]{11}[0-9X]", re.ASCII),
        expected="18 characters that begin with 830000",
        expected_zh="应为 18 位，以 830000 开头",
    ),
    _T.FOREIGN_PERMANENT_RESIDENCE: _Shape(
        pattern=re.compile(r"9[0-9]{16}[0-9X]|[A-Z]{3}[0-9]{12}", re.ASCII),
        expected="18 characters that begin with 9, or 3 letters and 12 digits on older cards",
        expected_zh="应为以 9 开头的 18 位号码（旧证为 3 位字母加 12 位数字）",
    ),
    _T.PASSPORT: _Shape(
        pattern=re.compile(r"(?=.*[0-9])[A-Z0-9]{5,17}", re.ASCII),
        expected="5 to 17 letters and digits, one digit at least",
        expected_zh="应为 5 至 17 位字母和数字，且至少含一位数字",
    ),
}

#: Divisions of people from Hong Kong, Macao and Taiwan, and of foreigners: no file holds them.
_OWN_DIVISIONS = re.compile(r"8[123]0000|9[0-9]{5}", re.ASCII)

_UNKNOWN_DIVISION = Message(
    en="The division in the number is in no list kept here. It may have been abolished.",
    zh="证件号码中的行政区划代码不在现有目录内，可能为已撤销的区划。",
)


def read(
    kind: DocumentType, text: str, *, on: date, divisions: Container[str] | None = None
) -> Document:
    """Return the document behind a number that somebody typed.

    A division that is not known is only warned about: many citizens carry the code of a county
    abolished long ago, or one created after their birth.

    Args:
        kind: the kind of document that the number is said to be of.
        text: the number, as typed.
        on: the day of asking; nobody is born after it.
        divisions: six-digit codes that are known; None asks for no such warning.

    Raises:
        DocumentNumberWrong: the number has not the shape of its kind.
        CheckDigitWrong: the check digit of an 18-digit number does not fit.
        BirthDateImpossible: the birth date in an 18-digit number is none.
    """
    number = normalised(text)
    shape = _SHAPES[kind]
    if not shape.pattern.fullmatch(number):
        raise DocumentNumberWrong(expected=shape.expected, expected_zh=shape.expected_zh)
    if kind is DocumentType.PASSPORT or len(number) != 18:
        return Document(type=kind, number=number, masked=masked(number))
    if number[17] != check_digit(number[:17]):
        raise CheckDigitWrong
    return Document(
        type=kind,
        number=number,
        masked=masked(number),
        birth_on=_birth_date(number[6:14], on),
        sex=Sex.MALE if int(number[16]) % 2 else Sex.FEMALE,
        warnings=_division_warnings(number[:6], divisions),
    )


def normalised(text: str) -> str:
    """Return a number in the one form in which numbers are stored and compared."""
    return re.sub(r"[\s\-()‐-―]+", "", unicodedata.normalize("NFKC", text)).upper()


def masked(number: str) -> str:
    """Return the form that may be shown: `110***********1234`, or `E******78` when short."""
    head, tail = (3, 4) if len(number) >= 15 else (1, 2)
    return number[:head] + "*" * (len(number) - head - tail) + number[-tail:]


def check_digit(first_17: str) -> str:
    """Return the eighteenth character that fits the first seventeen (GB 11643, MOD 11-2)."""
    return str(mod_11_2.calc_check_digit(first_17))


def _birth_date(digits: str, on: date) -> date:
    try:
        birth_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise BirthDateImpossible from None
    if birth_on.year < EARLIEST_BIRTH_YEAR or birth_on > on:
        raise BirthDateImpossible
    return birth_on


def _division_warnings(code: str, divisions: Container[str] | None) -> tuple[Message, ...]:
    if divisions is None or code in divisions or _OWN_DIVISIONS.fullmatch(code):
        return ()
    return (_UNKNOWN_DIVISION,)
