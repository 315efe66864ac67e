"""Attempts, every word that phones sent for them, and their outcomes (答卷、作答、成绩)."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exams.lifecycle import State
from exams.models.enrolments import Enrolment
from exams.models.planning import Exam
from exams.paper_sheets import AttemptMode
from server.audit.naming import called_by_person
from server.db import Base, text_enum
from server.people.models import Person


@called_by_person("attempt", "candidate_id")
class Attempt(Base):
    """One sitting of one candidate, from start to outcome (答卷).

    The row holds all that the intake must know, so that saving responses reads this row alone.
    """

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_state_deadline_at", "state", "deadline_at"),)

    #: Made by the candidate's phone, so that repeating a start is harmless.
    id: Mapped[UUID] = mapped_column(primary_key=True)
    #: A place is used once: a second start of it, under whatever id, meets this constraint.
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    exam_id: Mapped[UUID] = mapped_column(ForeignKey("exam.id"), index=True)
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    paper_id: Mapped[UUID] = mapped_column(ForeignKey("paper.id"))
    #: Which phone may write now; grows when the attempt moves to another.
    epoch: Mapped[int] = mapped_column(default=1)
    #: The number that this phone made for itself; None in attempts from before it was kept.
    device_id: Mapped[UUID | None]
    #: The seed of the candidate's own order, as hexadecimal digits.
    seed: Mapped[str]
    started_at: Mapped[datetime]
    #: The moment it ends, time granted by an invigilator included.
    deadline_at: Mapped[datetime]
    #: Seconds that an invigilator has granted so far.
    extra_seconds: Mapped[int] = mapped_column(default=0)
    #: Seconds that the room as a whole was given: pauses paid back, and extensions.
    room_seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Since when its room is paused; the deadline is put off until it goes on.
    paused_at: Mapped[datetime | None]
    #: What the way through the network is forgiven, from the standard of the exam.
    grace_seconds: Mapped[int]
    state: Mapped[State] = mapped_column(text_enum(State), default=State.IN_PROGRESS)
    #: When it was handed in, by the candidate or, after the deadline, by the platform.
    submitted_at: Mapped[datetime | None]
    #: Whether the platform handed it in, because nobody had.
    closed: Mapped[bool] = mapped_column(default=False)
    #: By what it was made; on paper it is what two people read from the answer sheet.
    mode: Mapped[AttemptMode] = mapped_column(
        text_enum(AttemptMode), default=AttemptMode.DEVICE, server_default="device"
    )
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]
    #: Whether it counts among the attempts of the candidate; only a void can take that away.
    counts: Mapped[bool] = mapped_column(default=True)
    #: The archive into which its responses have gone; see `exams.services.archiving`. No foreign
    #: key: adding one would lock the largest table of all.
    archive_id: Mapped[UUID | None]

    candidate: Mapped[Person] = relationship(lazy="raise_on_sql")
    enrolment: Mapped[Enrolment] = relationship()
    exam: Mapped[Exam] = relationship()
    outcome: Mapped[Outcome | None] = relationship(back_populates="attempt")

    @property
    def grace(self) -> timedelta:
        """What the way through the network is forgiven."""
        return timedelta(seconds=self.grace_seconds)


class ResponseEntry(Base):
    """One word of a phone (作答): kept as it came, never changed; once all is final, in an archive.

    The whole of an entry is its key. So repetitions are one row, and what counts in a slot is the
    entry of the highest epoch and sequence, in whatever order the entries came.
    """

    __tablename__ = "response_entry"
    # On SQLite the key is the table: one write for each entry, not two.
    __table_args__ = ({"sqlite_with_rowid": False},)

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    #: Place of the paper.
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    #: The phone that spoke.
    epoch: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    #: The phone's own number of the word.
    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    #: Chosen options of the form as bits: option 0 is 1, option 1 is 2, option 2 is 4 …
    chosen: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    received_at: Mapped[datetime]
    #: Came after the end: kept for an examiner, and does not count by itself.
    late: Mapped[bool]


class Outcome(Base):
    """The verdict on an attempt (成绩): exact, made once, by the unique key."""

    __tablename__ = "outcome"
    __table_args__ = (
        Index("ix_outcome_announced_at_released_at", "announced_at", "released_at"),
        Index(None, "graded_at"),
    )

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    #: An exact fraction as text: `83`, `167/2`.
    score: Mapped[str]
    #: An exact fraction as text.
    max_score: Mapped[str]
    passed: Mapped[bool]
    graded_at: Mapped[datetime]
    #: From this moment on the candidate sees it.
    released_at: Mapped[datetime]
    #: When the other parts were told, so that no certificate gives away a hidden outcome.
    announced_at: Mapped[datetime | None]

    attempt: Mapped[Attempt] = relationship(back_populates="outcome")

    @property
    def exact_score(self) -> Fraction:
        """The score as a number."""
        return Fraction(self.score)


class AttemptMove(Base):
    """A move of an attempt to another phone (换机), by a code that is used once.

    The code itself is not stored: it is a keyed hash of the id.
    """

    __tablename__ = "attempt_move"

    #: Made by who asks, so that asking twice is one move.
    id: Mapped[UUID] = mapped_column(primary_key=True)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), index=True)
    #: Whether the invigilator gave the code to the candidate; else the candidate shows it.
    given: Mapped[bool]
    #: The phone that asked, to which the attempt moves; where the invigilator gave the code, the
    #: one on which it was typed.
    device_id: Mapped[UUID | None]
    asked_at: Mapped[datetime]
    #: After this the code is not taken any more.
    expires_at: Mapped[datetime]
    #: Why, by the invigilator.
    reason: Mapped[str | None]
    #: The invigilator's account that gave or confirmed the code.
    allowed_by_id: Mapped[UUID | None]
    #: When the attempt moved; None while the code waits.
    moved_at: Mapped[datetime | None]
    #: The epoch of the new phone.
    epoch: Mapped[int | None]
