"""Test centres with rooms, exam plans, sittings and who works at them (考点、考场、考试场次)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exams import circuits, stations
from exams.circuits import Group
from exams.models.planning import Exam, PaperSpecification
from exams.seating import Room, Seat
from exams.sittings import Mode, SittingState
from exams.staffing import Duty
from server.audit.naming import called, called_by_person
from server.db import Base, IdColumn, text_enum
from server.organisations.models import Organisation
from server.people.models import Person


class CentreApproval(Base):
    """That a test centre may hold examinations, from one day to another (考点批准)."""

    __tablename__ = "centre_approval"
    __table_args__ = (CheckConstraint("until_on >= from_on", name="span"),)

    id: Mapped[IdColumn]
    #: The test centre, an organisation of that kind.
    centre_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    from_on: Mapped[date]
    #: The last day, included.
    until_on: Mapped[date]
    #: The document it rests on (文号).
    document: Mapped[str]
    approved_at: Mapped[datetime]
    approved_by_id: Mapped[UUID]
    #: The first day on which it no longer holds, where it was withdrawn, and why.
    withdrawn_on: Mapped[date | None]
    withdrawn_because: Mapped[str | None]


class CentreRoom(Base):
    """A room of a test centre: seats in rows and columns (考场、座位)."""

    __tablename__ = "centre_room"
    __table_args__ = (
        UniqueConstraint("centre_id", "name"),
        CheckConstraint("row_count BETWEEN 1 AND 100", name="row_count"),
        CheckConstraint("column_count BETWEEN 1 AND 100", name="column_count"),
        CheckConstraint("capacity > 0", name="capacity"),
    )

    id: Mapped[IdColumn]
    centre_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str]
    #: How one finds it: building, floor, door.
    address: Mapped[str]
    row_count: Mapped[int]
    column_count: Mapped[int]
    #: Most people who may be in it; never more than seats that can be used.
    capacity: Mapped[int]
    #: `[[row, column], …]`, both from 1: no seat there, or one that is broken.
    gaps: Mapped[list[Any]]
    defective: Mapped[list[Any]]
    written_at: Mapped[datetime]
    #: Since when it is out of use.
    closed_at: Mapped[datetime | None]

    @property
    def grid(self) -> Room:
        """The room as seating sees it."""
        return Room(
            id=self.id,
            rows=self.row_count,
            columns=self.column_count,
            capacity=self.capacity,
            unusable=frozenset((row, column) for row, column in [*self.gaps, *self.defective]),
        )


@called("exam_plan")
class ExamPlan(Base):
    """What a bureau examines in a stretch of days, in one or many sittings (考试计划)."""

    __tablename__ = "exam_plan"
    __table_args__ = (CheckConstraint("until_on >= from_on", name="span"),)

    id: Mapped[IdColumn]
    name: Mapped[str]
    #: The bureau whose plan it is.
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    qualification_id: Mapped[UUID] = mapped_column(ForeignKey("qualification.id"))
    specification_id: Mapped[UUID] = mapped_column(ForeignKey("paper_specification.id"))
    from_on: Mapped[date]
    #: The last day, included.
    until_on: Mapped[date]
    written_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()
    specification: Mapped[PaperSpecification] = relationship()


class Sitting(Base):
    """A time and place at which an exam is held (考试场次): the same id as its exam.

    Hours, papers, enrolments and attempts are those of the exam.
    """

    __tablename__ = "sitting"
    __table_args__ = (
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("stand_by_limit >= 0", name="stand_by_limit"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("exam_plan.id"), index=True)
    centre_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    mode: Mapped[Mode] = mapped_column(text_enum(Mode))
    state: Mapped[SittingState] = mapped_column(text_enum(SittingState))
    capacity: Mapped[int]
    stand_by_limit: Mapped[int]
    enrolment_opens_at: Mapped[datetime]
    enrolment_closes_at: Mapped[datetime]
    late_minutes: Mapped[int]
    absence_notice_hours: Mapped[int]
    absence_pause_days: Mapped[int]
    #: The lot by which seats were given, as hexadecimal digits.
    seating_seed: Mapped[str | None]
    #: When the doors opened.
    started_at: Mapped[datetime | None]
    #: Minutes of a turn at a station; practicals only.
    turn_minutes: Mapped[int | None]
    #: Whether a veto that failed ends the practical before the other subjects.
    veto_ends: Mapped[bool] = mapped_column(default=False, server_default=false())

    exam: Mapped[Exam] = relationship(lazy="joined", innerjoin=True)
    rooms: Mapped[list[SittingRoom]] = relationship(
        lazy="selectin", order_by="SittingRoom.place", cascade="all, delete-orphan"
    )
    #: By subject, in a circuit; none where every station takes the whole practical.
    stations: Mapped[list[SittingStation]] = relationship(
        order_by="SittingStation.place", cascade="all, delete-orphan"
    )
    moves: Mapped[list[SittingMoved]] = relationship(
        lazy="raise_on_sql", order_by="SittingMoved.at"
    )

    @property
    def open_rooms(self) -> list[SittingRoom]:
        """The rooms that are used, without those whose people were moved elsewhere."""
        return [one for one in self.rooms if one.moved_to_id is None]

    @property
    def circuit(self) -> tuple[Group, ...]:
        """The kinds of stations of a circuit; none where there is none."""
        if self.mode is not Mode.PRACTICAL:
            return ()
        return circuits.groups((one.station, one.subjects) for one in self.stations)

    @property
    def turns(self) -> int:
        """How often a station is used; once but in practicals."""
        if self.turn_minutes is None:
            return 1
        return stations.turn_count(self.exam.opens_at, self.exam.closes_at, self.turn_minutes)

    def expects_at(self, turn: int) -> datetime:
        """Return when somebody is to be there: at the opening, or when their turn begins."""
        if self.turn_minutes is None or not turn:
            return self.exam.opens_at
        return stations.starts_at(self.exam.opens_at, self.turn_minutes, turn)


class SittingRoom(Base):
    """A room that a sitting uses; they are filled in their order."""

    __tablename__ = "sitting_room"
    __table_args__ = (Index("ix_sitting_room_room_id", "room_id"),)

    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("centre_room.id"), primary_key=True)
    place: Mapped[int]
    #: The room to which all of its people were moved, and when and why (换考场).
    moved_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("centre_room.id"))
    moved_at: Mapped[datetime | None]
    moved_because: Mapped[str | None]

    room: Mapped[CentreRoom] = relationship(lazy="joined", innerjoin=True, foreign_keys=[room_id])


class SittingStation(Base):
    """A station of a circuit, and the subjects it takes (工位、科目)."""

    __tablename__ = "sitting_station"

    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("centre_room.id"), primary_key=True)
    seat_row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seat_column: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: Its number in the circuit, from 1.
    place: Mapped[int]
    #: Codes of subjects.
    subjects: Mapped[list[str]]

    @property
    def station(self) -> Seat:
        """Where it stands."""
        return Seat(self.room_id, self.seat_row, self.seat_column)


class SittingMoved(Base):
    """A move of a sitting: only ever added."""

    __tablename__ = "sitting_move"

    id: Mapped[IdColumn]
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sitting.id"), index=True)
    state: Mapped[SittingState] = mapped_column(text_enum(SittingState))
    reason: Mapped[str | None]
    at: Mapped[datetime]
    by_account_id: Mapped[UUID]


class SittingDuty(Base):
    """What somebody does at a sitting (考务人员): plans it, sets its papers, watches a room."""

    __tablename__ = "sitting_duty"
    __table_args__ = (
        Index(
            "uq_sitting_duty_who",
            "sitting_id",
            "person_id",
            "duty",
            "room",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[IdColumn]
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sitting.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    duty: Mapped[Duty] = mapped_column(text_enum(Duty))
    #: The room, by its name; empty for all of them.
    room: Mapped[str]
    #: Subjects of a circuit that an examiner scores, by their codes; none for all of them.
    subjects: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    assigned_at: Mapped[datetime]
    assigned_by_id: Mapped[UUID]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


@called_by_person("separation_override", "candidate_id")
class SeparationOverride(Base):
    """An exception from separation, asked for by one authority, granted by another (回避例外)."""

    __tablename__ = "separation_override"

    id: Mapped[IdColumn]
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str]
    #: The last day on which it holds, included.
    until_on: Mapped[date]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[UUID]
    asked_by_person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    granted: Mapped[bool | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None]
    decided_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_because: Mapped[str | None]

    staff: Mapped[Person] = relationship(foreign_keys=[staff_id])
    candidate: Mapped[Person] = relationship(foreign_keys=[candidate_id])
