"""Pure: which document number an identity outside vouches for (已核验证件号码).

A number that somebody typed into a profile proves nothing. So it is taken from where the other side
says that it was verified: a claim beside it that is exactly true, as `email_verified` is for
addresses, or the `verified_claims` of OpenID Connect for Identity Assurance.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from server.federation.errors import ClaimUnfit, NumberNotVerified

#: Where claims stand that were verified, by OpenID Connect for Identity Assurance 1.0.
ASSURED: Final = "verified_claims.claims."

#: Characters of the longest number of any kind of document.
_LONGEST: Final = 40


def check(number_claim: str, verified_claim: str | None) -> None:
    """Make sure that a number is only believed where it was verified.

    Raises:
        ClaimUnfit: nothing says that it was.
    """
    if verified_claim is None and not number_claim.startswith(ASSURED):
        raise ClaimUnfit


def number_of(claims: Mapping[str, Any], number_claim: str, verified_claim: str | None) -> str:
    """Return the document number that the claims vouch for.

    Args:
        claims: what the other side says of somebody.
        number_claim: the claim that holds the number; dots lead inward.
        verified_claim: the claim that is true where the number was verified; None for numbers
            among `verified_claims`.

    Raises:
        NumberNotVerified: there is none, or nobody verified it.
    """
    number = _at(claims, number_claim)
    if verified_claim is None:
        verified = isinstance(_at(claims, "verified_claims.verification.trust_framework"), str)
    else:
        # Exactly true: a text "false" is true to a careless reader.
        verified = _at(claims, verified_claim) is True
    if not (verified and isinstance(number, str) and 0 < len(number) <= _LONGEST):
        raise NumberNotVerified
    return number


def says(claims: Mapping[str, Any], number_claim: str) -> bool:
    """Say whether the claims hold the number at all, verified or not."""
    return _at(claims, number_claim) is not None


def _at(claims: Mapping[str, Any], path: str) -> Any:
    found: Any = claims
    for name in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(name)
    return found
