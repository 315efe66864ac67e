"""The signed QR content: what is believed, and by whose key."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import cbor2
import pytest
import segno
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cwt import COSE, COSEKey, VerifyError
from pycose.keys.ec2 import EC2Key
from pycose.messages.sign1message import Sign1Message

from certificates import errors, tokens
from certificates.trust import KeyState, TrustList, kid_of
from tests.factories.tokens import (
    CLAIMS,
    KEY,
    ORDER_P256,
    OTHER_KEY,
    TODAY,
    TRUST,
    bytes_of,
    forged,
    token_of,
    trusted,
)


def test_what_was_written_is_read_back():
    token = tokens.write(CLAIMS, KEY)

    assert tokens.verify(token, TRUST, on=TODAY) == CLAIMS


def test_a_message_signed_by_hand_to_the_standard_is_read_the_same():
    assert tokens.verify(forged(), TRUST, on=TODAY) == CLAIMS


def test_another_library_reads_and_verifies_the_token():
    message = Sign1Message.decode(bytes_of(tokens.write(CLAIMS, KEY)))
    numbers = KEY.public_key().public_numbers()
    message.key = EC2Key(
        crv="P_256", x=numbers.x.to_bytes(32, "big"), y=numbers.y.to_bytes(32, "big")
    )

    assert message.verify_signature()
    assert message.payload is not None
    assert cbor2.loads(message.payload)[-65537] == {
        1: "7K3M9Q2XW8ZT4B6N",
        2: "欧阳建国",
        3: "371***********1234",
        4: "low_voltage_electrician",
    }


def test_a_third_library_believes_the_token_and_refuses_a_changed_one():
    pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    key = COSEKey.from_pem(pem, kid=kid_of(KEY.public_key()), alg="ES256")
    raw = bytes_of(tokens.write(CLAIMS, KEY))

    assert cbor2.loads(COSE.new().decode(raw, keys=key))[1] == CLAIMS.issuer
    with pytest.raises(VerifyError):
        COSE.new().decode(raw[:-1] + bytes([raw[-1] ^ 1]), keys=key)


def test_the_other_library_refuses_a_changed_token():
    raw = bytearray(bytes_of(tokens.write(CLAIMS, KEY)))
    raw[-1] ^= 1
    message = Sign1Message.decode(bytes(raw))
    numbers = KEY.public_key().public_numbers()
    message.key = EC2Key(
        crv="P_256", x=numbers.x.to_bytes(32, "big"), y=numbers.y.to_bytes(32, "big")
    )

    assert not message.verify_signature()


def test_the_code_is_small_enough_for_cheap_phones():
    code = segno.make(tokens.write(CLAIMS, KEY), error="m", boost_error=False, micro=False)

    assert code.mode == "alphanumeric"
    assert int(code.version) <= 11


def test_the_code_holds_no_link_and_no_full_document_number():
    raw = bytes_of(tokens.write(CLAIMS, KEY))

    assert b"http" not in raw
    assert b"//" not in raw


def test_every_flipped_byte_is_refused():
    raw = bytes_of(tokens.write(CLAIMS, KEY))
    accepted = []
    for place in range(len(raw)):
        for mask in (0x01, 0x80, 0xFF):
            changed = bytearray(raw)
            changed[place] ^= mask
            try:
                tokens.read(token_of(bytes(changed)), TRUST, on=TODAY)
            except errors.TokenRefused:
                continue
            accepted.append((place, mask))

    assert accepted == []


def test_every_changed_character_is_refused():
    token = tokens.write(CLAIMS, KEY)
    accepted = []
    for place, character in enumerate(token):
        changed = token[:place] + ("0" if character != "0" else "1") + token[place + 1 :]
        try:
            tokens.read(changed, TRUST, on=TODAY)
        except errors.TokenRefused:
            continue
        accepted.append(place)

    assert accepted == []


def test_every_shortened_token_is_refused():
    raw = bytes_of(tokens.write(CLAIMS, KEY))
    for length in range(len(raw)):
        with pytest.raises(errors.TokenRefused):
            tokens.read(token_of(raw[:length]), TRUST, on=TODAY)


def test_a_key_that_is_not_pinned_is_refused():
    with pytest.raises(errors.KeyNotTrusted):
        tokens.read(tokens.write(CLAIMS, OTHER_KEY), TRUST, on=TODAY)


def test_the_key_id_of_a_trusted_key_does_not_help_a_forger():
    header = cbor2.dumps({1: -7, 4: kid_of(KEY.public_key())}, canonical=True)

    with pytest.raises(errors.SignatureWrong):
        tokens.read(forged(protected=header, key=OTHER_KEY), TRUST, on=TODAY)


def test_an_issuer_cannot_speak_for_another():
    trust = TrustList(keys=(trusted(), trusted(OTHER_KEY, issuer="140000")))

    with pytest.raises(errors.IssuerMismatch):
        tokens.read(tokens.write(CLAIMS, OTHER_KEY), trust, on=TODAY)


def test_one_key_may_serve_two_issuers_each_under_its_own_name():
    trust = TrustList(keys=(trusted(issuer="140000"), trusted()))

    assert tokens.read(tokens.write(CLAIMS, KEY), trust, on=TODAY) == CLAIMS


def test_an_issuer_cannot_certify_what_is_not_in_its_scope():
    trust = TrustList(keys=(trusted(qualifications=frozenset({"principal"})),))

    with pytest.raises(errors.OutOfIssuerScope):
        tokens.read(tokens.write(CLAIMS, KEY), trust, on=TODAY)


def test_an_issuer_of_everything_may_certify_anything():
    trust = TrustList(keys=(trusted(qualifications=None, not_after=None),))

    assert tokens.read(tokens.write(CLAIMS, KEY), trust, on=TODAY) == CLAIMS


def test_a_retired_key_is_still_believed():
    trust = TrustList(keys=(trusted(state=KeyState.RETIRED),))

    assert tokens.read(tokens.write(CLAIMS, KEY), trust, on=TODAY) == CLAIMS


def test_a_compromised_key_is_not_believed():
    trust = TrustList(keys=(trusted(state=KeyState.COMPROMISED),))

    with pytest.raises(errors.KeyCompromised):
        tokens.read(tokens.write(CLAIMS, KEY), trust, on=TODAY)


@pytest.mark.parametrize(
    ("on", "vouched"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2040, 12, 31), True),
        (date(2041, 1, 1), False),
    ],
)
def test_a_key_is_believed_within_its_days_only(on, vouched):
    token = tokens.write(CLAIMS, KEY)

    if vouched:
        assert tokens.read(token, TRUST, on=on) == CLAIMS
    else:
        with pytest.raises(errors.KeyOutOfDate):
            tokens.read(token, TRUST, on=on)


@pytest.mark.parametrize(
    ("on", "refusal"),
    [
        (CLAIMS.valid_from - timedelta(days=1), errors.NotYetValid),
        (CLAIMS.valid_from, None),
        (CLAIMS.valid_until, None),
        (CLAIMS.valid_until + timedelta(days=1), errors.Expired),
    ],
)
def test_a_genuine_token_stands_on_its_days_both_included(on, refusal):
    token = tokens.write(CLAIMS, KEY)

    if refusal is None:
        assert tokens.verify(token, TRUST, on=on) == CLAIMS
    else:
        with pytest.raises(refusal) as caught:
            tokens.verify(token, TRUST, on=on)
        assert caught.value.message.zh


@pytest.mark.parametrize(
    "changes",
    [
        {"status_list_uri": "https://platform.example/1"},
        {"holder": ""},
        {"holder": "王" * 41},
        {"holder": "王\u202e明"},
        {"serial": ""},
        {"status_index": -1},
        {"valid_until": date(2026, 5, 31)},
    ],
)
def test_claims_that_no_one_could_read_back_are_not_signed(changes):
    with pytest.raises(errors.TokenClaimsWrong):
        tokens.write(replace(CLAIMS, **changes), KEY)


def test_the_mirrored_signature_says_the_same_so_it_never_identifies_a_certificate():
    message = cbor2.loads(bytes_of(tokens.write(CLAIMS, KEY)))
    r, s = message.value[3][:32], int.from_bytes(message.value[3][32:], "big")
    message.value[3] = r + (ORDER_P256 - s).to_bytes(32, "big")

    assert tokens.read(token_of(cbor2.dumps(message)), TRUST, on=TODAY) == CLAIMS


def test_every_refusal_of_a_token_has_its_own_code():
    refusals = errors.TokenRefused.__subclasses__() + errors.TokenDates.__subclasses__()
    codes = [refusal.code for refusal in refusals if refusal is not errors.TokenDates]

    assert len(codes) == len(set(codes)) == 12
    assert "token_refused" not in codes
