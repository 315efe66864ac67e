"""A refresh token is good for one use; an old one shows that two parties hold the family."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.auth import rotation
from server.auth.rotation import LEEWAY, Family, RefreshToken, Verdict, judge
from tests.moments import NOON

KEY = bytes(range(32))
PHONE, OTHER_PHONE = UUID(int=7), UUID(int=8)
FIRST = RefreshToken(sid=UUID(int=9), number=0, secret=b"\x01" * 32)


def after_uses(uses: int) -> RefreshToken:
    """The newest token of a family whose tokens were used so often."""
    token = FIRST
    for _ in range(uses):
        token = token.successor(KEY)
    return token


def a_family(uses: int) -> Family:
    """A family whose newest token was made at NOON."""
    newest = after_uses(uses)
    return Family(
        device_id=PHONE, key=KEY, number=newest.number, digest=newest.digest, rotated_at=NOON
    )


def test_a_token_reads_back_as_it_was_written():
    token = after_uses(3)

    assert rotation.read(token.text) == token


@pytest.mark.parametrize("text", ["", "x", "é" * 70, "A" * 69, "A" * 71, "=" * 70, "A" * 68])
def test_what_is_no_token_reads_as_none(text: str):
    assert rotation.read(text) is None


@given(st.text(max_size=120))
def test_no_text_breaks_the_reader(text: str):
    assert rotation.read(text) is None or len(text) >= 69


def test_a_token_shows_its_secret_to_no_log():
    assert "x01" not in repr(FIRST)
    assert KEY.hex() not in repr(a_family(1))


@pytest.mark.parametrize(
    ("uses", "shown", "device", "after", "verdict"),
    [
        (0, 0, PHONE, timedelta(days=20), Verdict.ROTATE),
        (5, 5, PHONE, timedelta(0), Verdict.ROTATE),
        (5, 4, PHONE, timedelta(0), Verdict.REPLAY),
        (5, 4, PHONE, LEEWAY, Verdict.REPLAY),
        (5, 4, PHONE, LEEWAY + timedelta(seconds=1), Verdict.REUSED),
        (5, 4, OTHER_PHONE, timedelta(0), Verdict.REUSED),
        (5, 3, PHONE, timedelta(0), Verdict.REUSED),
        (5, 0, PHONE, timedelta(0), Verdict.REUSED),
        (5, 5, OTHER_PHONE, timedelta(0), Verdict.REUSED),
        (5, 6, PHONE, timedelta(0), Verdict.UNKNOWN),
    ],
)
def test_a_token_gets_what_its_place_in_the_family_deserves(
    uses: int, shown: int, device: UUID, after: timedelta, verdict: Verdict
):
    token = after_uses(shown)

    assert judge(token, a_family(uses), device_id=device, at=NOON + after) is verdict


def test_a_repeated_refresh_gives_the_same_successor():
    assert after_uses(4).successor(KEY) == after_uses(5)


def test_another_familys_key_leads_elsewhere():
    assert FIRST.successor(KEY) != FIRST.successor(KEY[::-1])


@given(st.integers(0, 2**32 - 1), st.binary(min_size=32, max_size=32))
def test_a_forged_token_is_unknown_and_ends_no_family(number: int, secret: bytes):
    forged = RefreshToken(sid=FIRST.sid, number=number, secret=secret)

    assert judge(forged, a_family(5), device_id=OTHER_PHONE, at=NOON) is Verdict.UNKNOWN


def test_a_token_from_too_long_ago_is_unknown_without_walking_there():
    family = Family(
        device_id=PHONE, key=KEY, number=rotation.MOST_STEPS + 1, digest="", rotated_at=NOON
    )

    assert judge(FIRST, family, device_id=PHONE, at=NOON) is Verdict.UNKNOWN
