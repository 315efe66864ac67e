"""Pure: the operation items of the catalogue in force on a day (操作项目).

Versions are data: `data/versions.csv` names each, the day from which it counts, and its file. A
version counts until the next one begins. 2010 is the annex to Order 30; 2018 adds three
electrician items, for which the annex has no numbers: 1.4 to 1.6 are this platform's. (The order
of 2018 is dated by its year only, so it is taken to count from the first of January.)

The catalogue of 2026 (应急〔2026〕45号, from 2026-06-01) is entered as one more file and one more
line of `versions.csv`; until then the version of 2018 goes on counting.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from server.catalogue.errors import OperationItemUnknown


@dataclass(frozen=True, kw_only=True)
class OperationItem:
    """One item that a special operations certificate can be for (操作项目)."""

    #: The number in the catalogue, such as `1.2`; not a decimal: `5.10` follows `5.9`.
    code: str
    #: A name for programs, the same as the code of its qualification.
    slug: str
    category_code: str
    category_zh: str
    category_en: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of the catalogue."""

    version: str
    #: The first day on which it counts.
    from_on: date
    title_zh: str
    source: str
    items: Mapping[str, OperationItem]


@cache
def versions() -> tuple[Version, ...]:
    """Return every version that comes with the platform, the oldest first."""
    rows = csv.DictReader(io.StringIO(_text("versions.csv")))
    found = (
        Version(
            version=row["version"],
            from_on=date.fromisoformat(row["from_on"]),
            title_zh=row["title_zh"],
            source=row["source"],
            items=read(_text(row["file"])),
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda version: version.from_on))


def version(on: date) -> Version | None:
    """Return the version that counts on the day; None before the first."""
    index = bisect_right([one.from_on for one in versions()], on)
    return versions()[index - 1] if index else None


def items(on: date) -> tuple[OperationItem, ...]:
    """Return the items of the catalogue that counts on the day, in its order."""
    counting = version(on)
    return tuple(counting.items.values()) if counting else ()


def item(code: str, on: date) -> OperationItem:
    """Return the item with this code in the catalogue that counts on the day.

    Raises:
        OperationItemUnknown: that catalogue has no such item.
    """
    counting = version(on)
    found = counting.items.get(code) if counting else None
    if found is None:
        raise OperationItemUnknown(item=code)
    return found


def latest(code: str) -> OperationItem | None:
    """Return the item as the newest catalogue that has it calls it; None where none has it."""
    having = (one.items[code] for one in reversed(versions()) if code in one.items)
    return next(having, None)


def unknown(codes: Iterable[str], on: date) -> list[str]:
    """Return those of the codes that the catalogue of the day does not have."""
    counting = version(on)
    return [code for code in codes if counting is None or code not in counting.items]


def read(text: str) -> dict[str, OperationItem]:
    """Return the items of one file, by code and in order.

    Raises:
        ValueError: a code or a slug stands twice, or a code does not begin with its category's.
    """
    found: dict[str, OperationItem] = {}
    slugs: set[str] = set()
    for row in csv.DictReader(io.StringIO(text)):
        one = OperationItem(**row)
        if one.code in found or one.slug in slugs:
            raise ValueError(f"{one.code} {one.slug} stands twice in the catalogue")
        if not one.code.startswith(f"{one.category_code}."):
            raise ValueError(f"{one.code} stands in the wrong category {one.category_code}")
        found[one.code] = one
        slugs.add(one.slug)
    return found


def _text(name: str) -> str:
    return files("server.catalogue.data").joinpath(name).read_text(encoding="utf-8")
