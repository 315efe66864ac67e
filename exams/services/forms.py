"""What starting, answering and grading know of a paper: read once, for papers never change.

Only what counts as right may change, by a regrade: then `forget_keys` is called.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select

from exams import dice, sync
from exams.drafts import MOST_FORMS
from exams.models import Exam, KeyCorrection, Paper, PaperItem
from exams.permutation import Place
from exams.regrading import Keyed, Remedy
from exams.services.shelves import Shelf
from exams.sync import Entry, Slot
from question_bank.kinds import LABELS
from question_bank.models import QuestionVersion
from server.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class Form:
    """The places of a paper without their content: all that a start and a response need."""

    places: tuple[Place, ...]
    slots: dict[int, Slot]


def form(connection: Connection, paper_id: UUID) -> Form:
    """Return the places of a paper.

    Raises:
        NotFound: there is no such paper.
    """
    return _FORMS.take(connection, paper_id)


def key_sheet(connection: Connection, paper_id: UUID) -> tuple[Keyed, ...]:
    """Return the keys of a paper, by its places, as they count now. Never leaves the server."""
    return _KEY_SHEETS.take(connection, paper_id)


def forget_keys() -> None:
    """Read the keys anew: one of them was corrected."""
    _KEY_SHEETS.clear()


def of_enrolment(connection: Connection, exam_id: UUID, enrolment_id: UUID) -> UUID:
    """Return the id of the paper that belongs to a place in a published exam, always the same."""
    papers = _PAPERS.take(connection, exam_id)
    return papers[dice.lot(b"form of an enrolment", enrolment_id.bytes) % len(papers)]


def chosen_labels(entry: Entry | None) -> frozenset[str]:
    """Return what was chosen in a slot as the labels that marking compares."""
    return frozenset() if entry is None else labels(sync.options(entry.chosen))


def labels(options: list[int]) -> frozenset[str]:
    """Return options of the form as labels."""
    return frozenset(LABELS[option] for option in options)


def _read_form(connection: Connection, paper_id: UUID) -> Form:
    layout = connection.execute(
        select(Paper.layout).where(Paper.id == paper_id)
    ).scalar_one_or_none()
    if layout is None:
        raise NotFound
    places = tuple(
        _place(slot, section, count, movable)
        for slot, (section, count, movable, _many) in enumerate(layout, start=1)
    )
    slots = {
        slot: _slot(count, bool(many))
        for slot, (_section, count, _movable, many) in enumerate(layout, start=1)
    }
    return Form(places=places, slots=slots)


@cache
def _place(slot: int, section: int, count: int, movable: int) -> Place:
    """Return a place; forms share the few there are, so that thousands take little room."""
    return Place(slot=slot, section=section, option_count=count, movable_count=movable)


@cache
def _slot(option_count: int, many: bool) -> Slot:
    return Slot(option_count=option_count, many=many)


def read_key_sheet(
    connection: Connection,
    paper_id: UUID,
    *,
    without: UUID | None = None,
    corrected: bool = True,
) -> tuple[Keyed, ...]:
    """Return the keys of a paper as the database has them at this moment.

    Args:
        connection: over which they are read.
        paper_id: the paper.
        without: a regrade whose correction is left out.
        corrected: whether corrections count at all; without them it is as it was asked.
    """
    statement = (
        select(
            PaperItem.slot,
            PaperItem.points,
            PaperItem.option_order,
            PaperItem.version_id,
            QuestionVersion.kind,
            QuestionVersion.options,
            QuestionVersion.key,
        )
        .join(QuestionVersion, QuestionVersion.id == PaperItem.version_id)
        .where(PaperItem.paper_id == paper_id)
        .order_by(PaperItem.slot)
    )
    rows = connection.execute(statement).all()
    found = _corrections(connection, paper_id, without) if corrected else {}
    return tuple(keyed(row, found.get(row.version_id)) for row in rows)


def keyed(row: Row[Any], correction: tuple[Remedy, list[str]] | None) -> Keyed:
    """Return a place of a paper with what counts as right there: as asked, or as corrected."""
    remedy, key = correction or (None, row.key)
    right = [
        place
        for place, written in enumerate(row.option_order)
        if row.options[written]["label"] in (key or row.key)
    ]
    return Keyed(slot=row.slot, points=row.points, kind=row.kind, key=labels(right), remedy=remedy)


def _corrections(
    connection: Connection, paper_id: UUID, without: UUID | None
) -> dict[UUID, tuple[Remedy, list[str]]]:
    """Return the correction that counts for each version of a paper that has any."""
    asked = select(PaperItem.version_id).where(PaperItem.paper_id == paper_id)
    statement = select(KeyCorrection.version_id, KeyCorrection.remedy, KeyCorrection.key).where(
        KeyCorrection.version_id.in_(asked)
    )
    if without is not None:
        statement = statement.where(KeyCorrection.regrade_id != without)
    ordered = statement.order_by(KeyCorrection.effective_at, KeyCorrection.regrade_id)
    return {row.version_id: (row.remedy, row.key) for row in connection.execute(ordered)}


def _read_papers(connection: Connection, exam_id: UUID) -> tuple[UUID, ...]:
    # Without those that were drawn for somebody later: they would move everybody's place.
    statement = (
        select(Paper.id)
        .join(Exam, Exam.id == Paper.exam_id)
        .where(Paper.exam_id == exam_id, Paper.form <= Exam.form_count)
        .order_by(Paper.form)
    )
    return tuple(connection.execute(statement).scalars())


#: As many as the largest exam has: every word that a phone sends asks for its form. Some 6 kB each.
_FORMS = Shelf(_read_form, most=MOST_FORMS)
_PAPERS = Shelf(_read_papers)
_KEY_SHEETS = Shelf(read_key_sheet)
