"""Learners by workbook: tried, entered, answered row by row (学员批量导入)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.people import documents, naming
from server.people.drafts import PersonDraft
from server.people.models import Person
from server.people.naming import Named
from server.people.services import imports, people
from server.policy import Identity
from server.sheets import cells as kinds
from server.sheets import entering, reading, workbook
from server.sheets.entering import Outcome, RowReport
from server.sheets.reading import Cells, Form, ReadRow
from server.training.models import TrainingClass
from server.training.services import classes, learners


@dataclass(frozen=True, kw_only=True)
class LearnerRow(Named):
    """One row of a sheet of learners."""

    phone: str | None = field(repr=False)
    #: The credit code of the employer; None for somebody who comes by themselves.
    employer: str | None


FORM: Form[LearnerRow] = Form(
    headings={
        **naming.HEADINGS,
        "phone": ("手机", "手机号", "手机号码", "联系电话", "电话"),
        "employer": ("统一社会信用代码", "信用代码", "单位代码", "单位信用代码"),
    },
    needed=naming.NEEDED,
    read=lambda cells: _row(cells),
    same=lambda row: row.document,
    twice=naming.TWICE,
    together=lambda row: row.document,
)


def read(content: bytes) -> Iterator[list[ReadRow[LearnerRow]]]:
    """Return the rows of a workbook of learners in batches.

    Raises:
        SheetUnreadable: it is no workbook, has no header, or too many rows.
    """
    return reading.batches(reading.read(workbook.first_sheet(content), FORM), FORM)


def enter(
    import_id: UUID,
    class_id: UUID,
    rows: Sequence[ReadRow[LearnerRow]],
    *,
    store: bool,
    by: Identity,
    at: datetime,
) -> list[RowReport]:
    """Try a batch of learners, and enter those who may have a place; nobody is entered twice.

    Somebody who is not known is registered under the provider.

    Raises:
        NotFound: the class lies outside the asker's scope.
        ClassOver: it is closed or cancelled.
    """
    found = classes.planned_by(class_id, by=by, locked=True)
    classes.check_open(found)

    def entry(number: int, row: LearnerRow) -> RowReport:
        person = imports.known_as(row)
        known = person is not None
        employer = _employer(row)
        if person is None:
            person = _register(uuid5(import_id, f"person {number}"), row, found, by=by, at=at)
        learners.place(found, person, employer.id if employer else None, by=by, at=at)
        return RowReport(row=number, outcome=Outcome.ACCEPTED, person_id=person.id, known=known)

    return entering.enter(rows, entry, store=store)


def _row(cells: Cells) -> LearnerRow:
    named = naming.read(cells)
    return LearnerRow(
        name=named.name,
        document_type=named.document_type,
        document_number=named.document_number,
        phone=cells.take("phone", kinds.text),
        employer=cells.take("employer", kinds.text),
    )


def _employer(row: LearnerRow) -> Organisation | None:
    if row.employer is None:
        return None
    found = organisations.find(row.employer.upper())
    if found is None:
        raise entering.refused(
            "employer",
            "employer_unknown",
            en="No organisation is registered under this credit code.",
            zh="该统一社会信用代码未登记。",
        )
    return found


def _register(
    person_id: UUID, row: LearnerRow, found: TrainingClass, *, by: Identity, at: datetime
) -> Person:
    draft = PersonDraft(
        name=row.name,
        registered_under_id=found.provider_id,
        document_type=row.document_type,
        document_number=documents.normalised(row.document_number),
        phone=row.phone,
    )
    return people.register(person_id, draft, by=by, at=at)
