"""Tokens, genuine and forged: whatever a forger might send."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import cbor2
from base45 import b45decode, b45encode
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from certificates import tokens
from certificates.claims import Claims
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


#: A genuine token in which the signs of the prefix stand a second time, by chance.
TWICE = (
    "SC1:RRQT 9O60GO0VE55HLY9RQMP8CKE-I/70GL6+96646FN0*$E6K61T0TIDVMB+C3BEWCQ"
    "D3WENWEFQEXVD QE NKPEDB8F1005RS PC*KEH/D:KENH7DOC4G7:/69L6G461000000XKH8"
    "E M9EY9-BAP7BQ571TAUG8Z%9NYD9$L+NTIXM/WN91TC+NUJE:/6*E5*E5*E5*E5*E51F5QF"
    "6-P6H4F54E33C*3E3WE93DV2CTVDZPC*KEOPCCEC27BGFAS962Q2Q9JTKE7HH2K1%F96/FT:"
    "9N81FSC1:A*6O$1S HJE$NB A/SD5KS23DK.S*DBO%KDVF+HS+J11-D7W7$WEAZTQDP"
)


def trusted(key: ec.EllipticCurvePrivateKey = KEY, **changes: Any) -> TrustedKey:
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


TRUST = TrustList(keys=(trusted(),))


def content_of(**changes: Any) -> dict[int, Any]:
    """Return the claims of a good token, changed; a claim changed to None is left out."""
    message = cbor2.loads(bytes_of(tokens.write(CLAIMS, KEY)))
    content: dict[int, Any] = cbor2.loads(message.value[2])
    names = {"iss": 1, "exp": 4, "nbf": 5, "certificate": -65537, "status": 65535}
    for name, value in changes.items():
        if value is None:
            del content[names[name]]
        else:
            content[names[name]] = value
    return content


def bytes_of(token: str) -> bytes:
    raw: bytes = b45decode(token.removeprefix("SC1:").encode())
    return raw


def token_of(raw: bytes) -> str:
    text: str = b45encode(raw).decode()
    return "SC1:" + text


def forged(
    payload: bytes | None = None,
    *,
    protected: bytes | None = None,
    unprotected: dict[Any, Any] | None = None,
    tag: int | None = 18,
    key: ec.EllipticCurvePrivateKey = KEY,
) -> str:
    """Sign by hand, with nothing of the platform in between, whatever a forger might send."""
    payload = cbor2.dumps(content_of(), canonical=True) if payload is None else payload
    if protected is None:
        protected = cbor2.dumps({1: -7, 4: kid_of(key.public_key())}, canonical=True)
    to_sign = cbor2.dumps(["Signature1", protected, b"", payload])
    r, s = decode_dss_signature(key.sign(to_sign, ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    parts: Any = [protected, unprotected or {}, payload, signature]
    return token_of(cbor2.dumps(parts if tag is None else cbor2.CBORTag(tag, parts)))


def forged_claims(**changes: Any) -> str:
    return forged(cbor2.dumps(content_of(**changes), canonical=True))
