"""The signed list of certificates that no longer stand: IETF Token Status List (状态名单).

Two bits for each place of the list: 0 stands, 1 revoked, cancelled or voided, 2 suspended, 3
replaced or lapsed because its review was missed. The whole list is one file, so that nobody learns
about whom a verifier asks.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum

from certificates import list_errors, signing, trust_lists
from certificates.signing import Signer
from certificates.trust import STATUS_LIST_URI
from certificates.trust_lists import SignedTrustList
from certificates.validity import Status

#: What kind of message it is.
TYP = "application/statuslist+cwt"

#: How long a list may be shown at all, and how soon a verifier should fetch a newer one.
LIFETIME = timedelta(days=7)
FRESH = timedelta(hours=24)

#: Claims (RFC 8392, IETF Token Status List), and our own: the number of the list.
_SUB, _EXP, _IAT, _TTL, _LIST, _SEQ = 2, 4, 6, 65534, 65533, -65539

#: Bits of each place, and the most bytes that a list may unfold to: 100 million places.
_BITS = 2
_LARGEST = 25_000_000


class Mark(IntEnum):
    """What the list says of a place."""

    STANDS = 0
    ENDED = 1
    SUSPENDED = 2
    SUPERSEDED = 3


class Age(StrEnum):
    """How far a list may be relied on, by how old it is."""

    FRESH = "fresh"
    #: To be shown with its age, in amber.
    AGEING = "ageing"
    #: Says nothing any more: signature genuine, standing unknown.
    STALE = "stale"
    #: Made later than now: the clock is wrong.
    AHEAD = "ahead"


#: What the list says of a certificate that stands so; what is missing stands, or ended by its date.
MARKS: dict[Status, Mark] = {
    Status.REVOKED: Mark.ENDED,
    Status.CANCELLED: Mark.ENDED,
    Status.VOIDED: Mark.ENDED,
    Status.SUSPENDED: Mark.SUSPENDED,
    Status.REPLACED: Mark.SUPERSEDED,
    Status.EXPIRED: Mark.SUPERSEDED,
}


@dataclass(frozen=True, kw_only=True)
class StatusList:
    """A status list that is believed."""

    seq: int
    made_at: datetime
    until: datetime
    #: Two bits for each place, the lowest first.
    bits: bytes

    def of(self, place: int) -> Mark | None:
        """Return what the list says of a place; None where it has no such place."""
        byte, turn = divmod(place, 8 // _BITS)
        if place < 0 or byte >= len(self.bits):
            return None
        return Mark(self.bits[byte] >> (turn * _BITS) & 3)

    def age(self, at: datetime) -> Age:
        """Say how far the list may be relied on at a moment."""
        if at < self.made_at - timedelta(minutes=5):
            return Age.AHEAD
        if at > self.until or at - self.made_at > LIFETIME:
            return Age.STALE
        return Age.FRESH if at - self.made_at <= FRESH else Age.AGEING


def packed(marks: Mapping[int, Mark], size: int) -> bytes:
    """Return the bits of a list with so many places."""
    bits = bytearray(-(-size * _BITS // 8))
    for place, mark in marks.items():
        byte, turn = divmod(place, 8 // _BITS)
        bits[byte] |= mark << (turn * _BITS)
    return bytes(bits)


def write(bits: bytes, signer: Signer, *, seq: int, at: datetime) -> bytes:
    """Return the list signed."""
    claims = {
        _SUB: STATUS_LIST_URI,
        _IAT: int(at.timestamp()),
        _EXP: int((at + LIFETIME).timestamp()),
        _TTL: int(FRESH.total_seconds()),
        _LIST: {"bits": _BITS, "lst": zlib.compress(bits, 9)},
        _SEQ: seq,
    }
    return signing.write(claims, signer, typ=TYP)


def read(raw: bytes, trusted: SignedTrustList, *, known_seq: int) -> StatusList:
    """Return the status list if the trust list names its key for that, and no newer was seen.

    How old it is decides what may be shown, not whether it is read: see `StatusList.age`.

    Raises:
        ListMalformed, ListUntrusted, ListOfAnother, ListRolledBack: for that reason.
    """
    claims = trust_lists.claims_of_list(raw, trusted, typ=TYP, subject=STATUS_LIST_URI)
    try:
        found = StatusList(
            seq=int(claims[_SEQ]),
            made_at=datetime.fromtimestamp(claims[_IAT], UTC),
            until=datetime.fromtimestamp(claims[_EXP], UTC),
            bits=_unfolded(claims[_LIST]),
        )
    except (LookupError, TypeError, ValueError, OverflowError, zlib.error) as error:
        raise list_errors.ListMalformed from error
    if found.seq < known_seq:
        raise list_errors.ListRolledBack(known=known_seq, seq=found.seq)
    return found


def bits_of(document: bytes) -> bytes:
    """Return the bits of a list that this platform has signed itself."""
    claims = signing.claims_of(signing.read(document, typ=TYP))
    return _unfolded(claims[_LIST])


def flags(bits: bytes, meant: Collection[Mark]) -> bytes:
    """Return one bit for each place, the first one the highest: whether its mark is meant.

    That is the order of a Bitstring Status List, where ours counts from the lowest.
    """
    table = bytes(
        sum((byte >> (turn * _BITS) & 3 in meant) << (3 - turn) for turn in range(8 // _BITS))
        for byte in range(256)
    )
    halves = bits.translate(table)
    return bytes(
        high << 4 | low for high, low in zip(halves[::2], halves[1::2] + b"\0", strict=False)
    )


def _unfolded(content: Mapping[str, object]) -> bytes:
    """Return the bits; what would unfold beyond all measure is refused, and never unfolded."""
    if content["bits"] != _BITS or not isinstance(content["lst"], bytes):
        raise ValueError("It has another number of bits.")
    machine = zlib.decompressobj()
    bits = machine.decompress(content["lst"], _LARGEST)
    if machine.unconsumed_tail or not machine.eof:
        raise ValueError("It is larger than any list.")
    return bits
