"""The ground a population stands on: townships, villages, enterprises, an issuer (批量属地)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

import numpy as np
from faker import Faker

#: The province that is filled, its townships in a county, and villages in a township.
PROVINCE, TOWNSHIPS, VILLAGES = "140000", 10, 5

#: When everything was written.
STAMP = "2021-01-01 04:00:00.000000"

_INDUSTRIES = (("06", "B"), ("26", "C"), ("47", "E"), ("51", "F"), ("34", "C"), ("61", "H"))
_HIGH_RISK = {"06", "26", "47"}

#: Sizes of enterprises, and how often each is met.
_SIZES = (("micro", 0.6), ("small", 0.34), ("medium", 0.05), ("large", 0.01))


class Table(Protocol):
    """Where rows go."""

    is_sqlite: bool

    def add(self, table: str, columns: tuple[str, ...], row: tuple[Any, ...]) -> None:
        """Add one row."""

    def rows(self, words: str) -> list[tuple[Any, ...]]:
        """Return what a question answers."""


@dataclass
class Ground:
    """What stands already, and where people are put."""

    #: Ids and paths of villages.
    villages: list[tuple[str, str]] = field(default_factory=list)
    #: Qualification and rule by role and item.
    qualifications: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    issuer: str = ""
    range_id: str = ""
    provider: str = ""
    #: The place of the next certificate in its range.
    place: int = 1_000_000


def ids(dice: np.random.Generator) -> Iterator[str]:
    """Yield ids without end, as both databases read them."""
    while True:
        yield from (each.tobytes().hex() for each in dice.integers(0, 256, (50_000, 16), np.uint8))


def names(seed: int) -> list[str]:
    """Return some thousand names."""
    fake = Faker("zh_CN")
    fake.seed_instance(seed)
    return [fake.name() for _ in range(3000)]


def lay(table: Table, fresh: Iterator[str], counties: int) -> tuple[Ground, dict[str, str]]:
    """Add townships and villages to counties; return the ground, and one region of each level."""
    ground = Ground()
    (province, top, _), *_ = table.rows(
        f"SELECT id, path, name FROM region WHERE code = '{PROVINCE}'"  # noqa: S608  # our own
    )
    wanted = "SELECT id, path, code FROM region WHERE level = 3 ORDER BY code"
    found = [row for row in table.rows(wanted) if row[1].startswith(top)][:counties]
    columns = ("id", "code", "name", "level", "parent_id", "path", "is_grouping")
    for county, path, code in found:
        for number in range(TOWNSHIPS):
            town, town_code = fresh_id(fresh), f"{code}{number + 900}"
            below = f"{path}{dashed(town)}/"
            row = (town, town_code, f"第{number}镇", 4, hexed(county), below, False)
            table.add("region", columns, row)
            for place in range(VILLAGES):
                village = fresh_id(fresh)
                here = f"{below}{dashed(village)}/"
                named = (village, f"{town_code}{place + 900}", f"第{place}村", 5, town, here, False)
                table.add("region", columns, named)
                ground.villages.append((village, here))
    _know(table, fresh, ground)
    last = ground.villages[-1][1].strip("/").split("/")
    asked = dict(zip(("province", "city", "county", "township", "village"), last, strict=True))
    return ground, asked | {"province": dashed(hexed(province))}


def _know(table: Table, fresh: Iterator[str], ground: Ground) -> None:
    rules: dict[str, str] = {}
    for one, role in table.rows("SELECT id, role FROM certificate_rule ORDER BY effective_from"):
        rules.setdefault(role, hexed(one))
    for one, role, item in table.rows("SELECT id, role, operation_item FROM qualification"):
        if role in rules:
            ground.qualifications[role, item or ""] = (hexed(one), rules[role])
    ground.issuer = hexed(table.rows("SELECT id FROM issuer")[0][0])
    providers = table.rows("SELECT id FROM organisation WHERE kind = 'provider'")
    ground.provider = dashed(hexed(providers[0][0])) if providers else ""
    ground.range_id = next(fresh)
    columns = ("id", "issuer_id", "year", "letters", "last_place")
    table.add("number_range", columns, (ground.range_id, ground.issuer, 1990, "ZZ", 0))


def enterprises(
    table: Table, fresh: Iterator[str], dice: np.random.Generator, ground: Ground, count: int
) -> list[str]:
    """Add enterprises in the villages; return their ids."""
    spots = dice.integers(0, len(ground.villages), count)
    kinds = dice.integers(0, len(_INDUSTRIES), count)
    sizes = dice.choice(len(_SIZES), size=count, p=[share for _, share in _SIZES])
    columns = ("id", "kind", "name", "industry", "section", "division", "is_high_risk")
    found = []
    for number in range(count):
        one = next(fresh)
        code, section = _INDUSTRIES[kinds[number]]
        row = (one, "enterprise", f"第{number}企业", code, section, code, code in _HIGH_RISK)
        where = (ground.villages[spots[number]][0], f"/{dashed(one)}/", STAMP)
        more = ("region_id", "path", "registered_at", "size")
        sized = (*row, *where, _SIZES[sizes[number]][0])
        table.add("organisation", (*columns, *more), sized)
        found.append(one)
    return found


def person(one: str, name: str, number: int, place: str) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """Return the columns and the row of a person."""
    columns = ("id", "name", "document_type", "document_cipher", "document_key_id")
    more = ("document_index", "document_index_key_id", "document_masked")
    return (*columns, *more, "registered_under_id", "registered_at"), (
        *(one, name, "passport", b"", ""),
        *(f"bulk{number}", "", "E*******0"),
        place,
        STAMP,
    )


def certificate(
    table: Table,
    ground: Ground,
    one: str,
    what: tuple[str, str, str],
    on: date,
    until: date,
) -> None:
    """Add a certificate: whose, of which qualification, under which rule, from when to when."""
    ground.place += 1
    number = f"B{ground.place}"
    content = {
        "number": number,
        "title_zh": "安全合格证",
        "title_en": "Certificate of competence",
        "holder": {"name": "某人", "document_masked": "3***********0"},
        "qualification": {"code": what[1], "name_zh": "合格", "name_en": "Competent"},
        "valid_from": str(on),
        "valid_until": str(until),
    }
    columns = ("id", "person_id", "qualification_id", "rule_id", "serial", "number", "range_id")
    more = ("place", "issuer_id", "valid_from", "valid_until", "review_days", "content")
    last = ("content_hash", "status_index", "token", "issued_at")
    table.add(
        "certificate",
        (*columns, *more, *last),
        (
            *(one, *what, number, number, ground.range_id),
            *(ground.place, ground.issuer, str(on), str(until), "[]", json.dumps(content)),
            *("", ground.place, "", f"{on} 04:00:00.000000"),
        ),
    )


def fresh_id(fresh: Iterator[str]) -> str:
    """Return the next id."""
    return next(fresh)


def hexed(one: Any) -> str:
    """Return an id as 32 digits, whichever database it came from."""
    return str(one).replace("-", "")


def dashed(one: str) -> str:
    """Return an id as paths and addresses have it."""
    return f"{one[:8]}-{one[8:12]}-{one[12:16]}-{one[16:20]}-{one[20:]}"
