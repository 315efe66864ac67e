"""Imports (导入): a file's report first, its questions when it is accepted.

A preview stores its report and no question. Accepting writes the drafts of the report, after
looking into the bank once more, so that two imports of one file create nothing twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from question_bank import reading
from question_bank.errors import ImportAlreadyAccepted, ImportHasRefusals
from question_bank.importing.drafts import ACCEPTED, Outcome, Report, RowReport, SheetReport
from question_bank.importing.reasons import Reason
from question_bank.importing.sheets import read_sheets
from question_bank.models import (
    ImportState,
    QuestionBank,
    QuestionImport,
    QuestionImportRow,
)
from question_bank.services import banks, stock
from question_bank.services.questions import check_items
from question_bank.tags import Tag
from server import days
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.paging import Page, page
from server.policy import EVERYWHERE, Identity, Permission, Scope

#: Outcomes of rows that become new questions.
CREATING = tuple(sorted(ACCEPTED))


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


@dataclass(frozen=True, kw_only=True)
class ReadFile:
    """A file that was read: what became of its rows, and which file it was."""

    report: Report
    sha256: str
    name: str | None


def read(content: bytes, *, name: str | None = None) -> ReadFile:
    """Read a file, touching no database: it takes the time it takes outside any transaction.

    Raises:
        FileTooLarge, TooManyRows, FormatUnknown, FileUnsafe, FileDamaged: see `reading.read`.
    """
    report = read_sheets(reading.read(content).sheets)
    return ReadFile(report=report, sha256=hashlib.sha256(content).hexdigest(), name=name)


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

    Rows whose question the bank holds already are reported as duplicates. Sending the same file
    on the same terms again returns the report that stands.

    Raises:
        NotFound: the bank lies outside the asker's scope.
        OperationItemUnknown: the catalogue of the day has no such item.
        IdTaken: another file, or other terms, stand under this id.
    """
    bank = banks.get(bank_id, scope=by.scope(Permission.WRITE_QUESTIONS))
    known = db.session.get(QuestionImport, import_id)
    if known is not None:
        same = (known.bank_id, known.file_sha256, known.terms, known.author_id)
        if same != (bank_id, file.sha256, terms.as_json(), by.person_id):
            raise IdTaken
        return known
    check_items(terms.tags, on=days.civil_day(at))
    rows = _rows(import_id, file.report, stock.of(bank.id), terms)
    kept = QuestionImport(
        id=import_id,
        bank_id=bank.id,
        author_id=by.person_id,
        state=ImportState.PREVIEWED,
        file_name=file.name,
        file_sha256=file.sha256,
        terms=terms.as_json(),
        counts=_counts(rows, file.report),
        sheets=[_sheet(sheet) for sheet in file.report.sheets],
        previewed_at=at,
        created_count=0,
    )
    db.session.add(kept)
    db.session.flush()
    if rows:
        db.session.execute(insert(QuestionImportRow), rows)
    _tell("question_import_previewed", kept, by=by, at=at)
    return kept


def accept(import_id: UUID, *, accepted_only: bool, by: Identity, at: datetime) -> QuestionImport:
    """Write the questions of an import as drafts of who accepts it.

    Args:
        import_id: a previewed import.
        accepted_only: leave refused rows aside; otherwise one refused row or sheet refuses all.
        by: becomes the author of the questions.
        at: the moment of writing.

    Raises:
        NotFound: the import lies outside the asker's scope.
        ImportHasRefusals: something was refused, and all or nothing was asked for.
        ImportAlreadyAccepted: it was accepted before on other terms.
    """
    found = get(import_id, scope=by.scope(Permission.WRITE_QUESTIONS), lock=True)
    if found.state is ImportState.ACCEPTED:
        if found.accepted_only is not accepted_only:
            raise ImportAlreadyAccepted
        return found
    refused = found.counts[Outcome.REFUSED.value] + found.counts["refused_sheets"]
    if refused and not accepted_only:
        raise ImportHasRefusals(count=refused)
    added = stock.add(found, by=by, at=at)
    found.state, found.accepted_at = ImportState.ACCEPTED, at
    found.accepted_only, found.created_count = accepted_only, len(added.created)
    _settle_rows(found, added)
    db.session.flush()
    _tell("question_import_accepted", found, by=by, at=at)
    return found


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


def _rows(
    import_id: UUID, report: Report, known: stock.Stock, terms: Terms
) -> list[dict[str, Any]]:
    return [_row(import_id, place, row, known, terms) for place, row in enumerate(report.rows, 1)]


def _row(
    import_id: UUID, place: int, row: RowReport, known: stock.Stock, terms: Terms
) -> dict[str, Any]:
    outcome, reasons = row.outcome, row.reasons
    question_id = known.holder(row.draft)
    if question_id is not None and outcome in ACCEPTED:
        outcome = Outcome.DUPLICATE
        missing = known.missing_tags(question_id, terms.tags)
        reasons = (*reasons, Reason("tags_added" if missing else "already_in_bank"))
    return {
        "import_id": import_id,
        "place": place,
        "sheet": row.sheet,
        "row": row.row,
        "outcome": outcome,
        "reasons": _as_json(reasons),
        "excerpt": row.excerpt,
        "draft": None if row.draft is None else stock.draft_json(row.draft, topic=terms.topic),
        "question_id": question_id,
    }


def _as_json(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    return [{"code": said.code, "facts": dict(said.facts)} for said in reasons]


def _sheet(sheet: SheetReport) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "row_count": len(sheet.rows),
        "reasons": _as_json(sheet.reasons),
        "refused": sheet.is_refused,
    }


def _counts(rows: Sequence[dict[str, Any]], report: Report) -> dict[str, int]:
    counts = {outcome.value: 0 for outcome in Outcome}
    counts["refused_sheets"] = sum(sheet.is_refused for sheet in report.sheets)
    for row in rows:
        counts[row["outcome"].value] += 1
    return counts


def _settle_rows(found: QuestionImport, added: stock.Added) -> None:
    """Say at each row which question it became; a row that lost a race became a duplicate."""
    changes = [
        {"import_id": found.id, "place": place, "question_id": question_id}
        for place, question_id in {**added.created, **added.known}.items()
    ]
    if changes:
        db.session.execute(update(QuestionImportRow), changes)
    if added.late:
        counts = dict(found.counts)
        for outcome in added.late.values():
            counts[outcome.value] -= 1
            counts[Outcome.DUPLICATE.value] += 1
        found.counts = counts
        db.session.execute(
            update(QuestionImportRow),
            [
                {"import_id": found.id, "place": place, "outcome": Outcome.DUPLICATE}
                for place in added.late
            ],
        )


def _tell(action: str, found: QuestionImport, *, by: Identity, at: datetime) -> None:
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
