"""ECDSA signatures of every known kind that a verifier has once wrongly taken or refused.

The classes of Project Wycheproof for P-256 with SHA-256 in the form r ‖ s, made here with this key.
"""

from __future__ import annotations

from hashlib import sha256

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA3_256, SHA256, SHA384, SHA512

from certificates import errors, signing, tokens, trust
from tests.factories.tokens import (
    CLAIMS,
    KEY,
    ORDER_P256,
    TODAY,
    TRUST,
    bytes_of,
    token_of,
)

N = ORDER_P256
#: The prime of the field.
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
MESSAGE = cbor2.loads(bytes_of(tokens.write(CLAIMS, KEY)))
SIGNATURE: bytes = MESSAGE.value[3]
R, S = (int.from_bytes(half, "big") for half in (SIGNATURE[:32], SIGNATURE[32:]))
TOP = 2**256


def raw(r: int, s: int) -> bytes:
    return (r % TOP).to_bytes(32, "big") + (s % TOP).to_bytes(32, "big")


def shown(signature: bytes) -> str:
    parts = [*MESSAGE.value[:3], signature]
    return token_of(cbor2.dumps(cbor2.CBORTag(18, parts), canonical=True))


EDGES = {"0": 0, "1": 1, "n": N, "n-1": N - 1, "n+1": N + 1, "p": P, "p+1": P + 1, "top": TOP - 1}
REFUSED = {
    **{f"r={one}, s={two}": raw(r, s) for one, r in EDGES.items() for two, s in EDGES.items()},
    **{f"r={name}, s as signed": raw(r, S) for name, r in EDGES.items()},
    **{f"r as signed, s={name}": raw(R, s) for name, s in EDGES.items()},
    "r grown by the order": raw(R + N, S),
    "s grown by the order": raw(R, S + N),
    "r of the other sign": raw(-R, S),
    "s of the other sign, not of the order": raw(R, -S),
    "r mirrored": raw(N - R, S),
    "both mirrored": raw(N - R, N - S),
    "exchanged": raw(S, R),
    "inverted": raw(R, pow(S, -1, N)),
    "DER in place of r and s": encode_dss_signature(R, S),
    "empty": b"",
    "r alone": SIGNATURE[:32],
    "cut by a byte": SIGNATURE[:-1],
    "a byte too many": SIGNATURE + b"\x00",
    "a zero before each": b"\x00" + SIGNATURE[:32] + b"\x00" + SIGNATURE[32:],
    "a zero before both": b"\x00" + SIGNATURE,
    "as long as for P-384": bytes(16) + SIGNATURE[:32] + bytes(16) + SIGNATURE[32:],
    "as long as for P-521": bytes(34) + SIGNATURE[:32] + bytes(34) + SIGNATURE[32:],
    "written twice": SIGNATURE * 2,
    "in hexadecimal": SIGNATURE.hex().encode(),
    "of a little-endian machine": SIGNATURE[:32][::-1] + SIGNATURE[32:][::-1],
}


def test_every_signature_that_must_be_refused_is_and_for_its_signature():
    accepted = []
    for name, signature in REFUSED.items():
        try:
            tokens.read(shown(signature), TRUST, on=TODAY)
        except errors.SignatureWrong:
            continue
        accepted.append(name)

    assert accepted == []
    assert len(REFUSED) > 90


@pytest.mark.parametrize("k", [1, 2, 3, N - 1, N - 2, 2**128, 2**255])
@pytest.mark.parametrize("s", [1, 2, 3, 2**64, 2**200, (N - 1) // 2, (N + 1) // 2, N - 2, N - 1])
def test_a_signature_with_special_numbers_is_taken_where_it_fits(k, s):
    protected, payload = b"\xa1\x01&", b"content"
    signed = cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)
    digest = int.from_bytes(sha256(signed).digest(), "big")
    point = ec.derive_private_key(k, ec.SECP256R1()).public_key().public_numbers()
    r = point.x % N
    # The private key for which just these numbers are a signature.
    secret = (s * k - digest) * pow(r, -1, N) % N
    key = ec.derive_private_key(secret, ec.SECP256R1()).public_key()
    fits = {"protected": protected, "payload": payload}

    assert signing.verifies(key, signature=raw(r, s), **fits)
    assert not signing.verifies(key, signature=raw(r, s + 2), **fits)
    assert not signing.verifies(key, signature=raw(r, s), protected=protected, payload=b"another")


def test_a_signature_whose_halves_begin_with_zeros_keeps_its_length():
    key = KEY.public_key()
    for number in range(2_000):
        payload = number.to_bytes(2, "big")
        signature = signing.KeySigner(KEY).sign(
            cbor2.dumps(["Signature1", b"", b"", payload], canonical=True)
        )
        if 0 in (signature[0], signature[32]):
            break

    assert len(signature) == 64
    assert signing.verifies(key, protected=b"", payload=payload, signature=signature)


def test_a_signature_of_another_curve_is_refused():
    signed = cbor2.dumps(["Signature1", MESSAGE.value[0], b"", MESSAGE.value[2]])
    number = KEY.private_numbers().private_value
    der = ec.derive_private_key(number, ec.SECP256K1()).sign(signed, ec.ECDSA(SHA256()))

    with pytest.raises(errors.SignatureWrong):
        tokens.read(shown(signing.raw_signature(der)), TRUST, on=TODAY)


def test_a_signature_over_another_hash_is_refused():
    signed = cbor2.dumps(["Signature1", MESSAGE.value[0], b"", MESSAGE.value[2]])
    for another in (SHA384(), SHA512(), SHA3_256()):
        der = KEY.sign(signed, ec.ECDSA(another))
        with pytest.raises(errors.SignatureWrong):
            tokens.read(shown(signing.raw_signature(der)), TRUST, on=TODAY)


GOOD = trust.jwk_of(KEY.public_key())


@pytest.mark.parametrize(
    "changes",
    [
        {"crv": "P-384"},
        {"crv": "secp256k1"},
        {"kty": "OKP"},
        {"x": GOOD["y"]},
        {"x": "AA", "y": "AA"},
        {"x": trust._encoded(P.to_bytes(32, "big"))},
        {"y": trust._encoded((TOP - 1).to_bytes(32, "big"))},
    ],
)
def test_a_key_of_another_curve_or_off_the_curve_is_none(changes):
    with pytest.raises(ValueError, match=r"."):
        trust.key_of(GOOD | changes)
