"""Sealing what a file was at a moment, and saying whether a seal is genuine (档案封存与校验)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from server.db import db
from server.errors import NotFound
from server.people.models import Person
from server.records.models import FileSeal
from server.records.seals import Seal, broken_at


def seal(person_id: UUID, *, file_hash: str, line_count: int, at: datetime) -> FileSeal:
    """Seal a file as it is now, after the seal before; the same again adds nothing."""
    # Two seals of one person at once would take the same place in the chain.
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    last = db.session.execute(
        select(FileSeal)
        .where(FileSeal.person_id == person_id)
        .order_by(FileSeal.sequence.desc())
        .limit(1)
    ).scalar_one_or_none()
    if last is not None and last.file_hash == file_hash:
        return last
    made = Seal(
        sequence=last.sequence + 1 if last else 1,
        file_hash=file_hash,
        line_count=line_count,
        previous_hash=last.hash if last else "",
        sealed_at=at,
    )
    kept = FileSeal(person_id=person_id, hash=made.hash, **vars(made))
    db.session.add(kept)
    db.session.flush()
    return kept


def find(hash_: str) -> FileSeal:
    """Return the seal with this hash, or the newest one over a file with this hash.

    Raises:
        NotFound: nothing of the kind was ever given out here, or its chain is broken.
    """
    statement = (
        select(FileSeal)
        .where(or_(FileSeal.hash == hash_, FileSeal.file_hash == hash_))
        .order_by(FileSeal.sealed_at.desc())
        .limit(1)
    )
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None or not _stands(found):
        raise NotFound
    return found


def _stands(wanted: FileSeal) -> bool:
    chain = (
        select(FileSeal)
        .where(FileSeal.person_id == wanted.person_id, FileSeal.sequence <= wanted.sequence)
        .order_by(FileSeal.sequence)
    )
    return broken_at((_rule(one), one.hash) for one in db.session.execute(chain).scalars()) is None


def _rule(kept: FileSeal) -> Seal:
    return Seal(
        sequence=kept.sequence,
        file_hash=kept.file_hash,
        line_count=kept.line_count,
        previous_hash=kept.previous_hash,
        sealed_at=kept.sealed_at,
    )
