"""The independent reader believes pinned keys and nobody else."""

from __future__ import annotations

from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from certificates import tokens, trust
from certificates.claims import Claims
from load_tests.offline import NotGenuine, scan

ON = date(2026, 11, 22)
CLAIMS = Claims(
    issuer="bureau",
    serial="S-1",
    holder="欧阳建国",
    document_masked="110***********002X",
    qualification="principal",
    valid_from=date(2026, 11, 1),
    valid_until=date(2029, 10, 31),
    status_index=7,
    status_list_uri="urn:sc1:bureau",
)


@pytest.fixture(scope="module")
def key():
    return ec.generate_private_key(ec.SECP256R1())


def pinned(key, issuer="bureau"):
    entry = trust.TrustedKey(
        issuer=issuer,
        issuer_name="应急管理局",
        public_key=key.public_key(),
        qualifications=None,
        not_before=date(2026, 1, 1),
        not_after=None,
        state=trust.KeyState.ACTIVE,
        status_list_uri="urn:sc1:bureau",
    )
    return trust.to_json(trust.TrustList(keys=(entry,)))


def test_a_genuine_token_says_what_was_signed(key):
    scanned = scan(tokens.write(CLAIMS, key), pinned(key), on=ON)

    assert (scanned.serial, scanned.holder) == ("S-1", "欧阳建国")
    assert (scanned.valid_from, scanned.valid_until) == (CLAIMS.valid_from, CLAIMS.valid_until)


def test_a_key_that_is_not_pinned_is_not_believed(key):
    stranger = ec.generate_private_key(ec.SECP256R1())

    with pytest.raises(NotGenuine):
        scan(tokens.write(CLAIMS, stranger), pinned(key), on=ON)


def test_a_key_of_another_issuer_is_not_believed(key):
    with pytest.raises(NotGenuine):
        scan(tokens.write(CLAIMS, key), pinned(key, issuer="somebody_else"), on=ON)


def test_a_token_with_one_changed_character_is_not_believed(key):
    token = tokens.write(CLAIMS, key)
    place = len(token) // 2
    changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]

    with pytest.raises(NotGenuine):
        scan(changed, pinned(key), on=ON)


@pytest.mark.parametrize("on", [date(2026, 10, 31), date(2029, 11, 1)])
def test_a_token_is_not_believed_on_a_day_outside_its_span(key, on):
    with pytest.raises(NotGenuine, match="not of this day"):
        scan(tokens.write(CLAIMS, key), pinned(key), on=on)


@pytest.mark.parametrize("text", ["", "https://example.org/v", "SC1:", "SC1:AAAA", "HC1:6BF"])
def test_what_is_no_token_is_refused(key, text):
    with pytest.raises(NotGenuine):
        scan(text, pinned(key), on=ON)
