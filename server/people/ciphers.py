"""Document numbers at rest: encrypted, and found by a keyed index (证件号码加密).

AES-256-GCM with a fresh nonce for each number; the id of the person is bound in as associated
data, so that a cipher copied to another person's row does not open. The blind index is
HMAC-SHA256 over kind and number under a key of its own: without it, nobody can try numbers
against the table. Each key has an id made of itself, kept beside what it made, so that keys can be
exchanged while older ones still open what they closed.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask, current_app

from server.config import Config
from server.people.documents import Document, DocumentType
from server.people.errors import DocumentUnreadable

#: Bytes of a nonce, as NIST SP 800-38D recommends for GCM.
NONCE_BYTES = 12

_KEY = "document_cipher"


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """An encrypted document number."""

    #: The key that closed it.
    key_id: str
    #: Nonce and ciphertext with its tag.
    cipher: bytes = field(repr=False)


class DocumentCipher:
    """Closes, opens and indexes document numbers."""

    def __init__(self, key: bytes, *, index_key: bytes, retired: Iterable[bytes] = ()) -> None:
        self._keys = {id_of(one): AESGCM(one) for one in (*retired, key)}
        self._index_key = index_key
        #: The key that closes new numbers.
        self.key_id = id_of(key)
        #: The key that makes indexes.
        self.index_key_id = id_of(index_key)

    def seal(self, number: str, *, person_id: UUID) -> Sealed:
        """Encrypt a number for one person."""
        nonce = os.urandom(NONCE_BYTES)
        closed = self._keys[self.key_id].encrypt(nonce, number.encode(), person_id.bytes)
        return Sealed(key_id=self.key_id, cipher=nonce + closed)

    def open(self, sealed: Sealed, *, person_id: UUID) -> str:
        """Decrypt a number.

        Raises:
            DocumentUnreadable: its key is not in use, or it was changed or belongs to another.
        """
        key = self._keys.get(sealed.key_id)
        if key is None:
            raise DocumentUnreadable
        nonce, closed = sealed.cipher[:NONCE_BYTES], sealed.cipher[NONCE_BYTES:]
        try:
            return key.decrypt(nonce, closed, person_id.bytes).decode()
        except InvalidTag:
            raise DocumentUnreadable from None

    def index(self, kind: DocumentType, number: str) -> str:
        """Return the text by which a document is found without being readable."""
        message = f"{kind.value}:{number}".encode()
        return hmac.new(self._index_key, message, hashlib.sha256).hexdigest()

    def number_index(self, number: str) -> str:
        """Return the text by which a number is found whatever kind of document it is said of."""
        return hmac.new(self._index_key, f"number:{number}".encode(), hashlib.sha256).hexdigest()

    def index_of(self, document: Document) -> str:
        """Return the index of a document that has been read."""
        return self.index(document.type, document.number)


def id_of(key: bytes) -> str:
    """Return the id of a key: enough of a hash to tell keys apart, and no help in guessing one."""
    return hashlib.sha256(b"key id:" + key).hexdigest()[:12]


def install(app: Flask, config: Config) -> None:
    """Keep the cipher of these settings with the application."""
    app.extensions[_KEY] = DocumentCipher(
        config.encryption_key,
        index_key=config.index_key,
        retired=config.encryption_keys_retired,
    )


def current() -> DocumentCipher:
    """Return the cipher of the running application."""
    return of(current_app)


def of(app: Flask) -> DocumentCipher:
    """Return the cipher of an application."""
    cipher: DocumentCipher = app.extensions[_KEY]
    return cipher
