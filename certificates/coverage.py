"""Why somebody is missing; shares, how they are shown, and gaps (持证率、培训覆盖率)."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from math import ceil

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
