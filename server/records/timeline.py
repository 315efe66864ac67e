"""Pure: one person's life on one line (时间线)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from server.records.entries import InductionLevel, RecordKind


class Line(NamedTuple):
    """One line of a training file: what happened, when, and who says so.

    A plain tuple of plain text, as a file is told: ids with their hyphens, moments in UTC as
    `datetime.isoformat` writes them, days likewise. A file has hundreds of lines, and making
    objects of all their ids and moments, only to write them down again, cost half of a look.
    """

    #: The entry of the ledger, or the post.
    id: str
    kind: RecordKind
    happened_at: str
    #: The day it happened, in the zone of the law.
    happened_on: str
    #: What it is about: an attempt, a certificate, a post.
    subject_id: str
    content: Mapping[str, Any]
    #: Who says so.
    source: str
    recorded_at: str
    #: The entry that this one corrects, and why.
    corrects_id: str | None = None
    reason: str | None = None
    #: The entry that corrects this one; what is corrected stays to be read and no longer counts.
    corrected_by_id: str | None = None
    #: Who confirmed it: `assessor`, `worker`.
    confirmed_by: tuple[str, ...] = ()
    #: Why the person does not confirm it; None where they do, or said nothing.
    objection: str | None = None

    @property
    def counts(self) -> bool:
        """Whether the line still stands."""
        return self.corrected_by_id is None and self.kind is not RecordKind.CORRECTION


def ordered(lines: Iterable[Line]) -> list[Line]:
    """Return the lines as they happened; what happened at once, as it was written down.

    Of what was written down at once, too, a beginning stands before what befell it, and an
    induction goes from the plant to the team.
    """
    # Moments of one zone in one spelling: their text is in the order of time.
    return sorted(
        lines,
        key=lambda line: (
            line.happened_at,
            line.recorded_at,
            line.content.get("what") not in _BEGINNINGS,
            _LEVELS.get(line.content.get("level"), 0),
            line.id,
        ),
    )


#: What lines of certificates and posts call a beginning.
_BEGINNINGS = ("issued", "began")

#: Levels of an induction in their order.
_LEVELS: Mapping[object, int] = {level.value: at for at, level in enumerate(InductionLevel)}
