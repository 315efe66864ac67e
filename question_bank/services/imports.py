"""Imports (导入): a file's report first, its questions when it is accepted.

A preview stores its report and no question. Accepting writes the drafts of the report, after
looking into the bank once more, so that two imports of one file create nothing twice. What is long
is done by a job (`question_bank.services.import_jobs`); the import says which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from question_bank.errors import (
    ImportAlreadyAccepted,
    ImportNotReady,
    MappingUnfit,
)
from question_bank.importing.drafts import ACCEPTED, Outcome
from question_bank.models import (
    ImportState,
    QuestionBank,
    QuestionImport,
    QuestionImportRow,
)
from question_bank.services import banks, images, import_files, stock
from question_bank.services.import_files import Found, ReadFile
from question_bank.services.questions import check_items
from question_bank.tags import Tag
from server import days
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.jobs import services as jobs
from server.jobs.models import UNFINISHED, Job
from server.paging import Page, page
from server.policy import Identity, Permission
from server.scopes import EVERYWHERE, Scope

#: Outcomes of rows that become new questions.
CREATING = tuple(sorted(ACCEPTED))

#: Names of the two kinds of job.
READING, ACCEPTING = "question_import_reading", "question_import_acceptance"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the rows of a file become: whom they serve, in which pools, under which topic."""

    tags: tuple[Tag, ...]
    for_practice: bool = True
    for_exams: bool = True
    #: Topic of rows that name none.
    topic: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the terms as they are stored."""
        return {
            "serves": [[tag.role.value, tag.operation_item] for tag in self.tags],
            "for_practice": self.for_practice,
            "for_exams": self.for_exams,
            "topic": self.topic,
        }


def preview(
    import_id: UUID,
    file: ReadFile,
    *,
    bank_id: UUID,
    terms: Terms,
    by: Identity,
    at: datetime,
) -> QuestionImport:
    """Keep the report on a file under the id given; no question is written yet.

    A large file is kept and read by a job. Rows whose question the bank holds already are reported
    as duplicates. Sending the same file on the same terms again returns the report that stands.

    Raises:
        NotFound: the bank lies outside the asker's scope.
        NotInPool: the region keeps a pool of authors, and the asker is not of it.
        OperationItemUnknown: the catalogue of the day has no such item.
        IdTaken: another file, or other terms, stand under this id.
        TooManyJobs: the asker has too much long work waiting.
    """
    bank = banks.get(bank_id, scope=by.scope(Permission.WRITE_QUESTIONS))
    known = db.session.get(QuestionImport, import_id)
    if known is not None:
        same = (known.bank_id, known.file_sha256, known.terms, known.author_id)
        if same != (bank_id, file.sha256, terms.as_json(), by.person_id):
            raise IdTaken
        if known.state is ImportState.READING:
            ask(known, READING, by=by, at=at)
        return known
    banks.check_author(bank, by=by, at=at)
    check_items(terms.tags, on=days.civil_day(at))
    kept = QuestionImport(
        id=import_id,
        bank_id=bank.id,
        author_id=by.person_id,
        state=ImportState.READING,
        file_name=file.name,
        file_sha256=file.sha256,
        terms=terms.as_json(),
        choices={},
        asked=[],
        counts=no_counts(),
        sheets=[],
        previewed_at=at,
        created_count=0,
    )
    db.session.add(kept)
    db.session.flush()
    import_files.keep(import_id, file.content)
    _read_or_ask(kept, file.found, by=by, at=at)
    return kept


def reread(
    import_id: UUID,
    choices: Mapping[str, Any],
    found: Found | None,
    *,
    by: Identity,
    at: datetime,
) -> QuestionImport:
    """Read the file of a previewed import anew, with what was said of it.

    Args:
        import_id: the import.
        choices: meanings and columns, see `question_bank.reading.choices_of`.
        found: what reading it so found; None where a job is to read it.
        by: who said it.
        at: the moment of saying.

    Raises:
        NotFound: the import lies outside the asker's scope.
        ImportAlreadyAccepted: its questions were written.
        ImportNotReady: it is being accepted.
    """
    kept = get(import_id, scope=by.scope(Permission.WRITE_QUESTIONS), lock=True)
    if kept.state is ImportState.ACCEPTED:
        raise ImportAlreadyAccepted
    if kept.state is not ImportState.PREVIEWED:
        raise ImportNotReady
    kept.choices, kept.state = dict(choices), ImportState.READING
    import_files.forget_rows(import_id)
    _read_or_ask(kept, found, by=by, at=at)
    return kept


def to_reread(import_id: UUID, choices: Mapping[str, Any], *, by: Identity) -> bytes:
    """Return the file of an import that is to be read with what was said of it.

    Raises:
        NotFound: the import lies outside the asker's scope.
        MappingUnfit: it has no such sheet.
        ImportFileGone: the file was let go.
    """
    kept = get(import_id, scope=by.scope(Permission.WRITE_QUESTIONS))
    names = {sheet["name"] for sheet in kept.sheets}
    for name in choices["layouts"]:
        if name not in names:
            raise MappingUnfit(what=name)
    return import_files.content_of(import_id)


def _read_or_ask(kept: QuestionImport, found: Found | None, *, by: Identity, at: datetime) -> None:
    if found is None:
        ask(kept, READING, by=by, at=at)
        return
    counts = no_counts()
    for values in import_files.values_of(found, kept, stock.of(kept.bank_id)):
        import_files.insert_rows(values)
        count_outcomes(counts, values)
    settle(kept, found, counts, by=by, at=at)


def no_counts() -> dict[str, int]:
    """Return the counts of a report that has no rows yet."""
    return {**{outcome.value: 0 for outcome in Outcome}, "refused_sheets": 0}


def forget(import_id: UUID) -> None:
    """Remove an import whose file turned out to be unreadable, and everything of it."""
    import_files.forget(import_id)
    db.session.execute(delete(QuestionImport).where(QuestionImport.id == import_id))


def count_outcomes(counts: dict[str, int], values: Any) -> None:
    """Add the outcomes of some rows to the counts."""
    for row in values:
        counts[row["outcome"].value] += 1


def settle(
    kept: QuestionImport, found: Found, counts: dict[str, int], *, by: Identity, at: datetime
) -> None:
    """Put the report of an import together, once its rows are stored."""
    images.keep(found.images, at=at)
    kept.format, kept.asked, kept.sheets = found.format, found.asked, found.sheets
    kept.counts = {**counts, "refused_sheets": sum(sheet["refused"] for sheet in found.sheets)}
    kept.state, kept.previewed_at = ImportState.PREVIEWED, at
    db.session.flush()
    tell("question_import_previewed", kept, by=by, at=at)


def get(import_id: UUID, *, scope: Scope = EVERYWHERE, lock: bool = False) -> QuestionImport:
    """Return the import.

    Raises:
        NotFound: there is none within the scope.
    """
    statement = (
        select(QuestionImport)
        .join(QuestionBank, QuestionBank.id == QuestionImport.bank_id)
        .where(QuestionImport.id == import_id, banks.owned_within(scope))
    )
    if lock:
        statement = statement.with_for_update(of=QuestionImport)
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def rows_of(
    import_id: UUID,
    *,
    scope: Scope,
    outcome: Outcome | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the rows of an import, in the order of the file.

    Raises:
        NotFound: there is no such import within the scope.
    """
    get(import_id, scope=scope)
    statement = select(QuestionImportRow).where(QuestionImportRow.import_id == import_id)
    if outcome is not None:
        statement = statement.where(QuestionImportRow.outcome == outcome)
    return page(statement, [QuestionImportRow.place], cursor=cursor, limit=limit)


def ask(kept: QuestionImport, kind: str, *, by: Identity, at: datetime) -> None:
    """Have a job do it, unless one is at it; one that was stopped or failed is replaced."""
    known = None if kept.job_id is None else db.session.get(Job, kept.job_id)
    if known is not None and known.kind == kind and known.state in UNFINISHED:
        return
    wanted = {"import_id": str(kept.id), "person_id": str(by.person_id)}
    kept.job_id = jobs.ask(uuid4(), kind, wanted, by=by, at=at).id
    db.session.flush()


def tell(action: str, found: QuestionImport, *, by: Identity, at: datetime) -> None:
    """Tell the audit what was done with an import."""
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="question_import",
        subject_id=found.id,
        after={
            "bank_id": str(found.bank_id),
            "file_sha256": found.file_sha256[:12],
            "counts": found.counts,
            "created": found.created_count,
        },
    )
