"""Rooms of exams, and what invigilators did to them (考场与考场事件)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from exams.rooms import Delay, RoomAct
from server.db import Base, text_enum


class ExamRoom(Base):
    """Where a room of an exam stands (考场). Made by the first event that concerns it."""

    __tablename__ = "exam_room"

    exam_id: Mapped[UUID] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    #: Its label, as enrolments name it; empty where the exam has no rooms.
    room: Mapped[str] = mapped_column(primary_key=True)
    #: When the invigilator gave the signal to start.
    signal_at: Mapped[datetime | None]
    #: Since when it is paused.
    paused_at: Mapped[datetime | None]
    #: Seconds of pauses and extensions, by which its last start and its closing move.
    shift_seconds: Mapped[int] = mapped_column(default=0)

    @property
    def delay(self) -> Delay:
        """What puts off the hours of the exam here."""
        return Delay(signal_at=self.signal_at, shift_seconds=self.shift_seconds)


class RoomEvent(Base):
    """What an invigilator did to a room or to all of an exam (考场事件): only ever added."""

    __tablename__ = "room_event"

    #: Made by the invigilator's device, so that sending twice acts once.
    id: Mapped[UUID] = mapped_column(primary_key=True)
    exam_id: Mapped[UUID] = mapped_column(ForeignKey("exam.id"), index=True)
    #: None for every room of the exam.
    room: Mapped[str | None]
    kind: Mapped[RoomAct] = mapped_column(text_enum(RoomAct))
    reason: Mapped[str]
    #: What an extension granted.
    seconds: Mapped[int | None]
    #: Whether what a voiding took uses up an attempt.
    counts: Mapped[bool | None]
    happened_at: Mapped[datetime]
    by_account_id: Mapped[UUID]
    #: Attempts, or by a start rooms, that it changed.
    changed_count: Mapped[int]
    #: Attempts that it could not change any more: handed in, announced or voided.
    left_count: Mapped[int]
