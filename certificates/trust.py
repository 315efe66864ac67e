"""The pinned trust list: which keys are believed, whose, and for what (信任名单)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

#: Bytes of a key id: the first of the SHA-256 of the key's SubjectPublicKeyInfo.
KID_BYTES = 8

#: Bytes of the hash by which a content may still be believed.
HASH_BYTES = 16

#: The name of the one list of certificates that no longer stand. One list for all issuers hides
#: best whose certificate somebody asks about.
STATUS_LIST_URI = "urn:sc1:status"

#: Bytes of one coordinate on P-256.
_COORDINATE_BYTES = 32

#: What a trust list must hold of each key, and nothing else.
_FIELDS = frozenset(
    {
        "issuer",
        "issuer_name",
        "kid",
        "jwk",
        "qualifications",
        "not_before",
        "not_after",
        "state",
        "status_list_uri",
    }
)


class KeyState(StrEnum):
    """What a key is good for now."""

    ACTIVE = "active"
    #: Signs no more, and what it signed is believed.
    RETIRED = "retired"
    #: In wrong hands: nothing signed with it is believed.
    COMPROMISED = "compromised"


@dataclass(frozen=True, kw_only=True)
class TrustedKey:
    """One key of one issuer, and what may be believed of it."""

    issuer: str
    issuer_name: str
    public_key: EllipticCurvePublicKey
    #: Codes of the qualifications the issuer may certify; None means all.
    qualifications: frozenset[str] | None
    #: The days on which a verifier may rely on the key, both included; an open end is None.
    not_before: date
    not_after: date | None
    state: KeyState
    #: The name (URN) of the issuer's list of certificates that no longer stand.
    status_list_uri: str

    @cached_property
    def kid(self) -> bytes:
        """The key id, computed from the key itself."""
        return kid_of(self.public_key)

    def certifies(self, qualification: str) -> bool:
        """Say whether the issuer may certify this qualification."""
        return self.qualifications is None or qualification in self.qualifications

    def vouched_for(self, on: date) -> bool:
        """Say whether a verifier may rely on the key on the day `on`."""
        return self.not_before <= on and (self.not_after is None or on <= self.not_after)


class Trusted(Protocol):
    """Whoever knows which keys are believed: a pinned list, or the register itself."""

    def under(self, kid: bytes) -> Sequence[TrustedKey]:
        """Return every key with this key id; two keys may share one by chance."""

    def allows(self, hashed: bytes) -> bool:
        """Say whether a content was issued before its key fell into wrong hands."""


@dataclass(frozen=True, kw_only=True)
class TrustList:
    """All keys a verifier believes. It is pinned: a token never brings a key of its own."""

    keys: tuple[TrustedKey, ...]
    #: What keys in wrong hands signed before, by the hash of its content: see `allow_lists`.
    allowed: frozenset[bytes] = frozenset()

    def under(self, kid: bytes) -> tuple[TrustedKey, ...]:
        """Return every key with this key id; two keys may share one by chance."""
        return tuple(key for key in self.keys if key.kid == kid)

    def allows(self, hashed: bytes) -> bool:
        """Say whether a content was issued before its key fell into wrong hands."""
        return hashed in self.allowed


def kid_of(public_key: EllipticCurvePublicKey) -> bytes:
    """Return the key id of a public key."""
    spki = public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(spki).digest()[:KID_BYTES]


def payload_hash(payload: bytes) -> bytes:
    """Return what a content is known by on a list of what may still be believed.

    Sixteen bytes: who holds the key may try as many contents as they like, and must meet none.
    """
    return hashlib.sha256(payload).digest()[:HASH_BYTES]


def jwk_of(public_key: EllipticCurvePublicKey) -> dict[str, str]:
    """Return the public key as a JWK (RFC 7517)."""
    numbers = public_key.public_numbers()
    return {
        "kty": "EC",
        "crv": "P-256",
        "alg": "ES256",
        "use": "sig",
        "kid": kid_of(public_key).hex(),
        "x": _encoded(numbers.x.to_bytes(_COORDINATE_BYTES, "big")),
        "y": _encoded(numbers.y.to_bytes(_COORDINATE_BYTES, "big")),
    }


def key_of(jwk: Mapping[str, Any]) -> EllipticCurvePublicKey:
    """Return the public key of a JWK.

    Raises:
        ValueError: it is no P-256 key, or its key id is not the one of the key.
    """
    if jwk.get("kty") != "EC" or jwk.get("crv") != "P-256":
        raise ValueError("The key is not on P-256.")
    x, y = (int.from_bytes(_decoded(jwk[name]), "big") for name in ("x", "y"))
    public_key = EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
    if jwk.get("kid") != kid_of(public_key).hex():
        raise ValueError("The key id is not the one of the key.")
    return public_key


def to_json(trust: TrustList) -> dict[str, Any]:
    """Return the trust list as it is published."""
    return {
        "format": "safety-training-trust-list",
        "version": 1,
        "keys": [_key_to_json(key) for key in trust.keys],
    }


def from_json(document: Mapping[str, Any]) -> TrustList:
    """Return the trust list that a published document holds.

    Raises:
        ValueError: it is not a trust list, or something in it contradicts itself.
    """
    if document.get("format") != "safety-training-trust-list" or document.get("version") != 1:
        raise ValueError("This is not a trust list of a known version.")
    entries: Sequence[Mapping[str, Any]] = document["keys"]
    return TrustList(keys=tuple(_key_from_json(entry) for entry in entries))


def _key_to_json(key: TrustedKey) -> dict[str, Any]:
    return {
        "issuer": key.issuer,
        "issuer_name": key.issuer_name,
        "kid": key.kid.hex(),
        "jwk": jwk_of(key.public_key),
        "qualifications": None if key.qualifications is None else sorted(key.qualifications),
        "not_before": key.not_before.isoformat(),
        "not_after": None if key.not_after is None else key.not_after.isoformat(),
        "state": key.state.value,
        "status_list_uri": key.status_list_uri,
    }


def _key_from_json(entry: Mapping[str, Any]) -> TrustedKey:
    if set(entry) != _FIELDS:
        raise ValueError("An entry of the trust list has other fields than it must have.")
    public_key = key_of(entry["jwk"])
    if entry["kid"] != kid_of(public_key).hex():
        raise ValueError("The key id of an entry is not the one of its key.")
    codes, until = entry["qualifications"], entry["not_after"]
    return TrustedKey(
        issuer=entry["issuer"],
        issuer_name=entry["issuer_name"],
        public_key=public_key,
        qualifications=None if codes is None else frozenset(codes),
        not_before=date.fromisoformat(entry["not_before"]),
        not_after=None if until is None else date.fromisoformat(until),
        state=KeyState(entry["state"]),
        status_list_uri=entry["status_list_uri"],
    )


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
