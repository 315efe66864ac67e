"""The keys of this installation that exams use: packages, receipts, tickets, files (考试密钥).

A package's key lies in the database closed by the installation's encryption key, with the id of
the paper bound in, so that the key of one paper never opens as that of another. Receipts are made
with a key of their own, derived from the same secret. Exchanged encryption keys still open what
they closed, and still know the receipts they made.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask, current_app

from exams.errors import PackageKeyUnreadable
from exams.sealing import KEY_BYTES, NONCE_BYTES
from server.config import Config

_KEY = "exam_keys"


@dataclass(frozen=True, kw_only=True)
class Closed:
    """The key of a package as it lies in the database."""

    #: Which encryption key closed it.
    key_id: str
    #: Nonce, ciphertext, tag.
    cipher: bytes = field(repr=False)


class Vault:
    """Closes and opens the keys of packages; holds the keys of receipts."""

    def __init__(self, key: bytes, *, retired: Iterable[bytes] = ()) -> None:
        every = (key, *retired)
        self._key_id = _id_of(key)
        self._keys = {_id_of(one): AESGCM(_derived(one, b"package keys")) for one in every}
        self._files = [AESGCM(_derived(one, b"exhibits")) for one in every]
        #: Make the codes by which attempts move to another phone, the one in use first.
        self.moving_keys = tuple(_derived(one, b"moving codes") for one in every)
        #: Keys of receipts, the one in use first.
        self.receipt_keys = tuple(_derived(one, b"receipts") for one in every)
        #: Sign admission tickets and rosters, the one in use first.
        self.ticket_keys = tuple(
            Ed25519PrivateKey.from_private_bytes(_derived(one, b"admission tickets"))
            for one in every
        )

    def close(self, key: bytes, *, paper_id: UUID) -> Closed:
        """Encrypt the key of a paper's package."""
        nonce = os.urandom(NONCE_BYTES)
        closed = self._keys[self._key_id].encrypt(nonce, key, paper_id.bytes)
        return Closed(key_id=self._key_id, cipher=nonce + closed)

    def open(self, closed: Closed, *, paper_id: UUID) -> bytes:
        """Decrypt the key of a paper's package.

        Raises:
            PackageKeyUnreadable: the encryption key is not in use, or the row was changed.
        """
        known = self._keys.get(closed.key_id)
        if known is None:
            raise PackageKeyUnreadable
        nonce, cipher = closed.cipher[:NONCE_BYTES], closed.cipher[NONCE_BYTES:]
        try:
            return known.decrypt(nonce, cipher, paper_id.bytes)
        except InvalidTag:
            raise PackageKeyUnreadable from None

    def seal_file(self, content: bytes, *, bound: bytes) -> bytes:
        """Encrypt a file; `bound` says whose it is, so that it opens nowhere else."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._files[0].encrypt(nonce, content, bound)

    def open_file(self, sealed: bytes, *, bound: bytes) -> bytes:
        """Decrypt a file.

        Raises:
            PackageKeyUnreadable: no key in use opens it, or it was changed or moved.
        """
        for key in self._files:
            try:
                return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)
            except InvalidTag:
                continue
        raise PackageKeyUnreadable

    def anew(self, closed: Closed, *, paper_id: UUID) -> Closed | None:
        """Return the key of a package closed by the key in use; None where it is already.

        Raises:
            PackageKeyUnreadable: as `open`.
        """
        if closed.key_id == self._key_id:
            return None
        return self.close(self.open(closed, paper_id=paper_id), paper_id=paper_id)

    def anew_file(self, sealed: bytes, *, bound: bytes) -> bytes | None:
        """Return a file closed by the key in use; None where it is already.

        Raises:
            PackageKeyUnreadable: as `open_file`.
        """
        try:
            self._files[0].decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)
        except InvalidTag:
            return self.seal_file(self.open_file(sealed, bound=bound), bound=bound)
        return None


def fresh() -> tuple[bytes, bytes]:
    """Return the key and the nonce of a new package, by the chance of the operating system."""
    return os.urandom(KEY_BYTES), os.urandom(NONCE_BYTES)


def prepare(app: Flask, config: Config) -> None:
    """Keep the keys of these settings with the application."""
    app.extensions[_KEY] = Vault(config.encryption_key, retired=config.encryption_keys_retired)


def current() -> Vault:
    """Return the keys of the running application."""
    vault: Vault = current_app.extensions[_KEY]
    return vault


def _id_of(key: bytes) -> str:
    return hashlib.sha256(b"exam key id:" + key).hexdigest()[:12]


def _derived(key: bytes, purpose: bytes) -> bytes:
    return hmac.new(key, b"exams: " + purpose, hashlib.sha256).digest()
