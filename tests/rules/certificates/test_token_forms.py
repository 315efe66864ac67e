"""The one form in which a token may be written: everything else is refused by name."""

from __future__ import annotations

from random import Random

import cbor2
import pytest

from certificates import errors, tokens
from certificates.trust import kid_of
from tests.factories.tokens import (
    CLAIMS,
    KEY,
    OTHER_KEY,
    TODAY,
    TRUST,
    TWICE,
    bytes_of,
    content_of,
    forged,
    forged_claims,
    token_of,
)


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

    with pytest.raises(errors.TokenMalformed):
        tokens.read(token + token, TRUST, on=TODAY)


def test_a_token_that_holds_the_prefix_by_chance_is_read_as_any_other():
    assert TWICE.count(tokens.PREFIX) == 2
    assert tokens.verify(TWICE, TRUST, on=TODAY) == CLAIMS


@pytest.mark.parametrize("tail", ["\n", " ", "0", "::", ":::", "ZZZ", "é", "a"])
def test_base45_that_is_not_exact_is_refused(tail):
    with pytest.raises(errors.TokenMalformed):
        tokens.read(tokens.write(CLAIMS, KEY) + tail, TRUST, on=TODAY)


def test_small_letters_are_refused():
    with pytest.raises(errors.TokenMalformed):
        tokens.read("SC1:" + tokens.write(CLAIMS, KEY)[4:].lower(), TRUST, on=TODAY)


def test_a_trailing_byte_is_refused():
    with pytest.raises(errors.TokenMalformed):
        tokens.read(token_of(bytes_of(tokens.write(CLAIMS, KEY)) + b"\x00"), TRUST, on=TODAY)


@pytest.mark.parametrize("tag", [None, 17, 98, 61])
def test_a_message_without_its_tag_is_refused(tag):
    with pytest.raises(errors.TokenMalformed):
        tokens.read(forged(tag=tag), TRUST, on=TODAY)


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
        tokens.read(token_of(cbor2.dumps(thing)), TRUST, on=TODAY)


def test_a_nest_of_a_thousand_lists_is_refused():
    with pytest.raises(errors.TokenMalformed):
        tokens.read(token_of(b"\x81" * 600), TRUST, on=TODAY)


def test_an_indefinite_length_is_refused():
    payload = b"\xbf" + cbor2.dumps(content_of(), canonical=True)[1:] + b"\xff"

    with pytest.raises(errors.TokenMalformed):
        tokens.read(forged(payload), TRUST, on=TODAY)


def test_a_key_said_twice_is_refused():
    good = cbor2.dumps(content_of(), canonical=True)
    twice = bytes([good[0] + 1]) + good[1:] + cbor2.dumps(1) + cbor2.dumps("110000")

    with pytest.raises(errors.TokenMalformed):
        tokens.read(forged(twice), TRUST, on=TODAY)


def test_claims_in_another_order_are_refused():
    backwards = dict(reversed(list(content_of().items())))

    with pytest.raises(errors.TokenMalformed):
        tokens.read(forged(cbor2.dumps(backwards)), TRUST, on=TODAY)


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
        tokens.read(forged(protected=cbor2.dumps(header, canonical=True)), TRUST, on=TODAY)


def test_an_empty_signed_header_is_refused():
    with pytest.raises(errors.TokenMalformed):
        tokens.read(forged(protected=b""), TRUST, on=TODAY)


@pytest.mark.parametrize("header", [{4: kid_of(OTHER_KEY.public_key())}, {1: -8}, {99: 1}])
def test_an_unsigned_header_is_refused(header):
    with pytest.raises(errors.TokenHeadersWrong):
        tokens.read(forged(unprotected=header), TRUST, on=TODAY)


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
        tokens.read(forged_claims(**changes), TRUST, on=TODAY)


def test_an_additional_claim_is_refused():
    content = {**content_of(), 6: 1_780_000_000}

    with pytest.raises(errors.TokenClaimsWrong):
        tokens.read(forged(cbor2.dumps(content, canonical=True)), TRUST, on=TODAY)


@pytest.mark.parametrize("content", [[], 1, "claims", None])
def test_a_payload_that_is_no_map_is_refused(content):
    with pytest.raises(errors.TokenClaimsWrong):
        tokens.read(forged(cbor2.dumps(content)), TRUST, on=TODAY)


def test_of_five_thousand_mutants_none_is_believed():
    raw, dice = bytes_of(tokens.write(CLAIMS, KEY)), Random(2026)
    mutants = [_mutant(raw, dice) for _ in range(5_200)]
    different = [mutant for mutant in mutants if mutant != raw]

    believed = [mutant for mutant in different if _is_believed(token_of(mutant))]

    assert len(different) >= 5_000
    assert believed == []


def _mutant(raw: bytes, dice: Random) -> bytes:
    """Flip, drop, insert, cut off or exchange bytes somewhere."""
    place, byte = dice.randrange(len(raw)), bytes([dice.randrange(256)])
    ways = (
        raw[:place] + byte + raw[place + 1 :],
        raw[:place] + raw[place + 1 :],
        raw[:place] + byte + raw[place:],
        raw[:place],
        raw + byte,
        raw[:place] + raw[place : place + 4][::-1] + raw[place + 4 :],
    )
    return dice.choice(ways)


def _is_believed(token: str) -> bool:
    try:
        tokens.read(token, TRUST, on=TODAY)
    except errors.TokenRefused:
        return False
    return True
