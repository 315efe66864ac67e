"""What is known of one person, as plain values: certificates, training lines, posts (个人依据).

Days are ordinals (`date.toordinal()`), spans half-open: whole numbers cannot slip by a time zone,
and a million people are counted with them in minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from certificates.coverage import Reason
from certificates.facts import RecordKind
from certificates.on_post_facts import Person
from certificates.validity import Happening, Status, Turn, Validity, status

#: The first day there is, and the day on which what has no end would end.
BEGIN, END = date.min.toordinal(), date.max.toordinal()

#: Within the grace after appointment: left out of both numbers.
NOT_DUE = 0
COVERED = 1
#: Why somebody is missing, the most telling reason first; the least of several counts.
REASONS: dict[int, Reason] = {
    2: Reason.SUSPENDED,
    3: Reason.REVOKED,
    4: Reason.NOT_YET_VALID,
    5: Reason.EXPIRED,
    6: Reason.FAILED,
    7: Reason.WRONG_ITEM,
    8: Reason.NOT_EXAMINED,
    9: Reason.NEVER_TRAINED,
    10: Reason.LACKING,
}
#: The states from here on are missing.
FIRST_MISSING = 2
CODES: dict[Reason, int] = {reason: code for code, reason in REASONS.items()}

_STANDING: dict[Status, int] = {
    Status.VALID: COVERED,
    Status.EXPIRING: COVERED,
    Status.SUSPENDED: CODES[Reason.SUSPENDED],
    Status.REVOKED: CODES[Reason.REVOKED],
    Status.NOT_YET_VALID: CODES[Reason.NOT_YET_VALID],
    Status.EXPIRED: CODES[Reason.EXPIRED],
    Status.REPLACED: CODES[Reason.EXPIRED],
    Status.CANCELLED: CODES[Reason.EXPIRED],
}


class Segment(NamedTuple):
    """The days from `start` up to and without `end` on which something is so."""

    start: int
    end: int
    state: int


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate: what for, and where it stands from which day to which."""

    role: str
    #: Role and item, as needs name them: `special_operations_worker:1.2`.
    what: str
    first_day: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the training file that stands."""

    kind: RecordKind
    day: int
    purpose: str | None
    role: str | None
    item: str | None
    #: The number of the organisation that trained; 0 where none is named.
    provider: int = 0


@dataclass(slots=True)
class File:
    """All that is known of one person but the posts (一人一档)."""

    papers: list[Paper] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    #: Days on which posts of each role are held, for measures that ask for a post.
    posts: list[tuple[str, int, int]] = field(default_factory=list)
    #: Whether a department of the name exists, for organisations.
    departments: list[str] = field(default_factory=list)
    #: Posts and trainings as the gate sees them, for measures of the very post.
    inducted: Person = field(default_factory=Person)


def paper(
    role: str,
    item: str | None,
    validity: Validity,
    happenings: Sequence[Happening] = (),
    *,
    issued_on: date | None = None,
) -> Paper:
    """Return a certificate as it is counted.

    Before its first day it says something only since it was issued: who was certified in May was
    not “certified from May on” in March. What was voided proves nothing, of no day.
    """
    if any(each.turn is Turn.VOIDED for each in happenings):
        return Paper(role=role, what=f"{role}:{item or ''}", first_day=END, segments=())
    first, last = validity.first_day.toordinal(), validity.last_day.toordinal()
    issued = first if issued_on is None else min(issued_on.toordinal(), first)
    if not happenings and not validity.review_days:
        segments = [Segment(first, last + 1, COVERED), Segment(last + 1, END, 5)]
        if issued < first:
            segments.insert(0, Segment(issued, first, 4))
    else:
        segments = _befallen(validity, happenings, first, last, issued)
    return Paper(role=role, what=f"{role}:{item or ''}", first_day=first, segments=tuple(segments))


def _befallen(
    validity: Validity, happenings: Sequence[Happening], first: int, last: int, issued: int
) -> list[Segment]:
    days = {issued, first, last + 1}
    days |= {each.effective_on.toordinal() for each in happenings}
    days |= {each.toordinal() + 1 for each in validity.review_days}
    cuts = sorted(day for day in days if day >= issued)
    return [
        Segment(
            start,
            end,
            _STANDING[status(validity, date.fromordinal(start), happenings=happenings)],
        )
        for start, end in zip(cuts, [*cuts[1:], END], strict=True)
    ]
