"""Sealed packages: a paper that may lie anywhere, and that only its key opens (密封试卷包).

The same bytes for every candidate of a form: canonical JSON, compressed, then encrypted with
authentication. The name of a package is the SHA-256 of its bytes, so that whoever fetched it, from
wherever, knows that it is the right one. Any browser opens it with WebCrypto and
`DecompressionStream("deflate")`; docs/attempt.md has the lines.

A package is compressed before it is encrypted, and its size is seen by everybody. That gives away
nothing that helps: the writer of the questions is no attacker who may try texts of his own.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

#: Number of the form of the content: another number, another reader.
FORMAT = 1

#: Bound into every package as associated data, so that no other ciphertext passes for one.
ASSOCIATED = b"sealed-paper/1"

#: Bytes of a key: AES-256.
KEY_BYTES = 32

#: Bytes of a nonce, as NIST SP 800-38D recommends for GCM. A key closes one package only.
NONCE_BYTES = 12

#: A paper of a thousand long questions is smaller; what unpacks to more is no paper.
_LARGEST_CONTENT = 10_000_000


class NotSealedByThisKey(ValueError):
    """The bytes are not a package that this key has closed."""


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A package as it is stored and sent."""

    #: SHA-256 of the content, in hexadecimal digits: its name.
    hash: str
    #: Nonce, ciphertext, tag.
    content: bytes = field(repr=False)


def canonical(paper: Mapping[str, Any]) -> bytes:
    """Return the one way to write a paper: sorted names, no blanks, UTF-8."""
    return json.dumps(
        paper, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def seal(paper: Mapping[str, Any], *, key: bytes, nonce: bytes) -> Sealed:
    """Close a paper.

    Args:
        paper: what candidates see of it, as plain values.
        key: 32 bytes of secret chance, for this package only.
        nonce: 12 bytes of chance.
    """
    packed = zlib.compress(canonical(paper), level=9)
    content = nonce + AESGCM(key).encrypt(nonce, packed, ASSOCIATED)
    return Sealed(hash=name_of(content), content=content)


def name_of(content: bytes) -> str:
    """Return the name of a package by its bytes."""
    return hashlib.sha256(content).hexdigest()


def unseal(content: bytes, *, key: bytes) -> dict[str, Any]:
    """Open a package, as a phone does.

    Raises:
        NotSealedByThisKey: another key closed it, or it was changed since.
    """
    nonce, closed = content[:NONCE_BYTES], content[NONCE_BYTES:]
    try:
        packed = AESGCM(key).decrypt(nonce, closed, ASSOCIATED)
    except (InvalidTag, ValueError):
        raise NotSealedByThisKey from None
    opened: dict[str, Any] = json.loads(zlib.decompressobj().decompress(packed, _LARGEST_CONTENT))
    return opened
