"""Pure: which lines of a file an organisation reads, and which by consent only (查阅范围).

A bureau, and whoever keeps the file, reads all of it. Another organisation reads what it stated or
taught itself, what happened while the person worked there, and certificates and bars, which
anybody may verify; earlier years at other employers only by the person's consent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from server.records.entries import RecordKind
from server.records.timeline import Line

#: What anybody may verify.
OPEN = frozenset({RecordKind.CERTIFICATE, RecordKind.BAR})

#: What is read together with the line it is about.
ABOUT_ANOTHER = frozenset({RecordKind.CORRECTION, RecordKind.CONFIRMATION, RecordKind.OBJECTION})

#: Where a line says which organisation it is of.
_NAMES = ("organisation_id", "provider_id", "employer_id")

L = TypeVar("L", bound=Line)


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who looks, as far as it decides what is shown."""

    #: A bureau, who keeps the file, or the person.
    sees_all: bool = False
    #: Organisations of the viewer that the file speaks of.
    organisation_ids: Collection[str] = ()
    #: Days on which the person worked there: from, and the first day no longer.
    worked: Collection[tuple[date, date]] = ()
    #: Kinds of lines that the person consented to; None for no consent, empty for all.
    consented: Collection[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What is shown of a file."""

    lines: list[Any] = field(default_factory=list)
    withheld_count: int = 0


def shown(lines: Iterable[L], viewer: Viewer) -> Shown:
    """Return the lines that the viewer reads, and how many are withheld."""
    every = list(lines)
    if viewer.sees_all:
        return Shown(lines=every)
    read = {line.id for line in every if line.kind not in ABOUT_ANOTHER and _reads(line, viewer)}
    seen = [
        line
        for line in every
        if (line.subject_id if line.kind in ABOUT_ANOTHER else line.id) in read
    ]
    return Shown(lines=seen, withheld_count=len(every) - len(seen))


def _reads(line: Line, viewer: Viewer) -> bool:
    if line.kind in OPEN or _is_of(line, viewer.organisation_ids):
        return True
    if viewer.consented is not None and (not viewer.consented or line.kind in viewer.consented):
        return True
    return any(
        first.isoformat() <= line.happened_on < end.isoformat() for first, end in viewer.worked
    )


def _is_of(line: Line, organisation_ids: Collection[str]) -> bool:
    return any(line.content.get(name) in organisation_ids for name in _NAMES)
