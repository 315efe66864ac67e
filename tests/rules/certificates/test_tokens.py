"""The signed QR content: what is believed, and every reason for not believing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import cbor2
import pytest
import segno
from base45 import b45decode, b45encode
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from pycose.keys.ec2 import EC2Key
from pycose.messages.sign1message import Sign1Message

from certificates import errors, tokens
from certificates.tokens import Claims
from certificates.trust import KeyState, TrustedKey, TrustList, kid_of

KEY = ec.derive_private_key(0x1234567890ABCDEF, ec.SECP256R1())
OTHER_KEY = ec.derive_private_key(0xFEDCBA0987654321, ec.SECP256R1())
TODAY = date(2026, 11, 20)
ORDER_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

CLAIMS = Claims(
    issuer="371300",
    serial="7K3M9Q2XW8ZT4B6N",
    holder="欧阳建国",
    document_masked="371***********1234",
    qualification="low_voltage_electrician",
    valid_from=date(2026, 6, 1),
    valid_until=date(2032, 5, 31),
    status_index=123_456,
    status_list_uri="urn:sc1:371300",
)


def _trusted(key: ec.EllipticCurvePrivateKey = KEY, **changes: Any) -> TrustedKey:
    usual = TrustedKey(
        issuer="371300",
        issuer_name="临沂市应急管理局",
        public_key=key.public_key(),
        qualifications=frozenset({"low_voltage_electrician"}),
        not_before=date(2026, 1, 1),
        not_after=date(2040, 12, 31),
        state=KeyState.ACTIVE,
        status_list_uri="urn:sc1:371300",
    )
    return replace(usual, **changes)


TRUST = TrustList(keys=(_trusted(),))


def _content(**changes: Any) -> dict[int, Any]:
    """Return the claims of a good token, changed; a claim changed to None is left out."""
    message = cbor2.loads(_bytes(tokens.write(CLAIMS, KEY)))
    content: dict[int, Any] = cbor2.loads(message.value[2])
    names = {"iss": 1, "exp": 4, "nbf": 5, "certificate": -65537, "status": 65535}
    for name, value in changes.items():
        if value is None:
            del content[names[name]]
        else:
            content[names[name]] = value
    return content


def _bytes(token: str) -> bytes:
    raw: bytes = b45decode(token.removeprefix("SC1:").encode())
    return raw


def _token(raw: bytes) -> str:
    text: str = b45encode(raw).decode()
    return "SC1:" + text


def _forge(
    payload: bytes | None = None,
    *,
    protected: bytes | None = None,
    unprotected: dict[Any, Any] | None = None,
    tag: int | None = 18,
    key: ec.EllipticCurvePrivateKey = KEY,
) -> str:
    """Sign by hand, with nothing of the platform in between, whatever a forger might send."""
    payload = cbor2.dumps(_content(), canonical=True) if payload is None else payload
    if protected is None:
        protected = cbor2.dumps({1: -7, 4: kid_of(key.public_key())}, canonical=True)
    to_sign = cbor2.dumps(["Signature1", protected, b"", payload])
    r, s = decode_dss_signature(key.sign(to_sign, ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    parts: Any = [protected, unprotected or {}, payload, signature]
    return _token(cbor2.dumps(parts if tag is None else cbor2.CBORTag(tag, parts)))


def _forge_content(**changes: Any) -> str:
    return _forge(cbor2.dumps(_content(**changes), canonical=True))


def test_what_was_written_is_read_back():
    token = tokens.write(CLAIMS, KEY)

    assert tokens.verify(token, TRUST, on=TODAY) == CLAIMS


def test_a_message_signed_by_hand_to_the_standard_is_read_the_same():
    assert tokens.verify(_forge(), TRUST, on=TODAY) == CLAIMS


def test_another_library_reads_and_verifies_the_token():
    message = Sign1Message.decode(_bytes(tokens.write(CLAIMS, KEY)))
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


def test_the_other_library_refuses_a_changed_token():
    raw = bytearray(_bytes(tokens.write(CLAIMS, KEY)))
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
    raw = _bytes(tokens.write(CLAIMS, KEY))

    assert b"http" not in raw
    assert b"//" not in raw


def test_every_flipped_byte_is_refused():
    raw = _bytes(tokens.write(CLAIMS, KEY))
    accepted = []
    for place in range(len(raw)):
        for mask in (0x01, 0x80, 0xFF):
            changed = bytearray(raw)
            changed[place] ^= mask
            try:
                tokens.read(_token(bytes(changed)), TRUST, on=TODAY)
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
    raw = _bytes(tokens.write(CLAIMS, KEY))
    for length in range(len(raw)):
        with pytest.raises(errors.TokenRefused):
            tokens.read(_token(raw[:length]), TRUST, on=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://cx.example/verify?no=1",
        "HC1:6BFOXN",
        "sc1:ABC",
        " SC1:ABC",
        "SC1:" + "A" * 1_000,
    ],
)
def test_what_is_no_token_of_ours_is_named_so(text):
    with pytest.raises(errors.NotOurToken):
        tokens.read(text, TRUST, on=TODAY)


def test_two_codes_in_one_frame_are_refused():
    token = tokens.write(CLAIMS, KEY)

    with pytest.raises(errors.NotOurToken):
        tokens.read(token + token, TRUST, on=TODAY)


@pytest.mark.parametrize("tail", ["\n", " ", "0", "::", ":::", "ZZZ", "é", "a"])
def test_base45_that_is_not_exact_is_refused(tail):
    with pytest.raises(errors.TokenMalformed):
        tokens.read(tokens.write(CLAIMS, KEY) + tail, TRUST, on=TODAY)


def test_small_letters_are_refused():
    with pytest.raises(errors.TokenMalformed):
        tokens.read("SC1:" + tokens.write(CLAIMS, KEY)[4:].lower(), TRUST, on=TODAY)


def test_a_trailing_byte_is_refused():
    with pytest.raises(errors.TokenMalformed):
        tokens.read(_token(_bytes(tokens.write(CLAIMS, KEY)) + b"\x00"), TRUST, on=TODAY)


@pytest.mark.parametrize("tag", [None, 17, 98, 61])
def test_a_message_without_its_tag_is_refused(tag):
    with pytest.raises(errors.TokenMalformed):
        tokens.read(_forge(tag=tag), TRUST, on=TODAY)


@pytest.mark.parametrize(
    "thing",
    [
        cbor2.CBORTag(18, {}),
        cbor2.CBORTag(18, [b"", {}, b""]),
        cbor2.CBORTag(18, ["", {}, b"", b""]),
        cbor2.CBORTag(18, [b"", {}, None, b""]),
        [],
        1,
    ],
)
def test_a_message_of_another_shape_is_refused(thing):
    with pytest.raises(errors.TokenMalformed):
        tokens.read(_token(cbor2.dumps(thing)), TRUST, on=TODAY)


def test_a_nest_of_a_thousand_lists_is_refused():
    with pytest.raises(errors.TokenMalformed):
        tokens.read(_token(b"\x81" * 600), TRUST, on=TODAY)


def test_an_indefinite_length_is_refused():
    payload = b"\xbf" + cbor2.dumps(_content(), canonical=True)[1:] + b"\xff"

    with pytest.raises(errors.TokenMalformed):
        tokens.read(_forge(payload), TRUST, on=TODAY)


def test_a_key_said_twice_is_refused():
    good = cbor2.dumps(_content(), canonical=True)
    twice = bytes([good[0] + 1]) + good[1:] + cbor2.dumps(1) + cbor2.dumps("110000")

    with pytest.raises(errors.TokenMalformed):
        tokens.read(_forge(twice), TRUST, on=TODAY)


def test_claims_in_another_order_are_refused():
    backwards = dict(reversed(list(_content().items())))

    with pytest.raises(errors.TokenMalformed):
        tokens.read(_forge(cbor2.dumps(backwards)), TRUST, on=TODAY)


@pytest.mark.parametrize(
    "header",
    [
        {},
        {1: -7},
        {4: kid_of(KEY.public_key())},
        {1: -8, 4: kid_of(KEY.public_key())},
        {1: 5, 4: kid_of(KEY.public_key())},
        {1: "ES256", 4: kid_of(KEY.public_key())},
        {1: -7, 4: kid_of(KEY.public_key())[:7]},
        {1: -7, 4: kid_of(KEY.public_key()).hex()},
        {1: -7, 2: [4], 4: kid_of(KEY.public_key())},
        {1: -7, 4: kid_of(KEY.public_key()), 33: b"certificate"},
        [1, -7],
    ],
)
def test_any_other_signed_header_is_refused(header):
    with pytest.raises(errors.TokenHeadersWrong):
        tokens.read(_forge(protected=cbor2.dumps(header, canonical=True)), TRUST, on=TODAY)


def test_an_empty_signed_header_is_refused():
    with pytest.raises(errors.TokenMalformed):
        tokens.read(_forge(protected=b""), TRUST, on=TODAY)


@pytest.mark.parametrize("header", [{4: kid_of(OTHER_KEY.public_key())}, {1: -8}, {99: 1}])
def test_an_unsigned_header_is_refused(header):
    with pytest.raises(errors.TokenHeadersWrong):
        tokens.read(_forge(unprotected=header), TRUST, on=TODAY)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": None},
        {"exp": None},
        {"nbf": None},
        {"certificate": None},
        {"status": None},
        {"iss": 371300},
        {"iss": ""},
        {"iss": "x" * 33},
        {"exp": "2032-05-31"},
        {"exp": True},
        {"exp": -1},
        {"exp": 10**30},
        {"exp": 1_780_272_001},
        {"exp": 1_700_000_000 // 86400 * 86400 - 28_800},
        {"certificate": {}},
        {"certificate": ["7K3M"]},
        {"certificate": {1: "7K3M", 2: "王", 3: "371*", 4: "x", 5: "more"}},
        {"certificate": {1: "7K3M", 2: "\u202e王", 3: "371*", 4: "x"}},
        {"certificate": {1: "7K3M", 2: "王\x00", 3: "371*", 4: "x"}},
        {"certificate": {1: "7K3M", 2: "王\u200b", 3: "371*", 4: "x"}},
        {"certificate": {1: "7K3M", 2: "王" * 41, 3: "371*", 4: "x"}},
        {"status": {"status_list": {"idx": -1, "uri": "urn:a"}}},
        {"status": {"status_list": {"idx": 1.0, "uri": "urn:a"}}},
        {"status": {"status_list": {"idx": 1}}},
        {"status": {"status_list": {"idx": 1, "uri": "urn:a", "more": 1}}},
        {"status": "none"},
    ],
)
def test_any_other_claims_are_refused_though_signed(changes):
    with pytest.raises(errors.TokenClaimsWrong):
        tokens.read(_forge_content(**changes), TRUST, on=TODAY)


def test_an_additional_claim_is_refused():
    content = {**_content(), 6: 1_780_000_000}

    with pytest.raises(errors.TokenClaimsWrong):
        tokens.read(_forge(cbor2.dumps(content, canonical=True)), TRUST, on=TODAY)


@pytest.mark.parametrize("content", [[], 1, "claims", None])
def test_a_payload_that_is_no_map_is_refused(content):
    with pytest.raises(errors.TokenClaimsWrong):
        tokens.read(_forge(cbor2.dumps(content)), TRUST, on=TODAY)


def test_a_key_that_is_not_pinned_is_refused():
    with pytest.raises(errors.KeyNotTrusted):
        tokens.read(tokens.write(CLAIMS, OTHER_KEY), TRUST, on=TODAY)


def test_the_key_id_of_a_trusted_key_does_not_help_a_forger():
    header = cbor2.dumps({1: -7, 4: kid_of(KEY.public_key())}, canonical=True)

    with pytest.raises(errors.SignatureWrong):
        tokens.read(_forge(protected=header, key=OTHER_KEY), TRUST, on=TODAY)


def test_an_issuer_cannot_speak_for_another():
    trust = TrustList(keys=(_trusted(), _trusted(OTHER_KEY, issuer="140000")))

    with pytest.raises(errors.IssuerMismatch):
        tokens.read(tokens.write(CLAIMS, OTHER_KEY), trust, on=TODAY)


def test_one_key_may_serve_two_issuers_each_under_its_own_name():
    trust = TrustList(keys=(_trusted(issuer="140000"), _trusted()))

    assert tokens.read(tokens.write(CLAIMS, KEY), trust, on=TODAY) == CLAIMS


def test_an_issuer_cannot_certify_what_is_not_in_its_scope():
    trust = TrustList(keys=(_trusted(qualifications=frozenset({"principal"})),))

    with pytest.raises(errors.OutOfIssuerScope):
        tokens.read(tokens.write(CLAIMS, KEY), trust, on=TODAY)


def test_an_issuer_of_everything_may_certify_anything():
    trust = TrustList(keys=(_trusted(qualifications=None, not_after=None),))

    assert tokens.read(tokens.write(CLAIMS, KEY), trust, on=TODAY) == CLAIMS


def test_a_retired_key_is_still_believed():
    trust = TrustList(keys=(_trusted(state=KeyState.RETIRED),))

    assert tokens.read(tokens.write(CLAIMS, KEY), trust, on=TODAY) == CLAIMS


def test_a_compromised_key_is_not_believed():
    trust = TrustList(keys=(_trusted(state=KeyState.COMPROMISED),))

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
    message = cbor2.loads(_bytes(tokens.write(CLAIMS, KEY)))
    r, s = message.value[3][:32], int.from_bytes(message.value[3][32:], "big")
    message.value[3] = r + (ORDER_P256 - s).to_bytes(32, "big")

    assert tokens.read(_token(cbor2.dumps(message)), TRUST, on=TODAY) == CLAIMS


def test_every_refusal_of_a_token_has_its_own_code():
    refusals = errors.TokenRefused.__subclasses__() + errors.TokenDates.__subclasses__()
    codes = [refusal.code for refusal in refusals if refusal is not errors.TokenDates]

    assert len(codes) == len(set(codes)) == 12
    assert "token_refused" not in codes
