"""The signed list of what is believed although its key is in wrong hands (泄密前签发名单).

A thief writes any date into what they sign: that something was signed before the theft cannot be
seen from it. So after a theft exactly those contents are believed that the register knows to have
been issued, by sixteen bytes of their hash: the thief may make contents as long as they like and
meets none of a million in 2^100 tries, where a filter of 32 bits would be met within seconds.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from certificates import list_errors, signing, trust_lists
from certificates.signing import Signer
from certificates.trust import HASH_BYTES
from certificates.trust_lists import SignedTrustList

#: What kind of message it is, and the name of the one list there is.
TYP = "application/sc1-allow-list+cwt"
URI = "urn:sc1:allowed"

#: How long it may be relied on. What no longer stands is told by the status list, not by this.
LIFETIME = timedelta(days=400)

#: Claims (RFC 8392), our own number of the list, and the hashes one behind another.
_SUB, _EXP, _IAT, _SEQ, _HASHES = 2, 4, 6, -65539, -65540


@dataclass(frozen=True, kw_only=True)
class AllowList:
    """A list that is believed."""

    seq: int
    made_at: datetime
    until: datetime
    hashes: frozenset[bytes]


def write(hashes: Collection[bytes], signer: Signer, *, seq: int, at: datetime) -> bytes:
    """Return the list signed."""
    claims = {
        _SUB: URI,
        _IAT: int(at.timestamp()),
        _EXP: int((at + LIFETIME).timestamp()),
        _SEQ: seq,
        _HASHES: b"".join(sorted(hashes)),
    }
    return signing.write(claims, signer, typ=TYP)


def read(raw: bytes, trusted: SignedTrustList, *, known_seq: int, at: datetime) -> AllowList:
    """Return the list if a key that the trust list names for lists signed it, and it is no older.

    Raises:
        ListMalformed, ListUntrusted, ListOfAnother, ListRolledBack, ListExpired: for that reason.
    """
    claims = trust_lists.claims_of_list(raw, trusted, typ=TYP, subject=URI)
    try:
        found = AllowList(
            seq=int(claims[_SEQ]),
            made_at=datetime.fromtimestamp(claims[_IAT], UTC),
            until=datetime.fromtimestamp(claims[_EXP], UTC),
            hashes=_hashes(claims[_HASHES]),
        )
    except (LookupError, TypeError, ValueError, OverflowError) as error:
        raise list_errors.ListMalformed from error
    if found.seq < known_seq:
        raise list_errors.ListRolledBack(known=known_seq, seq=found.seq)
    if at > found.until:
        raise list_errors.ListExpired(until=found.until.date().isoformat())
    return found


def _hashes(row: object) -> frozenset[bytes]:
    if not isinstance(row, bytes) or len(row) % HASH_BYTES:
        raise ValueError("These are no hashes.")
    return frozenset(row[place : place + HASH_BYTES] for place in range(0, len(row), HASH_BYTES))
