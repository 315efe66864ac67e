"""Seeded people and enterprises as they are on paper, with valid check digits (虚构人员与单位)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from random import Random

from faker import Faker

#: Counties and districts that have had their code (GB/T 2260) since before the oldest was born.
COUNTIES = (
    *("110101", "110105", "120101", "120103", "140121", "150121", "210224", "222401"),
    *("230722", "310104", "310105", "330122", "340121", "350121", "360121", "422822"),
    *("430121", "430321", "510121", "520201", "530124", "610323", "620121", "640121"),
)

#: Weights of the seventeen digits of an ID number: GB 11643-1999, ISO 7064 MOD 11-2.
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"

#: Characters and weights of a unified social credit code: GB 32100-2015.
_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))

#: Weights of the organisation's own code within it: GB 11714-1997.
_OWN_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

#: Ages, in years, of the people who must be qualified: of age and not yet retired.
YOUNGEST, OLDEST = 18, 60

_DAYS_OF_A_YEAR = 365.2425
_MOBILE_PREFIXES = ("133", "135", "138", "139", "150", "158", "166", "176", "186", "199")


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """A person who does not exist, as their papers describe them."""

    name: str
    #: `male` or `female`, and the number says the same.
    sex: str
    birth_on: date
    #: 18-digit resident identity number.
    document_number: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class Firm:
    """An enterprise that does not exist, as its licence describes it."""

    name: str
    credit_code: str
    #: County or district, six digits.
    region_code: str


def id_check(first_seventeen: str) -> str:
    """Return the last character of an ID number (GB 11643)."""
    total = sum(
        int(digit) * weight for digit, weight in zip(first_seventeen, _ID_WEIGHTS, strict=True)
    )
    return _ID_CHECKS[total % 11]


def credit_code_check(first_seventeen: str) -> str:
    """Return the last character of a unified social credit code (GB 32100)."""
    total = sum(
        _CODE_ALPHABET.index(character) * weight
        for character, weight in zip(first_seventeen, _CODE_WEIGHTS, strict=True)
    )
    return _CODE_ALPHABET[-total % 31]


def own_code_check(first_eight: str) -> str:
    """Return the last character of an organisation's own code (GB 11714)."""
    total = sum(
        int(digit) * weight for digit, weight in zip(first_eight, _OWN_WEIGHTS, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


def somebodies(seed: int, *, on: date) -> Iterator[Somebody]:
    """Yield people without end, no two with one number; the same seed yields the same people.

    Args:
        seed: what the dice begin with.
        on: the day on which all of them are of working age.
    """
    dice, faker = _dice(seed)
    seen: set[str] = set()
    while True:
        sex = dice.choice(("male", "female"))
        birth_on = _birth(dice, on)
        number = _id_number(dice, birth_on, sex)
        if number in seen:
            continue
        seen.add(number)
        name = faker.name_male() if sex == "male" else faker.name_female()
        phone = dice.choice(_MOBILE_PREFIXES) + f"{dice.randrange(10**8):08}"
        yield Somebody(name=name, sex=sex, birth_on=birth_on, document_number=number, phone=phone)


def firms(seed: int) -> Iterator[Firm]:
    """Yield enterprises without end, no two with one code; the same seed yields the same."""
    dice, faker = _dice(seed)
    seen: set[str] = set()
    while True:
        county = dice.choice(COUNTIES)
        own = f"{dice.randrange(10**8):08}"
        check = own_code_check(own)
        # An own code that ends in X or 0 is rare and drawn again, as registrars do with doubles.
        if own in seen or check in "X0":
            continue
        seen.add(own)
        body = f"91{county}{own}{check}"
        code = body + credit_code_check(body)
        yield Firm(name=faker.company(), credit_code=code, region_code=county)


def some(count: int, *, seed: int, on: date) -> list[Somebody]:
    """Return the first people of a seed."""
    return list(islice(somebodies(seed, on=on), count))


def _dice(seed: int) -> tuple[Random, Faker]:
    faker = Faker("zh_CN")
    faker.seed_instance(seed)
    return Random(seed), faker


def _birth(dice: Random, on: date) -> date:
    """Return a birth date of somebody who is at least 18 and not yet 60."""
    youngest = int(YOUNGEST * _DAYS_OF_A_YEAR) + 2
    oldest = int(OLDEST * _DAYS_OF_A_YEAR) - 2
    return on - timedelta(days=dice.randint(youngest, oldest))


def _id_number(dice: Random, birth_on: date, sex: str) -> str:
    """Return a number whose sequence is odd for men and even for women."""
    sequence = dice.randrange(1, 1000, 2) if sex == "male" else dice.randrange(2, 1000, 2)
    body = f"{dice.choice(COUNTIES)}{birth_on:%Y%m%d}{sequence:03}"
    return body + id_check(body)
