"""Putting away what grew old, and bringing it back: a job every night, and commands (归档任务).

A file is written and known by its hash before a row leaves the database; rows leave a few at a
time, so that whoever saves beside it hardly waits. Whoever is killed in the midst of it is
followed by one who goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count, islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from flask import current_app

from exams.figuring import PLATFORM
from exams.services import archiving, figured
from exams.services.archiving import REST, Unit
from server.archives import files
from server.archives import services as archives
from server.archives.errors import ArchiveFailed
from server.archives.models import Archive, ArchiveKind
from server.audit import archiving as audit_archiving
from server.audit import services as audit
from server.db import db, snapshot, transaction
from server.jobs import services as jobs
from server.jobs.work import Kind, Running
from server.work import Work

#: The name of the job.
ARCHIVE: Final = "archive"

#: Attempts of one file, and those that leave or come back in one transaction.
IN_A_FILE, AT_ONCE = 5_000, 50

#: Entries of the audit of one file, which leave in one transaction: a second's work.
ENTRIES: Final = 20_000

#: How long what was brought back stays before the job puts it away again.
STAYS: Final = timedelta(days=90)

Told = Callable[[int, int], None]


def put_away(
    folder: Path, *, at: datetime, rest: timedelta = REST, most: int = IN_A_FILE, told: Told
) -> list[Archive]:
    """Put the responses of all final attempts away, file by file; return the files.

    Args:
        folder: where the files are kept.
        at: the moment.
        rest: how long after the last day of appeals responses stay at hand.
        most: attempts of one file.
        told: hears how many attempts of a file have gone.

    Raises:
        ArchiveFailed: a file cannot be written or read.
    """
    _finish(folder, at=at, told=told)
    made: list[Archive] = []
    while archive := _write(folder, at=at, rest=rest, most=most):
        _empty(archive, folder, at=at, told=told)
        made.append(archive)
    return made


def _finish(folder: Path, *, at: datetime, told: Told) -> None:
    """Go on where somebody stopped."""
    with transaction():
        archives.forget_unwritten(folder)
        waiting = [
            *archives.unfinished(ArchiveKind.RESPONSES),
            *archives.unfinished(ArchiveKind.AUDIT),
        ]
    for one in waiting:
        _empty(one, folder, at=at, told=told)


def _write(folder: Path, *, at: datetime, rest: timedelta, most: int) -> Archive | None:
    with snapshot():
        found = archiving.finals(at=at, rest=rest, limit=most)
    with transaction():
        archiving.note_emptied(found.emptied, at=at)
        if not found.attempt_ids:
            return None
        archive = archives.begin(ArchiveKind.RESPONSES, units=len(found.attempt_ids), rows=0, at=at)
    rows = count()
    with snapshot():
        lines = _spelt(archiving.units(found.attempt_ids), rows)
        written = files.write(folder / archive.name, {"kind": archive.kind}, lines)
    with transaction():
        if not written.units:
            archives.forget_unwritten(folder)
            return None
        return archives.note_written(archive.id, written, rows=next(rows))


def _spelt(units: Iterable[Unit], rows: Iterator[int]) -> Iterator[Mapping[str, Any]]:
    for attempt_id, words in units:
        for _ in words:
            next(rows)
        yield {"attempt": str(attempt_id), "words": words}


def _units(archive: Archive, folder: Path) -> Iterator[Sequence[Unit]]:
    lines = archives.lines(archive, folder)
    units = ((UUID(line["attempt"]), line["words"]) for line in lines)
    while some := list(islice(units, AT_ONCE)):
        yield some


def _empty(archive: Archive, folder: Path, *, at: datetime, told: Told) -> int:
    """Let the rows of an archive leave the database; return how many attempts, or entries."""
    if archive.kind is ArchiveKind.AUDIT:
        return _shorten(archive, folder, at=at)
    gone = 0
    for some in _units(archive, folder):
        with transaction():
            gone += archiving.take_out(archive, some)
        told(gone, archive.units)
    with transaction():
        _note(archive, "responses_archived", at=at, put_away_at=at, brought_back_at=None)
    return gone


def shorten_audit(
    folder: Path, *, at: datetime, rest: timedelta = audit_archiving.REST, most: int = ENTRIES
) -> list[Archive]:
    """Put the entries of the audit away that are older than auditors look; return the files.

    Raises:
        ArchiveFailed: the chain is broken there, or a file cannot be written.
    """
    made: list[Archive] = []
    while True:
        with transaction():
            found = audit_archiving.oldest(before=at - rest, limit=most)
            if found is None:
                return made
            entries = found.last - found.first + 1
            archive = archives.begin(
                ArchiveKind.AUDIT,
                units=entries,
                rows=entries,
                at=at,
                first_sequence=found.first,
                last_sequence=found.last,
            )
        with snapshot():
            about = {"kind": archive.kind, "first": found.first, "last": found.last}
            written = files.write(folder / archive.name, about, audit_archiving.lines(found))
        with transaction():
            archives.note_written(archive.id, written, rows=written.units)
        _shorten(archive, folder, at=at)
        made.append(archive)


def _shorten(archive: Archive, folder: Path, *, at: datetime) -> int:
    """Let a stretch of the audit leave, all of it in one transaction."""
    held = sum(1 for _ in archives.lines(archive, folder))
    with transaction():
        gone = audit_archiving.take_out(archive)
        if gone != held:
            raise ArchiveFailed(
                f"{archive.name} holds {held} entries, and {gone} would leave: nothing was done."
            )
        _note(archive, "audit_archived", at=at, put_away_at=at, brought_back_at=None)
    return gone


def bring_back(name: str, folder: Path, *, at: datetime, told: Told) -> int:
    """Bring what a file holds back into the database; return how many rows.

    Raises:
        ArchiveFailed: there is no such archive, or its file is missing or was changed.
    """
    with transaction():
        archive = archives.named(name)
    if archive.brought_back_at is not None:
        return 0
    rows = done = 0
    if archive.kind is ArchiveKind.AUDIT:
        with transaction():
            rows = audit_archiving.put_back(archive, folder)
            _note(archive, "archive_brought_back", at=at, brought_back_at=at)
        return rows
    for some in _units(archive, folder):
        with transaction():
            rows += archiving.put_back(archive, some)
        done += len(some)
        told(done, archive.units)
    with transaction():
        _note(archive, "archive_brought_back", at=at, brought_back_at=at)
    return rows


def put_away_again(name: str, folder: Path, *, at: datetime, told: Told) -> int:
    """Let what was brought back leave again, for the file it came from; return how much.

    Raises:
        ArchiveFailed: there is no such archive, or its file is missing or was changed.
    """
    with transaction():
        archive = archives.named(name)
        if archive.brought_back_at is None:
            return 0
        if archive.kind is ArchiveKind.RESPONSES:
            # Away from now on: what is half gone is not taken for the whole.
            archive.brought_back_at = archive.put_away_at = None
            db.session.flush()
    return _empty(archive, folder, at=at, told=told)


def _note(archive: Archive, action: str, *, at: datetime, **moments: datetime | None) -> None:
    found = db.session.get_one(Archive, archive.id)
    for name, moment in moments.items():
        setattr(found, name, moment)
    db.session.flush()
    audit.append(
        action,
        by=None,
        at=at,
        subject_kind="archive",
        subject_id=found.id,
        after={"name": found.name, "rows": found.rows, "sha256": found.digest},
    )


def run(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Put away all that is old enough, and again what was brought back long ago."""
    del wanted
    at, folder = running.at(), archives.folder_of(current_app.extensions["config"])
    made = put_away(folder, at=at, told=running.told)
    made += shorten_audit(folder, at=at)
    with transaction():
        old = [
            one.name
            for one in archives.every()
            if one.brought_back_at is not None and one.brought_back_at < at - STAYS
        ]
    again = [put_away_again(name, folder, at=at, told=running.told) for name in old]
    return {"files": len(made), "rows": sum(one.rows for one in made), "again": len(again)}


def ask(at: datetime) -> int:
    """Ask for the job, where none waits or runs yet; return how many were asked for."""
    with transaction():
        if figured.is_asked(ARCHIVE, by=PLATFORM):
            return 0
        jobs.ask(uuid4(), ARCHIVE, {}, by=PLATFORM, at=at)
    return 1


#: For wsgi.py.
KIND = Kind(name=ARCHIVE, run=run)
WORK = Work(
    name="ask_for_archive",
    every=timedelta(days=1),
    run=ask,
    needed=lambda _at: current_app.extensions["config"].archive_dir is not None,
)
