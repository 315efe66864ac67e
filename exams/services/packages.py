"""Sealed packages: made when an exam is published, opened by who has started (密封试卷包)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import undefer

from exams import keys, sealing
from exams.keys import Closed
from exams.lifecycle import ExamState
from exams.models import Exam, Paper, PaperPackage
from exams.services import papers
from exams.services.papers import ShownPaper
from exams.services.shelves import Shelf
from server.db import db
from server.errors import NotFound

#: What a package says of a question.
_SAID = (
    "slot",
    "section",
    "kind",
    "points",
    "stem",
    "options",
    "stem_html",
    "options_html",
)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What somebody who has started needs of the package."""

    hash: str
    #: Bytes of the package.
    size: int
    key: bytes = field(repr=False)


def seal(paper_id: UUID, *, at: datetime) -> None:
    """Make the package of a paper that was drawn. It is made once and never changed."""
    seal_all([paper_id], at=at)


def seal_all(paper_ids: Sequence[UUID], *, at: datetime) -> None:
    """Make the packages of papers that were drawn, many in a few statements."""
    for begin in range(0, len(paper_ids), papers.TOGETHER):
        group = papers.shown_all(paper_ids[begin : begin + papers.TOGETHER])
        db.session.execute(insert(PaperPackage), [closed(one, at=at) for one in group])


def closed(paper: ShownPaper, *, at: datetime) -> dict[str, Any]:
    """Return the row of the package of a paper."""
    key, nonce = keys.fresh()
    sealed = sealing.seal(content(paper), key=key, nonce=nonce)
    of_key = keys.current().close(key, paper_id=paper.paper_id)
    return {
        "hash": sealed.hash,
        "paper_id": paper.paper_id,
        "size": len(sealed.content),
        "content": sealed.content,
        "key_cipher": of_key.cipher,
        "key_id": of_key.key_id,
        "sealed_at": at,
    }


def content(paper: ShownPaper) -> dict[str, object]:
    """Return what a package says: the paper as candidates see it, as plain values."""
    return {
        "format": sealing.FORMAT,
        "paper_id": str(paper.paper_id),
        "images": list(paper.images),
        "questions": [{name: getattr(one, name) for name in _SAID} for one in paper.questions],
    }


def seal_missing(*, at: datetime) -> int:
    """Make the packages of published papers that have none, of an earlier version; count them."""
    statement = (
        select(Paper.id)
        .join(Exam, Exam.id == Paper.exam_id)
        .outerjoin(PaperPackage, PaperPackage.paper_id == Paper.id)
        .where(Exam.state == ExamState.PUBLISHED, PaperPackage.hash.is_(None))
    )
    missing = list(db.session.execute(statement).scalars())
    seal_all(missing, at=at)
    return len(missing)


def get(name: str) -> PaperPackage:
    """Return a package by its hash, with its content and never with its key.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(PaperPackage, name, options=[undefer(PaperPackage.content)])
    if found is None:
        raise NotFound
    return found


def for_start(connection: Connection, paper_id: UUID) -> Opened:
    """Return the package of a paper with its key, for who has started and nobody else.

    Raises:
        NotFound: there is no package of the paper.
        PackageKeyUnreadable: its key cannot be opened with the keys in use.
    """
    return _OPENED.take(connection, paper_id)


def _read(connection: Connection, paper_id: UUID) -> Opened:
    columns = (
        PaperPackage.hash,
        PaperPackage.size,
        PaperPackage.key_cipher,
        PaperPackage.key_id,
    )
    row = connection.execute(
        select(*columns).where(PaperPackage.paper_id == paper_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    closed = Closed(key_id=row.key_id, cipher=row.key_cipher)
    key = keys.current().open(closed, paper_id=paper_id)
    return Opened(hash=row.hash, size=row.size, key=key)


_OPENED = Shelf(_read)
