"""What a place in a sitting has beyond an enrolment: decision, seat, ticket, check-in (报考)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, and_, text
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from exams.checking_in import DoorAct, Verdict
from exams.models.enrolments import Enrolment
from exams.models.sittings import CentreRoom
from exams.seating import Seat
from exams.sittings import Attendance
from server.db import Base, text_enum
from server.organisations.models import Organisation
from server.people.models import Person


class Candidature(Base):
    """An application for a place in a sitting and what became of it (报考)."""

    __tablename__ = "candidature"
    __table_args__ = (
        # No two people on one seat, whoever asks at the same moment.
        Index(
            "uq_candidature_seat",
            "sitting_id",
            "room_id",
            "seat_row",
            "seat_column",
            "turn",
            unique=True,
            sqlite_where=text("room_id IS NOT NULL"),
            postgresql_where=text("room_id IS NOT NULL"),
        ),
        Index(
            "ix_candidature_waived",
            "candidate_id",
            sqlite_where=text("waiver IS NOT NULL"),
            postgresql_where=text("waiver IS NOT NULL"),
        ),
        UniqueConstraint("sitting_id", "number"),
        CheckConstraint("(room_id IS NULL) = (seat_row IS NULL)", name="seat"),
    )

    #: The enrolment that it belongs to.
    id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sitting.id"))
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    #: From 1, in the order of application: the order in which people wait for a place.
    number: Mapped[int]
    #: The employer or provider that sends the candidate; None for who came alone.
    sent_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    #: The certificate of vocational skill that stands for training (免训依据).
    waiver: Mapped[str | None]
    #: The last day for the decision; who hears nothing is admitted on the next.
    decide_by: Mapped[date] = mapped_column(index=True)
    approved: Mapped[bool | None]
    decided_at: Mapped[datetime | None]
    #: None where silence decided.
    decided_by_id: Mapped[UUID | None]
    decided_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decision_reason: Mapped[str | None]
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("centre_room.id"))
    seat_row: Mapped[int | None]
    seat_column: Mapped[int | None]
    #: The turn in which the candidate is called to the station, from 1; 0 but in practicals.
    turn: Mapped[int] = mapped_column(default=0, server_default="0")
    #: `{"beside": [seat, …], "in_common": […]}`: who of their own sits beside them all the same.
    seat_note: Mapped[dict[str, Any] | None]
    #: Number of the ticket: another with every change of seat; 0 while there is none.
    ticket_number: Mapped[int] = mapped_column(default=0)
    attendance: Mapped[Attendance] = mapped_column(
        text_enum(Attendance), default=Attendance.EXPECTED
    )
    let_in_at: Mapped[datetime | None]
    #: Why the candidate was excused, or sent away.
    absence_reason: Mapped[str | None]

    enrolment: Mapped[Enrolment] = relationship(lazy="joined", innerjoin=True)
    candidate: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[candidate_id])
    sent_by: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    room: Mapped[CentreRoom | None] = relationship(lazy="joined")

    @property
    def seat(self) -> Seat | None:
        """The seat, None where there is none yet."""
        if self.room_id is None or self.seat_row is None or self.seat_column is None:
            return None
        return Seat(self.room_id, self.seat_row, self.seat_column)

    @property
    def seat_label(self) -> str | None:
        """What stands on the seat."""
        return self.seat.label if self.seat else None

    def take_seat(self, seat: Seat | None, turn: int = 0) -> None:
        """Give the place another seat, or none; a new seat or turn needs a new ticket."""
        self.room_id = seat.room_id if seat else None
        self.seat_row = seat.row if seat else None
        self.seat_column = seat.column if seat else None
        self.turn = turn if seat else 0
        if seat:
            self.ticket_number += 1


class CheckIn(Base):
    """What an invigilator's phone said of a person at the door (入场记录): only ever added."""

    __tablename__ = "check_in"

    #: Made by the phone, so that sending twice says it once.
    id: Mapped[UUID] = mapped_column(primary_key=True)
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sitting.id"), index=True)
    #: The room that the phone watches.
    room_id: Mapped[UUID] = mapped_column(ForeignKey("centre_room.id"))
    #: As the phone said it: there may be no such place.
    enrolment_id: Mapped[UUID]
    act: Mapped[DoorAct] = mapped_column(text_enum(DoorAct))
    #: Order in which the phone entered it.
    sequence: Mapped[int]
    #: The phone, by the number that it made for itself.
    device_id: Mapped[UUID]
    #: The seat that the phone named; None where it named none.
    seat_row: Mapped[int | None]
    seat_column: Mapped[int | None]
    note: Mapped[str | None]
    #: As the phone claims, within what can be true.
    happened_at: Mapped[datetime]
    received_at: Mapped[datetime]
    #: Whether it reached the server late.
    late: Mapped[bool]
    verdict: Mapped[Verdict] = mapped_column(text_enum(Verdict))
    by_account_id: Mapped[UUID]
    by_person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    room: Mapped[CentreRoom] = relationship(lazy="raise_on_sql")
    #: The place it is about, if there is such a one at this very sitting.
    candidature: Mapped[Candidature | None] = relationship(
        primaryjoin=lambda: and_(
            foreign(CheckIn.enrolment_id) == Candidature.id,
            CheckIn.sitting_id == Candidature.sitting_id,
        ),
        viewonly=True,
        lazy="raise_on_sql",
    )
