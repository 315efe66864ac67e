"""Pure: the chain of seals over a person's file (档案校验链)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import rfc8785


@dataclass(frozen=True, kw_only=True)
class Seal:
    """What a file was at a moment, tied to what it was before."""

    #: 1 for the first of the person.
    sequence: int
    file_hash: str
    line_count: int
    #: Empty for the first.
    previous_hash: str
    sealed_at: datetime

    @property
    def hash(self) -> str:
        """SHA-256 over everything the seal says, in canonical JSON."""
        said: dict[str, str | int] = {
            "sequence": self.sequence,
            "file_hash": self.file_hash,
            "line_count": self.line_count,
            "previous_hash": self.previous_hash,
            "sealed_at": self.sealed_at.astimezone(UTC).isoformat(),
        }
        return hashlib.sha256(rfc8785.dumps(said)).hexdigest()


def broken_at(seals: Iterable[tuple[Seal, str]]) -> int | None:
    """Return the sequence of the first seal that does not follow; None where all do.

    Args:
        seals: each seal with the hash that was kept of it, in order.
    """
    previous, expected = "", 1
    for seal, kept in seals:
        if (seal.sequence, seal.previous_hash, seal.hash) != (expected, previous, kept):
            return seal.sequence
        previous, expected = kept, expected + 1
    return None
