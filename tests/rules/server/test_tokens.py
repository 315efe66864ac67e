"""Access tokens say who signed in, and nothing but our own key makes one."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import tokens
from server.errors import NotSignedIn
from server.tokens import AccessTokenRefused, Keyring, TokenExpired
from tests.moments import NOON

SECRET, OTHER = b"a secret of thirty-two bytes, ok", b"another one of thirty-two bytes!"
RING = Keyring.of(SECRET)
WHO, WHERE = UUID(int=1), UUID(int=2)
LIFETIME = timedelta(minutes=10)


def a_token(**changes: Any) -> str:
    """A token of ours, but for the changed claims or headers."""
    headers = {"kid": RING.current, **changes.pop("headers", {})}
    claims = {
        "iss": tokens.ISSUER,
        "aud": tokens.AUDIENCE,
        "sub": str(WHO),
        "sid": str(WHERE),
        "jti": str(UUID(int=3)),
        "iat": int(NOON.timestamp()),
        "exp": int((NOON + LIFETIME).timestamp()),
        **changes,
    }
    present = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(present, SECRET, "HS256", headers=headers)


def unsigned(algorithm: str) -> str:
    """A token that names another algorithm and has no signature."""

    def part(content: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")

    payload = jwt.decode(a_token(), options={"verify_signature": False})
    return f"{part({'alg': algorithm, 'kid': RING.current})}.{part(payload)}."


def test_a_token_gives_back_who_signed_in_where_and_until_when():
    token = tokens.sign(WHO, WHERE, keyring=RING, at=NOON, lifetime=LIFETIME)

    claims = tokens.read(token, keyring=RING, at=NOON)

    assert (claims.account_id, claims.sid) == (WHO, WHERE)
    assert claims.issued_at == NOON
    assert claims.expires_at == NOON + LIFETIME


def test_two_tokens_of_one_moment_have_two_numbers():
    first, second = (
        tokens.sign(WHO, WHERE, keyring=RING, at=NOON, lifetime=LIFETIME) for _ in range(2)
    )

    assert tokens.read(first, keyring=RING, at=NOON) != tokens.read(second, keyring=RING, at=NOON)


@pytest.mark.parametrize(
    ("after", "counts"),
    [
        (timedelta(0), True),
        (LIFETIME - timedelta(microseconds=1), True),
        (LIFETIME, False),
        (LIFETIME + timedelta(days=1), False),
    ],
)
def test_a_token_counts_until_its_last_moment(after: timedelta, counts: bool):
    if counts:
        assert tokens.read(a_token(), keyring=RING, at=NOON + after)
    else:
        with pytest.raises(TokenExpired):
            tokens.read(a_token(), keyring=RING, at=NOON + after)


def test_a_token_from_the_future_is_refused_beyond_the_drift_of_our_clocks():
    soon = NOON - tokens.CLOCK_DRIFT

    assert tokens.read(a_token(), keyring=RING, at=soon)
    with pytest.raises(AccessTokenRefused):
        tokens.read(a_token(), keyring=RING, at=soon - timedelta(seconds=1))


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "RS256", "ES256"])
def test_the_algorithm_a_token_names_is_never_believed(algorithm: str):
    with pytest.raises(AccessTokenRefused):
        tokens.read(unsigned(algorithm), keyring=RING, at=NOON)


def test_another_algorithm_with_the_right_key_is_refused():
    claims = jwt.decode(a_token(), options={"verify_signature": False})
    long_key = Keyring.of(SECRET * 2)
    token = jwt.encode(claims, SECRET * 2, "HS512", headers={"kid": long_key.current})

    with pytest.raises(AccessTokenRefused):
        tokens.read(token, keyring=long_key, at=NOON)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody-else"},
        {"aud": "another-use"},
        {"sub": "not-a-uuid"},
        {"sid": "not-a-uuid"},
        {"sid": 7},
        {"jti": "x"},
        {"iat": 1.5},
        {"exp": 10**30},
        {"exp": "1"},
        {"exp": True},
        {"sub": None},
        {"sid": None},
        {"jti": None},
        {"iat": None},
        {"exp": None},
        {"iss": None},
        {"aud": None},
        {"headers": {"kid": "unknown"}},
    ],
)
def test_a_token_that_lacks_or_bends_a_claim_is_refused(changes: dict[str, Any]):
    with pytest.raises(AccessTokenRefused):
        tokens.read(a_token(**changes), keyring=RING, at=NOON)


def test_a_token_without_the_name_of_its_key_is_refused():
    claims = jwt.decode(a_token(), options={"verify_signature": False})

    with pytest.raises(AccessTokenRefused):
        tokens.read(jwt.encode(claims, SECRET, "HS256"), keyring=RING, at=NOON)


def test_a_key_of_another_installation_signs_nothing_here():
    foreign = tokens.sign(WHO, WHERE, keyring=Keyring.of(OTHER), at=NOON, lifetime=LIFETIME)

    with pytest.raises(AccessTokenRefused):
        tokens.read(foreign, keyring=RING, at=NOON)


def test_a_retired_key_still_verifies_and_a_dropped_one_does_not():
    old = tokens.sign(WHO, WHERE, keyring=RING, at=NOON, lifetime=LIFETIME)
    rotated = Keyring.of(OTHER, retired=[SECRET])
    dropped = Keyring.of(OTHER)

    assert tokens.read(old, keyring=rotated, at=NOON).account_id == WHO
    new = tokens.sign(WHO, WHERE, keyring=rotated, at=NOON, lifetime=LIFETIME)
    assert tokens.read(new, keyring=dropped, at=NOON).account_id == WHO
    with pytest.raises(AccessTokenRefused):
        tokens.read(old, keyring=dropped, at=NOON)


def test_the_name_of_a_key_does_not_tell_the_key():
    assert SECRET.hex() not in RING.current
    assert "secret" not in repr(RING)


def test_every_refusal_of_a_token_means_not_signed_in():
    assert issubclass(TokenExpired, NotSignedIn)
    assert issubclass(AccessTokenRefused, NotSignedIn)
    assert (TokenExpired.status, AccessTokenRefused.status) == (401, 401)


def test_a_text_longer_than_any_token_of_ours_is_not_even_parsed():
    with pytest.raises(AccessTokenRefused):
        tokens.read("A" * (tokens.LONGEST_TOKEN + 1), keyring=RING, at=NOON)


@given(st.one_of(st.text(max_size=200), st.text("abcXYZ019-_.", max_size=2000)))
def test_no_text_that_somebody_sends_breaks_the_reader(text: str):
    with pytest.raises(NotSignedIn):
        tokens.read(text, keyring=RING, at=NOON)


@given(st.integers(min_value=0), st.characters(codec="ascii"))
def test_a_token_changed_anywhere_in_its_content_is_refused(place: int, sign: str):
    token = a_token()
    content = token.rsplit(".", 1)[0]
    index = place % len(content)
    changed = token[:index] + sign + token[index + 1 :]

    if changed != token:
        with pytest.raises(AccessTokenRefused):
            tokens.read(changed, keyring=RING, at=NOON)


def test_a_new_key_goes_round_servers_one_after_the_other_and_no_token_falls():
    # First every server may read the new key, then each signs with it, then the old one goes.
    rounds = [
        Keyring.of(SECRET),
        Keyring.of(SECRET, retired=[OTHER]),
        Keyring.of(OTHER, retired=[SECRET]),
        Keyring.of(OTHER),
    ]

    for before, after in pairwise(rounds[:3]):
        for signing, reading in ((before, after), (after, before)):
            token = tokens.sign(WHO, WHERE, keyring=signing, at=NOON, lifetime=LIFETIME)
            assert tokens.read(token, keyring=reading, at=NOON).account_id == WHO
    # Before the old one goes, the last token it signed is over.
    token = tokens.sign(WHO, WHERE, keyring=rounds[2], at=NOON, lifetime=LIFETIME)
    assert tokens.read(token, keyring=rounds[3], at=NOON).account_id == WHO
