"""Files of imports: read in a process of their own, their rows kept as a report (导入文件)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import undefer

from question_bank import reading
from question_bank.errors import ImportFileGone
from question_bank.formats import packages
from question_bank.formats.files import MOST_BYTES
from question_bank.importing.drafts import ACCEPTED, Outcome
from question_bank.models import (
    ImportState,
    QuestionImport,
    QuestionImportFile,
    QuestionImportRow,
)
from question_bank.services import images, stock
from question_bank.services.images import Seen
from question_bank.services.piles import Pile
from question_bank.tags import Tag
from server import confined
from server.confined import Bounds
from server.db import db
from server.people.roster import PostRole

#: Bytes up to which a file is read while who sent it waits; larger ones become a job.
MOST_AT_ONCE = 300_000
#: Rows up to which a report is written while who sent the file waits: a small file may hold many.
MOST_ROWS_AT_ONCE = 5_000

#: How long the file of an import is kept, so that it can be read anew and given back.
FILES_STAY = timedelta(days=30)

#: What reading a file may use: within a request, and in a job.
AT_ONCE = Bounds(memory=160_000_000, seconds=10)
IN_A_JOB = Bounds(memory=200_000_000, seconds=60)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the reading of a file found."""

    format: str
    sheets: list[dict[str, Any]]
    #: Codes of what is asked of who brought the file.
    asked: list[str]
    images: list[Seen] = field(repr=False)
    #: Rows as plain values, see `question_bank.reading`.
    rows: Pile[dict[str, Any]] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ReadFile:
    """A file that was looked at: a large one is known to be sound, a small one was read."""

    content: bytes = field(repr=False)
    sha256: str
    name: str | None
    found: Found | None


def look(content: bytes, *, name: str | None = None) -> ReadFile:
    """Look at a file, touching no database: read a small one, see whether a large one can be read.

    Raises:
        FileTooLarge, TooManyRows, FormatUnknown, FileUnsafe, FileDamaged: see `reading.read`.
        OutOfBounds: it takes more memory or time than anybody is given.
    """
    if len(content) > MOST_BYTES:
        packages.refuse_size()
    found = None
    if len(content) <= MOST_AT_ONCE:
        found = _short(read(content, {}, bounds=AT_ONCE))
    else:
        list(confined.run(reading.check, content, {}, bounds=AT_ONCE))
    sha256 = hashlib.sha256(content).hexdigest()
    return ReadFile(content=content, sha256=sha256, name=name, found=found)


def look_again(content: bytes, choices: Mapping[str, Any]) -> Found | None:
    """Read the kept file of an import with what was said of it; None where a job is to do it."""
    if len(content) > MOST_AT_ONCE:
        return None
    return _short(read(content, choices, bounds=AT_ONCE))


def _short(found: Found) -> Found | None:
    """Return what was found where it is written down quickly; None where a job is to do it."""
    return found if len(found.rows) <= MOST_ROWS_AT_ONCE else None


def read(content: bytes, choices: Mapping[str, Any], *, bounds: Bounds) -> Found:
    """Read a file in a process of its own.

    Args:
        content: the file.
        choices: what was said of it, see `reading.choices_of`.
        bounds: what the reading may use.

    Raises:
        FileTooLarge, TooManyRows, FormatUnknown, FileUnsafe, FileDamaged: see `reading.read`.
        OutOfBounds: it takes more memory or time than it is given.
    """
    said = confined.run(reading.report, content, choices, bounds=bounds)
    head = next(said)
    shown: list[Seen] = []
    rows: Pile[dict[str, Any]] = Pile()
    for one in said:
        if "image" in one:
            shown.append(images.seen(one))
        else:
            rows.add(one)
    return Found(
        format=head["format"],
        sheets=head["sheets"],
        asked=head["asked"],
        images=shown,
        rows=rows,
    )


def keep(import_id: UUID, content: bytes) -> None:
    """Keep the file of an import."""
    db.session.add(QuestionImportFile(import_id=import_id, content=content))
    db.session.flush()


def content_of(import_id: UUID) -> bytes:
    """Return the file of an import.

    Raises:
        ImportFileGone: it was let go.
    """
    content = find_content(import_id)
    if content is None:
        raise ImportFileGone(days=FILES_STAY.days)
    return content


def find_content(import_id: UUID) -> bytes | None:
    """Return the file of an import; None where it was let go."""
    whole = [undefer(QuestionImportFile.content)]
    found = db.session.get(QuestionImportFile, import_id, options=whole)
    return None if found is None else found.content


def sweep(*, at: datetime) -> int:
    """Let go of the files of imports that were read long ago; return how many.

    Their reports stay. What is being read or accepted now keeps its file.
    """
    old = select(QuestionImport.id).where(
        QuestionImport.previewed_at < at - FILES_STAY,
        QuestionImport.state.in_((ImportState.PREVIEWED, ImportState.ACCEPTED)),
    )
    gone = delete(QuestionImportFile).where(QuestionImportFile.import_id.in_(old))
    return int(db.session.execute(gone).rowcount)  # type: ignore[attr-defined]  # of a DELETE


def forget_rows(import_id: UUID) -> None:
    """Remove the report of an import, for another takes its place."""
    db.session.execute(delete(QuestionImportRow).where(QuestionImportRow.import_id == import_id))


def forget(import_id: UUID) -> None:
    """Remove the file of an import and its report."""
    forget_rows(import_id)
    files = delete(QuestionImportFile).where(QuestionImportFile.import_id == import_id)
    db.session.execute(files)


def values_of(
    found: Found, kept: QuestionImport, known: stock.Stock
) -> Iterator[Sequence[dict[str, Any]]]:
    """Yield the rows of a report as they are stored, some at a time; their outcomes are settled.

    Rows whose question the bank holds already become duplicates. What was found is used up.
    """
    tags = [Tag(PostRole(role), item) for role, item in kept.terms["serves"]]
    topic = kept.terms["topic"]
    place = 1
    for some in found.rows.taken():
        yield [
            _values(kept.id, number, row, known, tags, topic)
            for number, row in enumerate(some, place)
        ]
        place += len(some)


def insert_rows(values: Iterable[Mapping[str, Any]]) -> None:
    """Store rows of a report."""
    db.session.execute(insert(QuestionImportRow), list(values))


def _values(
    import_id: UUID,
    place: int,
    row: dict[str, Any],
    known: stock.Stock,
    tags: Sequence[Tag],
    topic: str | None,
) -> dict[str, Any]:
    outcome, reasons, draft = Outcome(row["outcome"]), row["reasons"], row["draft"]
    question_id = known.holder(row["fingerprint"])
    if question_id is not None and outcome in ACCEPTED:
        outcome = Outcome.DUPLICATE
        missing = known.missing_tags(question_id, tags)
        code = "tags_added" if missing else "already_in_bank"
        reasons = [*reasons, {"code": code, "facts": {}}]
    if draft is not None and draft["topic"] is None:
        draft = {**draft, "topic": topic}
    return {
        "import_id": import_id,
        "place": place,
        "sheet": row["sheet"],
        "row": row["row"],
        "outcome": outcome,
        "reasons": reasons,
        "excerpt": row["excerpt"],
        "draft": draft,
        "question_id": question_id,
    }
