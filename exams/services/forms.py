"""What starting, answering and grading know of a paper: read once, for papers never change."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from exams import dice, sync
from exams.models import Paper, PaperItem
from exams.permutation import Place
from exams.services.shelves import Shelf
from exams.sync import Entry, Slot
from question_bank.kinds import LABELS, Kind
from question_bank.models import QuestionVersion
from server.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class Form:
    """The places of a paper without their content: all that a start and a response need."""

    places: tuple[Place, ...]
    slots: dict[int, Slot]


@dataclass(frozen=True, kw_only=True)
class KeyedSlot:
    """What grading needs of one place. Never leaves the server."""

    slot: int
    points: int
    kind: Kind
    #: Labels of the right options, labelled by their place on the form.
    key: frozenset[str]


def form(connection: Connection, paper_id: UUID) -> Form:
    """Return the places of a paper.

    Raises:
        NotFound: there is no such paper.
    """
    return _FORMS.take(connection, paper_id)


def key_sheet(connection: Connection, paper_id: UUID) -> tuple[KeyedSlot, ...]:
    """Return the keys of a paper, by its places."""
    return _KEY_SHEETS.take(connection, paper_id)


def of_enrolment(connection: Connection, exam_id: UUID, enrolment_id: UUID) -> UUID:
    """Return the id of the paper that belongs to a place in a published exam, always the same."""
    papers = _PAPERS.take(connection, exam_id)
    return papers[dice.lot(b"form of an enrolment", enrolment_id.bytes) % len(papers)]


def chosen_labels(entry: Entry | None) -> frozenset[str]:
    """Return what was chosen in a slot as the labels that marking compares."""
    return frozenset() if entry is None else _labels(sync.options(entry.chosen))


def _labels(options: list[int]) -> frozenset[str]:
    return frozenset(LABELS[option] for option in options)


def _read_form(connection: Connection, paper_id: UUID) -> Form:
    layout = connection.execute(
        select(Paper.layout).where(Paper.id == paper_id)
    ).scalar_one_or_none()
    if layout is None:
        raise NotFound
    places = tuple(
        Place(slot=slot, section=section, option_count=count, movable_count=movable)
        for slot, (section, count, movable, _many) in enumerate(layout, start=1)
    )
    slots = {
        slot: Slot(option_count=count, many=bool(many))
        for slot, (_section, count, _movable, many) in enumerate(layout, start=1)
    }
    return Form(places=places, slots=slots)


def _read_key_sheet(connection: Connection, paper_id: UUID) -> tuple[KeyedSlot, ...]:
    statement = (
        select(
            PaperItem.slot,
            PaperItem.points,
            PaperItem.option_order,
            QuestionVersion.kind,
            QuestionVersion.options,
            QuestionVersion.key,
        )
        .join(QuestionVersion, QuestionVersion.id == PaperItem.version_id)
        .where(PaperItem.paper_id == paper_id)
        .order_by(PaperItem.slot)
    )
    return tuple(
        KeyedSlot(
            slot=row.slot,
            points=row.points,
            kind=row.kind,
            key=_labels(
                [
                    place
                    for place, written in enumerate(row.option_order)
                    if row.options[written]["label"] in row.key
                ]
            ),
        )
        for row in connection.execute(statement)
    )


def _read_papers(connection: Connection, exam_id: UUID) -> tuple[UUID, ...]:
    statement = select(Paper.id).where(Paper.exam_id == exam_id).order_by(Paper.form)
    return tuple(connection.execute(statement).scalars())


_FORMS = Shelf(_read_form)
_PAPERS = Shelf(_read_papers)
_KEY_SHEETS = Shelf(_read_key_sheet)
