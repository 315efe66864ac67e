"""Every row of a sheet is tried by itself, entered where it may be, and answered (逐行办理)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from server.db import db
from server.errors import DomainError, Message
from server.sheets.reading import Complaint, ReadRow, Row


class Outcome(StrEnum):
    """What became of a row, or would become of it."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class RowReport:
    """What became of one row."""

    #: The row as the spreadsheet numbers it.
    row: int
    outcome: Outcome
    #: Who was entered or recognised; None where the row was refused.
    person_id: UUID | None = None
    #: Whether the person was known before.
    known: bool = False
    complaints: Sequence[Complaint] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """What became of a sheet."""

    #: Whether anything was entered; False for a trial.
    stored: bool
    accepted_count: int
    refused_count: int
    rows: Sequence[RowReport]


class RowRefused(Exception):
    """A row that cannot be entered, and what is wrong with it."""

    def __init__(self, complaint: Complaint) -> None:
        super().__init__(complaint.code)
        self.complaint = complaint


def refused(field: str | None, code: str, *, en: str, zh: str) -> RowRefused:
    """Return the refusal of a row."""
    complaint = Complaint(field=field, code=code, message=Message(en=en, zh=zh))
    return RowRefused(complaint)


#: Enters those rows of a batch, by their numbers, that can be entered together; leaves out others.
Together = Callable[[Mapping[int, Row]], Mapping[int, RowReport]]


def enter(
    rows: Sequence[ReadRow[Row]],
    entry: Callable[[int, Row], RowReport],
    *,
    store: bool,
    together: Together[Row] | None = None,
) -> list[RowReport]:
    """Enter the rows of a batch: what can be together, the others each in a savepoint of its own.

    One that is refused leaves nothing behind and stops no other.

    Args:
        rows: a batch.
        entry: enters one row, given its number; refuses by `RowRefused` or a `DomainError`.
        store: False tries only, with the same report, and leaves nothing behind.
        together: enters the plain ones of them in a few statements; where it fails, each is
            tried by itself.
    """
    trial = None if store else db.session.begin_nested()
    entered = _entered_together(rows, together) if together is not None else {}
    reports = [entered.get(one.number) or _try(one, entry) for one in rows]
    if trial is not None:
        trial.rollback()
    return reports if store else [_forget_new(report) for report in reports]


def _entered_together(
    rows: Sequence[ReadRow[Row]], together: Together[Row]
) -> Mapping[int, RowReport]:
    sound = {one.number: one.row for one in rows if one.row is not None}
    try:
        with db.session.begin_nested():
            return together(sound)
    except (DomainError, IntegrityError):
        # One of them cannot be, or somebody else entered it just now: which, each says by itself.
        return {}


def summed_up(reports: Iterable[RowReport], *, stored: bool) -> Report:
    """Return the report on a whole sheet, in the order of its rows."""
    rows = sorted(reports, key=lambda report: report.row)
    accepted = sum(report.outcome is Outcome.ACCEPTED for report in rows)
    return Report(
        stored=stored,
        accepted_count=accepted,
        refused_count=len(rows) - accepted,
        rows=rows,
    )


def _try(read: ReadRow[Row], entry: Callable[[int, Row], RowReport]) -> RowReport:
    if read.row is None:
        return RowReport(row=read.number, outcome=Outcome.REFUSED, complaints=read.complaints)
    try:
        with db.session.begin_nested():
            return entry(read.number, read.row)
    except RowRefused as refused:
        complaint = refused.complaint
    except DomainError as refusal:
        complaint = Complaint(field=None, code=refusal.code, message=refusal.message)
    return RowReport(row=read.number, outcome=Outcome.REFUSED, complaints=[complaint])


def _forget_new(report: RowReport) -> RowReport:
    return report if report.known else replace(report, person_id=None)
