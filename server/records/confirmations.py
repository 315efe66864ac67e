"""Pure: which lines of a file the law wants signed by assessor and worker (考核双方签字规则).

What is asked is data with effective dates: of which trainings, by whom, from which day on. Only the
result of an assessment is signed, so a training without one awaits nobody.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

from server.records.entries import RecordKind
from server.records.timeline import Line


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Whose confirmations are asked for, between two days."""

    code: str
    purposes: tuple[str, ...]
    #: `assessor`, `worker`.
    by: tuple[str, ...]
    effective_from: date
    effective_until: date | None
    source_zh: str
    source_en: str
    #: Whether the text of the law was read; where it was not, the source says what was.
    checked: bool


@cache
def shipped() -> tuple[Asked, ...]:
    """Return the rules that come with the platform."""
    text = files("server.records.data").joinpath("confirmations.csv").read_text("utf-8")
    return tuple(
        Asked(
            code=row["code"],
            purposes=tuple(row["purposes"].split("|")),
            by=tuple(row["by"].split("|")),
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_until=(
                date.fromisoformat(row["effective_until"]) if row["effective_until"] else None
            ),
            source_zh=row["source_zh"],
            source_en=row["source_en"],
            checked=row["checked"] == "yes",
        )
        for row in csv.DictReader(io.StringIO(text))
    )


@lru_cache(4096)
def asked_of(purpose: str, on: str) -> frozenset[str]:
    """Return who must confirm the assessment of a training for a purpose, finished on a day."""
    day = date.fromisoformat(on)
    return frozenset(
        who
        for each in shipped()
        if purpose in each.purposes
        and each.effective_from <= day
        and (each.effective_until is None or day <= each.effective_until)
        for who in each.by
    )


def awaited(line: Line) -> tuple[str, ...]:
    """Return whose confirmation the law asks for and a line lacks: `assessor`, `worker`."""
    if line.kind is not RecordKind.TRAINING or line.content.get("passed") is None:
        return ()
    if not line.counts:
        return ()
    asked = asked_of(str(line.content["purpose"]), line.happened_on)
    return tuple(sorted(asked.difference(line.confirmed_by)))


def awaiting(lines: Iterable[Line], who: str) -> list[Line]:
    """Return the lines that await the confirmation of `who`, in their order."""
    return [line for line in lines if who in awaited(line)]
