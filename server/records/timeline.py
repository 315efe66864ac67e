"""Pure: one person's life on one line (时间线)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from server.records.entries import RecordKind


class Line(NamedTuple):
    """One line of a training file: what happened, when, and who says so.

    A plain tuple: a file has hundreds of them, and making five hundred is felt.
    """

    #: The entry of the ledger, or the post.
    id: UUID
    kind: RecordKind
    happened_at: datetime
    #: The day it happened, in the zone of the law.
    happened_on: date
    #: What it is about: an attempt, a certificate, a post.
    subject_id: UUID
    content: Mapping[str, Any]
    #: Who says so.
    source: str
    recorded_at: datetime
    #: The entry that this one corrects, and why.
    corrects_id: UUID | None = None
    reason: str | None = None
    #: The entry that corrects this one; what is corrected stays to be read and no longer counts.
    corrected_by_id: UUID | None = None
    #: Who confirmed it: `assessor`, `worker`.
    confirmed_by: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether the line still stands."""
        return self.corrected_by_id is None and self.kind is not RecordKind.CORRECTION


def ordered(lines: Iterable[Line]) -> list[Line]:
    """Return the lines as they happened; what happened at once, as it was written down."""
    return sorted(lines, key=lambda line: (line.happened_at, line.recorded_at, line.id))
