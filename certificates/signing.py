"""One COSE_Sign1 message with ES256, whoever holds the key (签名与验签)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256

from certificates.trust import KID_BYTES, kid_of

#: Header labels and the algorithm (RFC 9052, 9053, 9596): ES256 and nothing else.
ALG, KID, TYP, ES256 = 1, 4, 16, -7

#: Bytes of r and of s.
_HALF = 32


class Signer(Protocol):
    """Whoever signs: a key in a file, in a device, behind a command."""

    @property
    def public_key(self) -> EllipticCurvePublicKey:
        """The half that verifies."""

    @property
    def kid(self) -> bytes:
        """The id of the key."""

    def sign(self, message: bytes) -> bytes:
        """Return the ES256 signature of a message: r and s, 32 bytes each."""


@dataclass(frozen=True)
class KeySigner:
    """A private key at hand."""

    key: EllipticCurvePrivateKey

    @cached_property
    def public_key(self) -> EllipticCurvePublicKey:
        """The half that verifies."""
        return self.key.public_key()

    @cached_property
    def kid(self) -> bytes:
        """The id of the key."""
        return kid_of(self.public_key)

    def sign(self, message: bytes) -> bytes:
        """Return the ES256 signature of a message: r and s, 32 bytes each."""
        return raw_signature(self.key.sign(message, ECDSA(SHA256())))


class Unsound(ValueError):
    """The bytes are not one canonical COSE_Sign1 message of this kind."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """A COSE_Sign1 message that was read and not verified yet."""

    kid: bytes
    #: What kind of message it says it is; None for certificates.
    typ: str | None
    payload: bytes
    _signed: bytes
    _signature: bytes

    def signed_by(self, key: EllipticCurvePublicKey) -> bool:
        """Say whether the key signed exactly these bytes."""
        return _fits(key, self._signed, self._signature)


def raw_signature(der: bytes) -> bytes:
    """Return a DER signature as COSE has it: r and s, 32 bytes each."""
    return b"".join(part.to_bytes(_HALF, "big") for part in decode_dss_signature(der))


def verifies(
    key: EllipticCurvePublicKey, *, protected: bytes, payload: bytes, signature: bytes
) -> bool:
    """Say whether the key signed exactly this header and payload.

    A signature is r and s, 32 bytes each, and nothing else: no DER, no leading zeros, no byte
    behind. That of another half of the curve (n − s) fits, too: a signature names nothing.
    """
    return _fits(key, _to_sign(protected, payload), signature)


def _fits(key: EllipticCurvePublicKey, signed: bytes, signature: bytes) -> bool:
    if len(signature) != 2 * _HALF:
        return False
    r, s = (int.from_bytes(half, "big") for half in (signature[:_HALF], signature[_HALF:]))
    try:
        key.verify(encode_dss_signature(r, s), signed, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def write(payload: Mapping[int, Any], signer: Signer, *, typ: str | None = None) -> bytes:
    """Return the message that says `payload`, in its one canonical form.

    Args:
        payload: claims by their numbers.
        signer: who signs.
        typ: what kind of message it is, so that none can be shown as another.
    """
    headers: dict[int, Any] = {ALG: ES256, KID: signer.kid}
    if typ is not None:
        headers[TYP] = typ
    protected = cbor2.dumps(headers, canonical=True)
    content = cbor2.dumps(dict(payload), canonical=True)
    signature = signer.sign(_to_sign(protected, content))
    message = cbor2.CBORTag(18, [protected, {}, content, signature])
    return cbor2.dumps(message, canonical=True)


def read(raw: bytes, *, typ: str) -> Message:
    """Return a message of a kind; what is not canonical or has other headers is refused.

    Raises:
        Unsound: for any of that.
    """
    parts = canonical(raw)
    if not isinstance(parts, cbor2.CBORTag) or parts.tag != 18 or not _is_four(parts.value):
        raise Unsound("It is no COSE_Sign1 message.")
    protected, unprotected, payload, signature = parts.value
    headers = canonical(protected)
    if unprotected != {} or not isinstance(headers, dict) or set(headers) != {ALG, KID, TYP}:
        raise Unsound("It has other headers than it must have.")
    if headers[ALG] != ES256 or headers[TYP] != typ or not _is_kid(headers[KID]):
        raise Unsound("It is a message of another kind.")
    if len(signature) != 2 * _HALF:
        raise Unsound("Its signature has another length.")
    return Message(
        kid=headers[KID],
        typ=typ,
        payload=payload,
        _signed=_to_sign(protected, payload),
        _signature=signature,
    )


def claims_of(message: Message) -> dict[int, Any]:
    """Return the claims of a message.

    Raises:
        Unsound: they are not one canonical map.
    """
    claims = canonical(message.payload)
    if not isinstance(claims, dict):
        raise Unsound("Its content is no map.")
    return claims


def _is_four(parts: Any) -> bool:
    return (
        isinstance(parts, list)
        and len(parts) == 4
        and all(isinstance(parts[place], bytes) for place in (0, 2, 3))
    )


def _is_kid(kid: Any) -> bool:
    return isinstance(kid, bytes) and len(kid) == KID_BYTES


def _to_sign(protected: bytes, payload: bytes) -> bytes:
    return cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)


def canonical(raw: bytes) -> Any:
    """Return what the bytes say, if they say it in the only form in which it may be said.

    Raises:
        Unsound: they are no CBOR, or could have been written in another way.
    """
    try:
        thing = cbor2.loads(raw)
        same = cbor2.dumps(thing, canonical=True) == raw
    except Exception as error:  # Hostile bytes raise whatever the decoder's tags can raise.
        raise Unsound("It cannot be read.") from error
    if not same:
        raise Unsound("It is not written in its one canonical form.")
    return thing
