"""A number counts where the other side says that it was verified, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from server.federation import claims
from server.federation.errors import ClaimUnfit, NumberNotVerified

ASSURED = "verified_claims.claims.number"
VOUCHED = {"verification": {"trust_framework": "cn_ctid"}, "claims": {"number": "1"}}


@pytest.mark.parametrize(
    ("said", "number_claim", "verified_claim"),
    [
        ({"number": "1", "verified": True}, "number", "verified"),
        ({"id": {"number": "1"}, "checks": {"id": True}}, "id.number", "checks.id"),
        ({"verified_claims": VOUCHED}, ASSURED, None),
    ],
)
def test_a_verified_number_is_found_wherever_it_stands(
    said: dict[str, Any], number_claim: str, verified_claim: str | None
) -> None:
    assert claims.number_of(said, number_claim, verified_claim) == "1"


@pytest.mark.parametrize(
    ("said", "number_claim", "verified_claim"),
    [
        ({}, "number", "verified"),
        ({"number": "1"}, "number", "verified"),
        ({"number": "1", "verified": "true"}, "number", "verified"),
        ({"number": "1", "verified": 1}, "number", "verified"),
        ({"number": 1, "verified": True}, "number", "verified"),
        ({"number": "", "verified": True}, "number", "verified"),
        ({"number": "1" * 41, "verified": True}, "number", "verified"),
        ({"number": ["1"], "verified": True}, "number", "verified"),
        ({"number": "1", "verified": {"yes": True}}, "number.x", "verified"),
        ({"verified_claims": {"claims": {"number": "1"}}}, ASSURED, None),
        ({"verified_claims": {**VOUCHED, "verification": {}}}, ASSURED, None),
        ({"verified_claims": [VOUCHED]}, ASSURED, None),
    ],
)
def test_anything_else_is_no_verified_number(
    said: dict[str, Any], number_claim: str, verified_claim: str | None
) -> None:
    with pytest.raises(NumberNotVerified):
        claims.number_of(said, number_claim, verified_claim)


def test_a_number_without_a_word_that_it_was_verified_is_not_agreed() -> None:
    claims.check("number", "verified")
    claims.check(ASSURED, None)
    with pytest.raises(ClaimUnfit):
        claims.check("number", None)
