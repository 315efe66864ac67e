"""Booklets: which paper is printed for whom, and in which order (纸质试卷的编排).

The order of a booklet is decided by its form and, where it is a candidate's own, by the place: so
it can be printed again after years, and what stands on its answer sheet can be read back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from exams import dice, permutation
from exams.models import Candidature, Enrolment, Exam, Paper, PaperItem
from exams.paper_errors import BookletUnknown
from exams.permutation import Order
from exams.services import forms, papers
from server.db import db
from server.people.models import Person

#: What stands on a booklet: the form, and for a candidate's own the beginning of the place.
_LABEL = re.compile(r"([1-9][0-9]{0,2})(?:-([0-9a-f]{8}))?")


@dataclass(frozen=True, kw_only=True)
class Booklet:
    """A paper in the order in which it is printed."""

    #: What names it on the page and in its code.
    label: str
    paper: Paper
    order: Order
    #: The chance that made the order, in hexadecimal digits.
    seed: str = ""
    #: Whose it is; empty where it is printed for a form.
    name: str = ""
    #: Room and seat, and the number of the admission ticket; empty where there is none.
    seat: str = ""
    ticket: str = ""


def of_forms(exam: Exam) -> list[Booklet]:
    """Return a booklet for each form, in the order of the form."""
    return [_of_form(paper) for paper in papers.of(exam.id)]


def of_candidates(exam: Exam) -> list[Booklet]:
    """Return a booklet for each place, by room and seat."""
    connection = db.session.connection()
    drawn = {paper.id: paper for paper in papers.of(exam.id)}
    seats = {
        one.id: one
        for one in db.session.scalars(select(Candidature).where(Candidature.sitting_id == exam.id))
    }
    statement = (
        select(Enrolment, Person.name)
        .join(Person, Person.id == Enrolment.candidate_id)
        .where(Enrolment.exam_id == exam.id, Enrolment.withdrawn_at.is_(None))
    )
    made = []
    for place, name in db.session.execute(statement):
        if place.accepted:
            paper_id = place.paper_id or forms.of_enrolment(connection, exam.id, place.id)
            seated = seats.get(place.id)
            booklet = _of_place(drawn[paper_id], place, name=name, seated=seated)
            made.append((_by_seat(place, seated), booklet))
    return [booklet for _, booklet in sorted(made, key=lambda one: one[0])]


def _by_seat(place: Enrolment, seated: Candidature | None) -> tuple[str, int, int, bytes]:
    """Order places as an invigilator hands booklets out: by room, row and seat."""
    row, column = (seated.seat_row, seated.seat_column) if seated else (0, 0)
    return place.room, row or 0, column or 0, place.id.bytes


def find(label: str, place: Enrolment) -> Booklet:
    """Return the booklet that a label names, for a place in its exam.

    A place may have sat by its own booklet, printed when another form was meant for it, or by one
    that was printed for a form.

    Raises:
        BookletUnknown: the exam has no such form, or it is somebody else's booklet.
    """
    found = _LABEL.fullmatch(label)
    paper = None
    if found is not None:
        statement = select(Paper).where(Paper.exam_id == place.exam_id, Paper.form == int(found[1]))
        paper = db.session.execute(statement).scalar_one_or_none()
    if found is None or paper is None or found[2] not in (None, place.id.hex[:8]):
        raise BookletUnknown(label=label[:20])
    return _of_form(paper) if found[2] is None else _of_place(paper, place)


def _of_form(paper: Paper) -> Booklet:
    places = forms.form(db.session.connection(), paper.id).places
    straight = Order(
        slots=tuple(place.slot for place in places),
        options={place.slot: tuple(range(place.option_count)) for place in places},
    )
    return Booklet(label=f"{paper.form}", paper=paper, order=straight, seed=bytes(16).hex())


def _of_place(
    paper: Paper, place: Enrolment, *, name: str = "", seated: Candidature | None = None
) -> Booklet:
    numbers = dice.draws(bytes.fromhex(paper.seed), f"printed for {place.id}", 2)
    own = b"".join(number.to_bytes(8, "big") for number in numbers)
    form = forms.form(db.session.connection(), paper.id)
    ticket = f"{seated.number:05d}-{seated.ticket_number}" if seated else ""
    return Booklet(
        label=f"{paper.form}-{place.id.hex[:8]}",
        paper=paper,
        order=permutation.order(form.places, seed=own),
        seed=own.hex(),
        name=name,
        seat=" ".join(part for part in (place.room, seated and seated.seat_label) if part),
        ticket=ticket,
    )


def version_ids(exam_id: UUID) -> set[UUID]:
    """Return the versions that the papers of an exam ask."""
    statement = (
        select(PaperItem.version_id)
        .join(Paper, Paper.id == PaperItem.paper_id)
        .where(Paper.exam_id == exam_id)
        .distinct()
    )
    return set(db.session.execute(statement).scalars())
