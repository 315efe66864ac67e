"""Pure: industries of GB/T 4754-2017, and which of them are high-risk on a day (行业).

Kept are the 20 sections (门类, a letter), the 97 divisions (大类, two digits) and those classes
(小类) that a high-risk mark singles out. Any group or class code is accepted on the strength of its
division: the division alone decides the letter.

Marks follow 《安全生产法》 art. 24 (formerly 21) as it stood on the day: mines, smelting,
construction, transport, and makers and traders of dangerous goods. They are data with dates.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from server.organisations.errors import IndustryUnknown

_CODE = re.compile(r"[0-9]{2,4}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Industry:
    """A section, a division, or a class that matters by itself."""

    code: str
    #: The section of a division, the division of a class; None for a section.
    parent_code: str | None
    name_zh: str
    name_en: str


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A stretch of days in which an industry counts as high-risk (高危行业标识)."""

    #: A division, or a longer code, for which the mark is made.
    industry: str
    #: The branch that plans and training rules speak of, such as `coal_mining`.
    kind: str
    name_zh: str
    from_on: date
    #: The first day on which the mark no longer counts; None while it does.
    until_on: date | None
    source: str

    def counts(self, on: date) -> bool:
        """Say whether the mark counts on the day."""
        return self.from_on <= on and (self.until_on is None or on < self.until_on)


@cache
def every() -> dict[str, Industry]:
    """Return the industries kept here, by code."""
    return {
        row["code"]: Industry(
            code=row["code"],
            parent_code=row["parent_code"] or None,
            name_zh=row["name_zh"],
            name_en=row["name_en"],
        )
        for row in csv.DictReader(io.StringIO(_text("industries.csv")))
    }


@cache
def marks() -> tuple[Mark, ...]:
    """Return every high-risk mark there is or was."""
    return tuple(
        Mark(
            industry=row["industry"],
            kind=row["kind"],
            name_zh=row["name_zh"],
            from_on=date.fromisoformat(row["from_on"]),
            until_on=date.fromisoformat(row["until_on"]) if row["until_on"] else None,
            source=row["source"],
        )
        for row in csv.DictReader(io.StringIO(_text("high_risk.csv")))
    )


def division_of(code: str) -> str:
    """Return the division (two digits) of a division, group or class code.

    Raises:
        IndustryUnknown: it is no code of two to four digits, or there is no such division.
    """
    if not _CODE.fullmatch(code) or code[:2] not in every():
        raise IndustryUnknown(industry=code[:20])
    return code[:2]


def section_of(code: str) -> str:
    """Return the letter of the section in which a division, group or class stands.

    Raises:
        IndustryUnknown: there is no such division.
    """
    return str(every()[division_of(code)].parent_code)


def nearest(code: str) -> Industry:
    """Return the industry of a code as far as it is kept here: itself, or its division."""
    return every().get(code) or every()[division_of(code)]


def mark(code: str, on: date) -> Mark | None:
    """Return the mark that makes an industry high-risk on the day; the most precise one."""
    fitting = [one for one in marks() if code.startswith(one.industry) and one.counts(on)]
    return max(fitting, key=lambda one: len(one.industry), default=None)


def is_high_risk(code: str, on: date) -> bool:
    """Say whether an industry is high-risk on the day."""
    return mark(code, on) is not None


def _text(name: str) -> str:
    return files("server.organisations.data").joinpath(name).read_text(encoding="utf-8")
