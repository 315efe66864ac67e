"""What is known of a candidate's conduct in an attempt (行为记录): only ever added."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from exams.behaviour import Conduct
from server.db import Base, text_enum


class BehaviourEvent(Base):
    """One event, told by a phone or seen by the server."""

    __tablename__ = "behaviour_event"

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    #: The phone that told it; 0 where the server saw it.
    epoch: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    #: The teller's own number, so that telling twice is one row.
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    kind: Mapped[Conduct] = mapped_column(text_enum(Conduct))
    slot: Mapped[int | None]
    #: Milliseconds since the start, by the phone's steady clock.
    at_ms: Mapped[int | None]
    lasted_ms: Mapped[int | None]
    #: What the server saw: an address, or the id of a signed-in device.
    detail: Mapped[str | None]
    received_at: Mapped[datetime]
