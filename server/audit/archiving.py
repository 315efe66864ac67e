"""Old stretches of the audit chain leave for files, and the chain stays provable (审计归档).

A stretch is proved before it leaves, its file holds every entry with its hash, and whoever proves
the chain reads the files in their places. Nothing else may remove an entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select

from server.archives import files
from server.archives import services as archives
from server.archives.errors import ArchiveFailed
from server.archives.models import Archive, ArchiveKind
from server.audit import chain, links
from server.audit.chain import Content, Head, Link
from server.audit.models import AuditEntry
from server.db import db

#: How long entries stay in the database, where auditors look at them.
REST: Final = timedelta(days=730)

_UUIDS: Final = ("account_id", "person_id", "subject_id")


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Entries one after the other, which are old enough to leave."""

    first: int
    last: int


def oldest(*, before: datetime, limit: int) -> Stretch | None:
    """Return the oldest entries that are in the database and from before a moment."""
    first = db.session.execute(select(func.min(AuditEntry.sequence))).scalar_one()
    if first is None:
        return None
    young = select(func.min(AuditEntry.sequence)).where(AuditEntry.at >= before)
    end = db.session.execute(young).scalar_one()
    newest = db.session.execute(select(func.max(AuditEntry.sequence))).scalar_one()
    last = min(first + limit - 1, newest if end is None else end - 1)
    return Stretch(first=first, last=last) if last >= first else None


def lines(stretch: Stretch) -> Iterator[dict[str, Any]]:
    """Give the entries of a stretch as a file holds them, each proved to follow the one before.

    Raises:
        ArchiveFailed: the chain is broken there, and nothing may leave.
    """
    last: Head | None = None
    with closing(links.of(db.session.connection(), stretch.first, stretch.last)) as found:
        for link in found:
            digest = chain.digest_of(
                link.content, sequence=link.sequence, previous_hash=link.previous_hash
            )
            follows = last is None or (last.sequence + 1, last.hash) == (
                link.sequence,
                link.previous_hash,
            )
            if digest != link.hash or not follows:
                raise ArchiveFailed(
                    f"The audit is broken at entry {link.sequence}: flask audit verify."
                )
            last = Head(sequence=link.sequence, hash=link.hash)
            yield _document(link)


def take_out(archive: Archive) -> int:
    """Remove the entries of an archive whose file is whole; return how many went."""
    table = AuditEntry.__table__
    within = table.c.sequence.between(archive.first_sequence, archive.last_sequence)
    # The table, and not the class: the class refuses whoever removes an entry, and this is the one
    # place that may.
    statement = delete(table).where(within)  # type: ignore[arg-type]  # a table, by the mapping
    return db.session.connection().execute(statement).rowcount


def put_back(archive: Archive, folder: Path) -> int:
    """Bring the entries of an archive back; return how many."""
    table: Any = AuditEntry.__table__
    rows = [
        {"hash": link.hash, "sequence": link.sequence, "previous_hash": link.previous_hash}
        | vars(link.content)
        for link in map(_link, archives.lines(archive, folder))
    ]
    db.session.connection().execute(insert(table), rows)
    return len(rows)


def archived(connection: Connection, folder: Path) -> Iterator[Link]:
    """Give the entries that have left the database, in their order, for proving the chain.

    Raises:
        ArchiveFailed: a file is missing or was changed.
    """
    table: Any = Archive.__table__
    away = select(table).where(
        table.c.kind == ArchiveKind.AUDIT,
        table.c.put_away_at.is_not(None),
        table.c.brought_back_at.is_(None),
    )
    found = connection.execute(away.order_by(table.c.first_sequence)).all()
    return (
        _link(document) for one in found for document in files.read(folder / one.name, one.digest)
    )


def _document(link: Link) -> dict[str, Any]:
    content = {name: _plain(value) for name, value in vars(link.content).items()}
    return {
        "sequence": link.sequence,
        "previous_hash": link.previous_hash,
        "hash": link.hash,
        **content,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _link(document: dict[str, Any]) -> Link:
    content = {name: document[name] for name in Content.__dataclass_fields__}
    content["at"] = datetime.fromisoformat(content["at"])
    for name in _UUIDS:
        content[name] = None if content[name] is None else UUID(content[name])
    return Link(
        sequence=document["sequence"],
        previous_hash=document["previous_hash"],
        hash=document["hash"],
        content=Content(**content),
    )
