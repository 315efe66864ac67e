"""Files of jobs at rest: encrypted, as a roster or an export holds personal data (任务文件加密).

AES-256-GCM with a fresh nonce for each file, under keys derived from the platform's encryption
keys by HKDF-SHA256; job and name are bound in, so that a file moved to another job does not open.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, current_app

from server.config import Config

#: Bytes of a nonce, as NIST SP 800-38D recommends for GCM.
_NONCE = 12

_KEY = "job_sealer"


class FileUnreadable(RuntimeError):
    """No key in use opens the file: it was changed, or its key was taken away too early."""


class Sealer:
    """Closes and opens the files of jobs.

    Args:
        key: the encryption key of the platform.
        retired: earlier ones, which still open what they closed.
    """

    def __init__(self, key: bytes, *, retired: Iterable[bytes] = ()) -> None:
        self._keys = [AESGCM(_derived(one)) for one in (key, *retired)]

    def seal(self, content: bytes, *, job_id: UUID, name: str) -> bytes:
        """Encrypt a file of one job."""
        nonce = os.urandom(_NONCE)
        return nonce + self._keys[0].encrypt(nonce, content, _bound(job_id, name))

    def open(self, sealed: bytes, *, job_id: UUID, name: str) -> bytes:
        """Decrypt a file of one job.

        Raises:
            FileUnreadable: no key opens it.
        """
        for key in self._keys:
            try:
                return key.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(job_id, name))
            except InvalidTag:
                continue
        raise FileUnreadable

    def anew(self, sealed: bytes, *, job_id: UUID, name: str) -> bytes | None:
        """Return a file closed by the key in use; None where it is already.

        Raises:
            FileUnreadable: no key opens it.
        """
        try:
            self._keys[0].decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(job_id, name))
        except InvalidTag:
            return self.seal(self.open(sealed, job_id=job_id, name=name), job_id=job_id, name=name)
        return None


def _bound(job_id: UUID, name: str) -> bytes:
    return job_id.bytes + name.encode()


def _derived(key: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"files of jobs").derive(key)


def install(app: Flask, config: Config) -> None:
    """Keep the sealer of these settings with the application."""
    app.extensions[_KEY] = Sealer(config.encryption_key, retired=config.encryption_keys_retired)


def current() -> Sealer:
    """Return the sealer of the running application."""
    sealer: Sealer = current_app.extensions[_KEY]
    return sealer
