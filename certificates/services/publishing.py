"""Publishing the signed lists: who is believed, and what no longer stands (名单发布)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload, load_only

from certificates import allow_lists, errors, keys, list_errors, status_lists, trust_lists
from certificates.list_errors import NoTrustList
from certificates.models import (
    AllowedPayload,
    AllowListEdition,
    Certificate,
    CertificateEvent,
    EventKind,
    SigningKey,
    StatusBlock,
    StatusListEdition,
    TrustListEdition,
)
from certificates.models.certificates import status_of
from certificates.scattering import BLOCK
from certificates.services import trusting
from certificates.status_lists import MARKS, Mark
from certificates.trust import jwk_of
from certificates.trust_lists import SignedTrustList
from exams.models.standards import Qualification
from server.days import civil_day
from server.db import db
from server.errors import DomainError

Edition = TypeVar("Edition", TrustListEdition, StatusListEdition, AllowListEdition)

#: A list is made anew after this time even if nothing changed, so that it never looks old.
REMADE_AFTER = timedelta(hours=6)

#: Editions that are kept; older ones say nothing any more.
_KEPT = 50


def trust_list() -> TrustListEdition:
    """Return the newest signed trust list.

    Raises:
        NothingPublished: none was signed yet.
    """
    return _newest(TrustListEdition)


def status_list() -> StatusListEdition:
    """Return the newest signed status list.

    Raises:
        NothingPublished: none was signed yet.
    """
    return _newest(StatusListEdition)


def allow_list() -> AllowListEdition:
    """Return the newest list of what is believed although its key is compromised.

    Raises:
        NothingPublished: no key ever was.
    """
    return _newest(AllowListEdition)


def publish_allow_list(*, at: datetime) -> bool:
    """Sign the list of what may still be believed, where something came to it since the last."""
    added = db.session.execute(select(func.max(AllowedPayload.added_at))).scalar_one()
    last = _last(AllowListEdition)
    if added is None or (last is not None and added < last.made_at):
        return False
    kept = select(AllowedPayload.hash).where(AllowedPayload.until >= civil_day(at))
    hashes = [bytes.fromhex(each) for each in db.session.execute(kept).scalars()]
    seq = _next_seq(AllowListEdition)
    document = allow_lists.write(hashes, keys.ring().of(keys.STATUS), seq=seq, at=at)
    db.session.add(AllowListEdition(seq=seq, document=document, made_at=at))
    db.session.flush()
    return True


def verifier() -> dict[str, Any]:
    """Return what a verification page must know to work without a network.

    The roots to pin, the sentences of refusals, and the names of qualifications.
    """
    refusals: tuple[type[DomainError], ...] = (*errors.TOKEN_REFUSALS, NoTrustList)
    names = select(Qualification.code, Qualification.name_zh).order_by(Qualification.code)
    return {
        "pins": [jwk_of(root) for root in keys.ring().pinned()],
        "sentences": {each.code: [each.zh, each.en] for each in refusals},
        "qualifications": {row.code: row.name_zh for row in db.session.execute(names)},
    }


def draft_trust_list(*, at: datetime) -> SignedTrustList:
    """Return what a root is to sign now: every key, the roots, the next number."""
    ring = keys.ring()
    return SignedTrustList(
        seq=_next_seq(TrustListEdition),
        made_at=at.replace(microsecond=0),
        until=at.replace(microsecond=0) + trust_lists.LIFETIME,
        roots=ring.pinned(),
        status_keys=(ring.of(keys.STATUS).public_key,),
        trust=trusting.trust_list(),
    )


def accept_trust_list(document: bytes, *, at: datetime) -> SignedTrustList:
    """Publish a trust list that came back from the root.

    Raises:
        RootMissing: no root is pinned here.
        ListRefused: one of its subclasses, as verifiers would refuse it.
    """
    ring = keys.ring()
    if not ring.pinned():
        raise list_errors.RootMissing(path=keys.ROOTS)
    known = _next_seq(TrustListEdition)
    found = trust_lists.read(document, ring.pinned(), known_seq=known, at=at)
    db.session.add(TrustListEdition(seq=found.seq, document=document, published_at=at))
    db.session.flush()
    return found


def republish_trust_list(*, at: datetime) -> bool:
    """Sign the trust list anew with the root of this machine, where there is one and it changed."""
    root = keys.ring().root()
    if root is None or not keys.ring().pinned() or not _trust_changed(at):
        return False
    accept_trust_list(trust_lists.write(draft_trust_list(at=at), root), at=at)
    return True


def status_list_due(at: datetime) -> bool:
    """Say whether a status list must be made: something happened since, a day or hours went by."""
    last = _last(StatusListEdition)
    if last is None:
        return True
    newest = db.session.execute(
        select(func.max(CertificateEvent.at)).where(CertificateEvent.kind != EventKind.ISSUED)
    ).scalar_one()
    return (
        at - last.made_at >= REMADE_AFTER
        or civil_day(at) != civil_day(last.made_at)
        or (newest is not None and newest >= last.made_at)
    )


def publish_status_list(*, at: datetime) -> StatusListEdition:
    """Sign the list of everything that no longer stands today, under the next number."""
    blocks = db.session.execute(select(func.count()).select_from(StatusBlock)).scalar_one()
    marks = dict(_marks(civil_day(at)))
    size = max(blocks * BLOCK, BLOCK, max(marks, default=0) + 1)
    seq = _next_seq(StatusListEdition)
    document = status_lists.write(
        status_lists.packed(marks, size), keys.ring().of(keys.STATUS), seq=seq, at=at
    )
    made = StatusListEdition(seq=seq, document=document, made_at=at)
    db.session.add(made)
    db.session.execute(delete(StatusListEdition).where(StatusListEdition.seq <= seq - _KEPT))
    db.session.flush()
    return made


def _marks(on: date) -> Iterator[tuple[int, Mark]]:
    """Yield the places that do not stand; what merely ended says so itself, by its date."""
    befallen = select(CertificateEvent.certificate_id).where(
        CertificateEvent.kind != EventKind.ISSUED
    )
    lapsing = Certificate.first_review_on < on
    statement = (
        select(Certificate)
        .where(Certificate.valid_until >= on, Certificate.id.in_(befallen) | lapsing)
        .options(
            load_only(
                Certificate.status_index,
                Certificate.valid_from,
                Certificate.valid_until,
                Certificate.review_days,
            ),
            joinedload(Certificate.rule),
        )
        .execution_options(yield_per=1_000)
    )
    for certificate in db.session.execute(statement).scalars():
        mark = MARKS.get(status_of(certificate, on))
        if mark is not None:
            yield certificate.status_index, mark


def _trust_changed(at: datetime) -> bool:
    last = _last(TrustListEdition)
    if last is None:
        listed = db.session.execute(select(SigningKey.id).limit(1)).first()
        return listed is not None
    try:
        before = trust_lists.read(last.document, keys.ring().pinned(), known_seq=0, at=at)
    except list_errors.ListRefused:
        return True
    now = draft_trust_list(at=at)
    told = trust_lists.draft(before)[trust_lists.CONTENT] | {"seq": 0}
    return bool(told != trust_lists.draft(now)[trust_lists.CONTENT] | {"seq": 0})


def _next_seq(table: type[Edition]) -> int:
    highest = db.session.execute(select(func.max(table.seq))).scalar_one()
    return (highest or 0) + 1


def _last(table: type[Edition]) -> Edition | None:
    statement = select(table).order_by(table.seq.desc()).limit(1)
    return db.session.execute(statement).scalar_one_or_none()


def _newest(table: type[Edition]) -> Edition:
    found = _last(table)
    if found is None:
        raise list_errors.NothingPublished
    return found
