"""Of those who must, who does; who does not, and why (持证率、培训覆盖率)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil
from uuid import UUID

from certificates.validity import Status

#: Shown where nobody is required: that is neither 0 % nor 100 %.
NOBODY = "—"

#: Decimals of a share in JSON.
DECIMALS = 6


class Reason(StrEnum):
    """Why somebody is not covered."""

    SUSPENDED = "suspended"
    REVOKED = "revoked"
    #: The certificate was issued and its first day has not come.
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    FAILED = "failed"
    #: Holds a standing certificate, of another operation item or role.
    WRONG_ITEM = "wrong_item"
    #: Was trained, and has passed no exam.
    NOT_EXAMINED = "not_examined"
    NEVER_TRAINED = "never_trained"
    #: Still within the grace after appointment; such people are excluded, not missing.
    NOT_YET_DUE = "not_yet_due"
    #: An organisation, or a share of staff, without what is asked for.
    LACKING = "lacking"


@dataclass(frozen=True, kw_only=True)
class Need:
    """One thing that one person (or organisation) must have, and since when it is due."""

    who: UUID
    #: What is needed: `special_operations_worker:1.2`, or the measure itself.
    what: str
    #: The first day on which it counts; before it the need is within its grace.
    due_on: date


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Who must, who of them does, and who is left out because it is not due yet.

    `covered` lies within `required` by construction, so the ratio never exceeds one.
    """

    required: frozenset[UUID]
    covered: frozenset[UUID]
    excluded: frozenset[UUID] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        """Refuse a numerator that is not part of its denominator."""
        if not self.covered <= self.required or self.excluded & self.required:
            raise ValueError("Who is covered must be required, and who is excluded must not.")

    @property
    def missing(self) -> frozenset[UUID]:
        """Who must and does not."""
        return self.required - self.covered

    @property
    def ratio(self) -> Fraction | None:
        """The share covered; None where nobody is required."""
        return ratio(len(self.covered), len(self.required))


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What is known, on the day asked about, of somebody who is not covered."""

    #: Where their certificates of the right qualification stand.
    statuses: Collection[Status] = ()
    #: Whether a certificate of another qualification stands.
    holds_another: bool = False
    failed: bool = False
    trained: bool = False
    #: What counts was done, and its time has run out.
    lapsed: bool = False


def assess(needs: Iterable[Need], met: AbstractSet[tuple[UUID, str]], *, on: date) -> Coverage:
    """Return the coverage of these needs on the day `on`, everybody counted once.

    Who has a need that is due is required, and covered only if every due need is met: an
    electrician whose posts ask for two operation items holds two certificates. Who has only needs
    within their grace is excluded, whether they are met already or not.

    Args:
        needs: of everybody in the population on that day; several posts give several needs.
        met: the pairs of who and what that hold on that day.
        on: the day asked about.
    """
    everybody: set[UUID] = set()
    required: set[UUID] = set()
    lacking: set[UUID] = set()
    for need in needs:
        everybody.add(need.who)
        if need.due_on <= on:
            required.add(need.who)
            if (need.who, need.what) not in met:
                lacking.add(need.who)
    return Coverage(
        required=frozenset(required),
        covered=frozenset(required - lacking),
        excluded=frozenset(everybody - required),
    )


def why_missing(evidence: Evidence) -> Reason:
    """Return the one reason that says most about what must happen next."""
    statuses = set(evidence.statuses)
    answers: Mapping[Reason, bool] = {
        Reason.SUSPENDED: Status.SUSPENDED in statuses,
        Reason.REVOKED: Status.REVOKED in statuses,
        Reason.NOT_YET_VALID: Status.NOT_YET_VALID in statuses,
        Reason.EXPIRED: evidence.lapsed or bool(statuses & {Status.EXPIRED, Status.REPLACED}),
        Reason.FAILED: evidence.failed,
        Reason.WRONG_ITEM: evidence.holds_another,
        Reason.NOT_EXAMINED: evidence.trained,
    }
    return next((reason for reason, so in answers.items() if so), Reason.NEVER_TRAINED)


def ratio(covered: int, required: int) -> Fraction | None:
    """Return covered of required; None where nobody is required."""
    return Fraction(covered, required) if required else None


def shown(share: Fraction | None, *, decimals: int = 1) -> str:
    """Return the share as people read it: floored, so that 100 % means everybody.

    2999 of 3000 is 99.9 %, never 100.0 %.
    """
    if share is None:
        return NOBODY
    steps = share * 100 * 10**decimals
    whole, rest = divmod(int(steps // 1), 10**decimals)
    return f"{whole}.{rest:0{decimals}d}%" if decimals else f"{whole}%"


def decimal(share: Fraction | None) -> str | None:
    """Return the share as a decimal text for programs, cut off and never rounded up."""
    if share is None:
        return None
    whole, rest = divmod(int(share * 10**DECIMALS), 10**DECIMALS)
    return f"{whole}.{rest:0{DECIMALS}d}"


def gap(*, covered: int, required: int, target: Fraction) -> int:
    """Return how many more must be covered to reach the target share of those required."""
    return max(0, ceil(target * required) - covered)
