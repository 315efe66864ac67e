"""The list of archives: begun, written, put away, brought back (归档清单)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from server.archives import files
from server.archives.errors import ArchiveFailed
from server.archives.files import Written
from server.archives.models import Archive, ArchiveKind
from server.config import Config
from server.db import db


def folder_of(config: Config) -> Path:
    """Return the folder of archives, made where it is missing.

    Raises:
        ArchiveFailed: nothing can be written there.
    """
    folder = config.archive_dir or config.data_dir / "archive"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveFailed(f"{folder} cannot be made: {error.strerror}.") from None
    return folder


def begin(kind: ArchiveKind, *, units: int, rows: int, at: datetime, **span: int) -> Archive:
    """Note that a file is about to be written, so that one who dies meanwhile is known."""
    made = Archive(id=uuid4(), kind=kind, units=units, rows=rows, made_at=at, **span)
    made.name = f"{kind.value}-{at:%Y%m%dT%H%M%S}-{made.id.hex[:8]}.jsonl.gz"
    db.session.add(made)
    db.session.flush()
    return made


def note_written(archive_id: UUID, written: Written, *, rows: int) -> Archive:
    """Note that the file is whole: from now on its rows may leave the database."""
    found = db.session.get_one(Archive, archive_id)
    found.units, found.rows = written.units, rows
    found.size, found.digest = written.size, written.digest
    db.session.flush()
    return found


def forget_unwritten(folder: Path) -> int:
    """Forget files in the midst of which somebody died: every row of theirs is still there."""
    found = db.session.execute(select(Archive).where(Archive.digest.is_(None))).scalars().all()
    for one in found:
        (folder / one.name).unlink(missing_ok=True)
        db.session.delete(one)
    db.session.flush()
    return len(found)


def unfinished(kind: ArchiveKind) -> Sequence[Archive]:
    """Return archives whose file is whole, and whose rows have not all left the database."""
    statement = select(Archive).where(
        Archive.kind == kind, Archive.digest.is_not(None), Archive.put_away_at.is_(None)
    )
    return db.session.execute(statement.order_by(Archive.made_at, Archive.name)).scalars().all()


def every() -> Sequence[Archive]:
    """Return all archives, the oldest first."""
    statement = select(Archive).order_by(Archive.made_at, Archive.name)
    return db.session.execute(statement).scalars().all()


def named(name: str) -> Archive:
    """Return the archive of a file.

    Raises:
        ArchiveFailed: there is none of that name.
    """
    found = db.session.execute(select(Archive).where(Archive.name == name)).scalar_one_or_none()
    if found is None:
        raise ArchiveFailed(f"No archive is called {name}: flask archive list.")
    return found


def lines(archive: Archive, folder: Path) -> Iterator[Any]:
    """Give what the file of an archive holds, once its hash was found to be right.

    Raises:
        ArchiveFailed: see `server.archives.files.read`.
    """
    return files.read(folder / archive.name, archive.digest or "")
