"""What holds of every token: read back exactly, and nothing else is ever believed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from base45 import b45decode, b45encode
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from certificates import errors, tokens
from certificates.claims import LONGEST_NAME, Claims
from certificates.trust import KeyState, TrustedKey, TrustList

KEY = ec.derive_private_key(4242, ec.SECP256R1())
TODAY = date(2026, 11, 20)
TRUST = TrustList(
    keys=(
        TrustedKey(
            issuer="371300",
            issuer_name="临沂市应急管理局",
            public_key=KEY.public_key(),
            qualifications=None,
            not_before=date(2026, 1, 1),
            not_after=None,
            state=KeyState.ACTIVE,
            status_list_uri="urn:sc1:371300",
        ),
    )
)

readable = st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])


@st.composite
def claims(draw):
    first = draw(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
    return Claims(
        issuer="371300",
        serial=draw(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=1, max_size=32)),
        holder=draw(st.text(readable, min_size=1, max_size=LONGEST_NAME)),
        document_masked=draw(st.text("0123456789*", min_size=1, max_size=32)),
        qualification=draw(st.text("abc_", min_size=1, max_size=40)),
        valid_from=first,
        valid_until=first + timedelta(days=draw(st.integers(0, 4000))),
        status_index=draw(st.integers(0, 10**9)),
        status_list_uri="urn:sc1:371300",
    )


@given(claims())
def test_every_token_is_read_back_exactly(said):
    assert tokens.read(tokens.write(said, KEY), TRUST, on=TODAY) == said


@given(claims(), st.data())
def test_no_changed_stretch_of_bytes_is_believed(said, data):
    raw = b45decode(tokens.write(said, KEY)[4:].encode())
    place = data.draw(st.integers(0, len(raw) - 1))
    other = data.draw(st.binary(max_size=6))
    changed = raw[:place] + other + raw[place + len(other) :]
    if changed != raw:
        with pytest.raises(errors.TokenRefused):
            tokens.read("SC1:" + b45encode(changed).decode(), TRUST, on=TODAY)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(raw):
    with pytest.raises(errors.TokenRefused):
        tokens.read("SC1:" + b45encode(raw).decode(), TRUST, on=TODAY)


@given(st.binary(max_size=120))
def test_no_message_of_the_right_shape_breaks_the_reader(inner):
    raw = b"\xd2\x84\x43\xa1\x01\x26\xa0" + inner

    with pytest.raises(errors.TokenRefused):
        tokens.read("SC1:" + b45encode(raw).decode(), TRUST, on=TODAY)


@given(st.text())
def test_no_text_breaks_the_reader(text):
    for scanned in (text, "SC1:" + text):
        with pytest.raises(errors.TokenRefused):
            tokens.read(scanned, TRUST, on=TODAY)
