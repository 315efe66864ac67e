"""Passwords as Argon2id digests, and how many are computed at once (口令散列)."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.errors import Unavailable

#: The OWASP parameters for Argon2id: 19 MiB, two passes, one lane; some 35 ms on one core.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

#: Digests computed at the same time in one process. The rest waits, so that a class signing in
#: never takes the cores away from those who are sitting an exam.
_AT_ONCE = max(1, (os.cpu_count() or 1) - 1)

#: Seconds that a sign-in waits for its turn before it is told to come back.
_PATIENCE_S = 5.0

_turn = BoundedSemaphore(_AT_ONCE)

#: The digest of no password at all, checked where there is no account, so that the answer takes
#: as long as for an account there is.
_NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$"
    "gn9cYJs4VUqh7MeN4sRVqA$RTO5OCFCZTgzXRsZsckYxrlhGKFPfGMiORT5iKNzCJI"
)


def digest_of(password: str) -> str:
    """Return the digest of a password, with its salt and parameters.

    Call it outside of any transaction: it takes long, and a writer would keep all others waiting.

    Raises:
        Unavailable: too many digests are being computed.
    """
    with _turn_taken():
        return _HASHER.hash(normal(password))


def matches(digest: str | None, password: str) -> bool:
    """Say whether the password belongs to the digest; None stands for an account nobody has.

    Every call costs the same, whether there is an account or not.

    Raises:
        Unavailable: too many digests are being computed.
    """
    with _turn_taken():
        try:
            _HASHER.verify(digest or _NOBODY, normal(password))
        except (VerificationError, InvalidHashError):
            return False
    return digest is not None


def is_outdated(digest: str) -> bool:
    """Say whether the digest was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(digest)


def normal(password: str) -> str:
    """Return the form in which a password is compared: NFKC, as NIST SP 800-63B advises.

    A Chinese keyboard may write １２３ where another writes 123; both are the same password.
    """
    return unicodedata.normalize("NFKC", password)


@contextmanager
def _turn_taken() -> Iterator[None]:
    if not _turn.acquire(timeout=_PATIENCE_S):
        raise Unavailable(retry_after=2)
    try:
        yield
    finally:
        _turn.release()
