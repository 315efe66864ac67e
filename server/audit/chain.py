"""The chain of audit entries: what is hashed, and where a chain is broken (审计链).

Every entry holds the hash of the one before it, so that no entry can be changed, left out, put in
or moved without all later hashes changing. Whoever writes the database could compute all of
them anew: that is why the head of the chain (sequence and hash) can be carried outside as an
*anchor*, and a chain is verified against the anchors that somebody else kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from server.audit.masking import Plain

#: The hash before the first entry.
GENESIS = "0" * 64


@dataclass(frozen=True, kw_only=True)
class Content:
    """What one entry says: who did what to what, when, from where, and why."""

    at: datetime
    action: str
    account_id: UUID | None
    person_id: UUID | None
    address: str | None
    subject_kind: str
    subject_id: UUID
    organisation_path: str | None
    region_path: str | None
    before: dict[str, Plain] | None
    after: dict[str, Plain] | None
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class Link:
    """One entry in its place of the chain."""

    sequence: int
    previous_hash: str
    hash: str
    content: Content


@dataclass(frozen=True, kw_only=True)
class Head:
    """The end of the chain at some moment: what an anchor holds."""

    sequence: int
    hash: str


#: The head of a chain without entries.
EMPTY = Head(sequence=0, hash=GENESIS)


class Fault(StrEnum):
    """What is wrong at a place of the chain."""

    #: The entry says something else than when it was written.
    CHANGED = "changed"
    #: An entry that was written is not there.
    MISSING = "missing"
    #: The entry does not follow from the one before it.
    DISPLACED = "displaced"
    #: There are entries behind the recorded end of the chain, or the end was changed.
    BEYOND_HEAD = "beyond_head"
    #: The whole chain was written anew: it differs from what somebody outside kept.
    NOT_AS_ANCHORED = "not_as_anchored"


@dataclass(frozen=True, kw_only=True)
class Break:
    """The first place at which the chain is broken."""

    sequence: int
    fault: Fault


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What verifying found: entries read in good order, and the first break if there is one."""

    entries: int
    broken: Break | None


class UnreadableEntry(Exception):
    """An entry was changed into something that is no entry at all."""

    def __init__(self, sequence: int) -> None:
        super().__init__(sequence)
        self.sequence = sequence


def link(content: Content, after: Head) -> Link:
    """Return the entry that follows upon `after`."""
    sequence = after.sequence + 1
    digest = digest_of(content, sequence=sequence, previous_hash=after.hash)
    return Link(sequence=sequence, previous_hash=after.hash, hash=digest, content=content)


def digest_of(content: Content, *, sequence: int, previous_hash: str) -> str:
    """Return the SHA-256 of an entry's canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content, sequence, previous_hash)).hexdigest()


def canonical(content: Content, sequence: int, previous_hash: str) -> bytes:
    """Return the one JSON text of an entry: keys in order, no spaces, UTF-8, moments in UTC.

    Anybody can compute it in any language from what `GET /v1/audit` shows.
    """
    document = {
        "sequence": sequence,
        "previous_hash": previous_hash,
        "at": content.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "action": content.action,
        "account_id": _text(content.account_id),
        "person_id": _text(content.person_id),
        "address": content.address,
        "subject_kind": content.subject_kind,
        "subject_id": str(content.subject_id),
        "organisation_path": content.organisation_path,
        "region_path": content.region_path,
        "before": content.before,
        "after": content.after,
        "reason": content.reason,
    }
    return json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode("utf-8")


def verify(
    links: Iterable[Link], *, head: Head, anchors: Mapping[int, str] | None = None
) -> Verification:
    """Walk the chain from its first entry and stop at the first break.

    Args:
        links: all entries in the order of their sequence.
        head: the recorded end of the chain.
        anchors: hashes that somebody outside kept, by sequence.
    """
    kept = {} if anchors is None else anchors
    last = EMPTY
    try:
        for entry in links:
            fault = _fault(entry, last, head, kept)
            if fault is not None:
                at = last.sequence + 1 if fault is Fault.MISSING else entry.sequence
                return Verification(entries=last.sequence, broken=Break(sequence=at, fault=fault))
            last = Head(sequence=entry.sequence, hash=entry.hash)
    except UnreadableEntry as unreadable:
        broken = Break(sequence=unreadable.sequence, fault=Fault.CHANGED)
        return Verification(entries=last.sequence, broken=broken)
    return Verification(entries=last.sequence, broken=_end_fault(last, head, kept))


def _fault(entry: Link, last: Head, head: Head, anchors: Mapping[int, str]) -> Fault | None:
    digest = digest_of(entry.content, sequence=entry.sequence, previous_hash=entry.previous_hash)
    checks = (
        (entry.sequence > last.sequence + 1, Fault.MISSING),
        (entry.sequence > head.sequence, Fault.BEYOND_HEAD),
        (digest != entry.hash, Fault.CHANGED),
        (entry.sequence <= last.sequence, Fault.DISPLACED),
        (entry.previous_hash != last.hash, Fault.DISPLACED),
        (anchors.get(entry.sequence, entry.hash) != entry.hash, Fault.NOT_AS_ANCHORED),
    )
    return next((fault for broken, fault in checks if broken), None)


def _end_fault(last: Head, head: Head, anchors: Mapping[int, str]) -> Break | None:
    furthest = max((head.sequence, *anchors))
    if furthest > last.sequence:
        return Break(sequence=last.sequence + 1, fault=Fault.MISSING)
    if last.hash != head.hash:
        return Break(sequence=last.sequence, fault=Fault.BEYOND_HEAD)
    return None


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
