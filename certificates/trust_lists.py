"""The trust list as an offline root signs it, and how a verifier believes it (签名信任名单)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from certificates import list_errors, signing, trust
from certificates.signing import Signer
from certificates.trust import STATUS_LIST_URI, TrustList, jwk_of, key_of, kid_of

#: What kind of message it is.
TYP = "application/sc1-trust-list+cwt"

#: How long a list is to be relied on: a root comes out of its safe once a year.
LIFETIME = timedelta(days=400)

#: Claims: issuer, name of a list, expiry, time of issue (RFC 8392), and the list itself (private).
_ISS, _SUB, _EXP, _IAT, CONTENT = 1, 2, 4, 6, -65538

_ROOT = "urn:sc1:root"


@dataclass(frozen=True, kw_only=True)
class SignedTrustList:
    """A trust list with its number, its time and the roots that may sign the next."""

    #: Grows with each list; a verifier never goes back to a lower one.
    seq: int
    made_at: datetime
    until: datetime
    #: The current root and the next: who accepts this list pins these from then on.
    roots: tuple[EllipticCurvePublicKey, ...]
    #: Keys that may sign the status list, and nothing else.
    status_keys: tuple[EllipticCurvePublicKey, ...]
    trust: TrustList


def draft(made: SignedTrustList) -> dict[int, Any]:
    """Return what a root is to sign."""
    return {
        _ISS: _ROOT,
        _IAT: int(made.made_at.timestamp()),
        _EXP: int(made.until.timestamp()),
        CONTENT: {
            "seq": made.seq,
            "roots": [jwk_of(root) for root in made.roots],
            "status": {"uri": STATUS_LIST_URI, "keys": [jwk_of(key) for key in made.status_keys]},
            "trust": trust.to_json(made.trust),
        },
    }


def write(made: SignedTrustList, root: Signer) -> bytes:
    """Return the trust list signed by a root."""
    return signing.write(draft(made), root, typ=TYP)


def read(
    raw: bytes, pinned: Sequence[EllipticCurvePublicKey], *, known_seq: int, at: datetime
) -> SignedTrustList:
    """Return the trust list if a pinned root has signed it and no newer one was seen.

    Args:
        raw: the list as it was published.
        pinned: the roots that are believed.
        known_seq: the highest number seen so far; 0 for none.
        at: the moment.

    Raises:
        ListMalformed, ListUntrusted, ListRolledBack, ListExpired: for that reason.
    """
    try:
        message = signing.read(raw, typ=TYP)
        claims = signing.claims_of(message)
    except signing.Unsound as error:
        raise list_errors.ListMalformed from error
    if not any(kid_of(root) == message.kid and message.signed_by(root) for root in pinned):
        raise list_errors.ListUntrusted
    try:
        found = _from(claims)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise list_errors.ListMalformed from error
    if found.seq < known_seq:
        raise list_errors.ListRolledBack(known=known_seq, seq=found.seq)
    if at > found.until:
        raise list_errors.ListExpired(until=found.until.date().isoformat())
    return found


def _from(claims: dict[int, Any]) -> SignedTrustList:
    content = claims[CONTENT]
    found = SignedTrustList(
        seq=content["seq"],
        made_at=datetime.fromtimestamp(claims[_IAT], UTC),
        until=datetime.fromtimestamp(claims[_EXP], UTC),
        roots=tuple(key_of(jwk) for jwk in content["roots"]),
        status_keys=tuple(key_of(jwk) for jwk in content["status"]["keys"]),
        trust=trust.from_json(content["trust"]),
    )
    if draft(found) != claims or not isinstance(found.seq, int) or not found.roots:
        raise ValueError("It says something else than it must.")
    return found


def claims_of_list(
    raw: bytes, trusted: SignedTrustList, *, typ: str, subject: str
) -> dict[int, Any]:
    """Return what a signed list says, if a key that the trust list names for lists signed it.

    One guard for every list that verifiers hold: what one believes, all believe.

    Raises:
        ListMalformed, ListUntrusted, ListOfAnother: for that reason.
    """
    try:
        message = signing.read(raw, typ=typ)
        claims = signing.claims_of(message)
    except signing.Unsound as error:
        raise list_errors.ListMalformed from error
    named = [key for key in trusted.status_keys if kid_of(key) == message.kid]
    if not any(message.signed_by(key) for key in named):
        raise list_errors.ListUntrusted
    if claims.get(_SUB) != subject:
        raise list_errors.ListOfAnother
    return claims
