"""Grading anew after a key was found wrong (重新评分): exact, and the same however often.

What was chosen never changes, and neither does the paper; only what a choice is worth. So grading
anew is grading, with corrected keys; doing it twice is doing it once, and with the same keys it
changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from exams import grading
from question_bank import marking
from question_bank.kinds import Kind


class Remedy(StrEnum):
    """What is done about a question that was asked with a wrong key."""

    #: Another key is right.
    KEY_CORRECTED = "key_corrected"
    #: The question was no good: everybody has all of its points (一律给分).
    FULL_MARKS = "full_marks"
    #: The question was no good: it is taken out of score and maximum (剔除该题).
    EXCLUDED = "excluded"


class RegradeState(StrEnum):
    """How far a regrade is."""

    PROPOSED = "proposed"
    PREVIEWED = "previewed"
    APPROVED = "approved"
    APPLIED = "applied"
    REJECTED = "rejected"


class Cause(StrEnum):
    """Why an outcome was corrected."""

    LATE_RESPONSES = "late_responses"
    REGRADE = "regrade"
    CORRECTION = "correction"


@dataclass(frozen=True, kw_only=True)
class Keyed:
    """One place of a paper, with what counts as right there now."""

    slot: int
    points: int
    kind: Kind
    key: frozenset[str]
    #: What was done about it; None where it stands as it was asked.
    remedy: Remedy | None = None


def share(place: Keyed, chosen: Collection[str], *, partial_credit: bool) -> Fraction:
    """Return the share of its points that a choice earns in a place."""
    if place.remedy is Remedy.FULL_MARKS:
        return marking.EVERYTHING
    if place.remedy is Remedy.EXCLUDED:
        return marking.NOTHING
    return marking.mark(place.kind, chosen, place.key, partial_credit=partial_credit)


def worth(place: Keyed) -> int:
    """Return what a place adds to the maximum: nothing where it was taken out."""
    return 0 if place.remedy is Remedy.EXCLUDED else place.points


def grade(
    places: Sequence[Keyed],
    chosen: Mapping[int, Collection[str]],
    *,
    pass_percent: int,
    partial_credit: bool,
) -> grading.Grade:
    """Grade what was chosen, by slot, with the keys that count now."""
    return grading.grade(
        (
            grading.MarkedSlot(
                slot=place.slot,
                points=worth(place),
                share=share(place, chosen.get(place.slot, ()), partial_credit=partial_credit),
            )
            for place in places
        ),
        pass_percent=pass_percent,
    )
