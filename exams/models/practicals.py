"""Practical exams: score sheets, who scores, every word of an examiner's phone (实操考试)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exams.models.attempts import Attempt
from exams.models.standards import ExamStandard, Qualification
from exams.seating import Seat
from server.audit.naming import called_by_person
from server.db import Base, IdColumn, text_enum
from server.organisations.models import Organisation
from server.people.models import Person


class ScoreSheet(Base):
    """What a practical is scored by, from a day on (实操评分表): subjects, items, steps, vetoes."""

    __tablename__ = "score_sheet"
    __table_args__ = (
        UniqueConstraint("qualification_id", "effective_from"),
        CheckConstraint("pass_percent BETWEEN 1 AND 100", name="pass_percent"),
        CheckConstraint("minutes > 0", name="minutes"),
    )

    id: Mapped[IdColumn]
    qualification_id: Mapped[UUID] = mapped_column(ForeignKey("qualification.id"))
    #: The first day on which it counts; the sheet before it counts until the eve.
    effective_from: Mapped[date]
    #: Allowed time.
    minutes: Mapped[int]
    #: The pass mark, in hundredths of the whole.
    pass_percent: Mapped[int]
    #: Points by which two examiners may differ, an exact fraction as text.
    tolerance: Mapped[str]
    #: `[{"code", "name", "weight", "items": [{"code", "name", "steps": [{"code", "text",
    #: "points"}], "vetoes": [{"code", "text"}]}]}]`; weights and points as text.
    subjects: Mapped[list[Any]]
    #: The regulation it comes from, and what of it is an initial value.
    source: Mapped[str]
    written_at: Mapped[datetime]

    qualification: Mapped[Qualification] = relationship()


class PracticalState(StrEnum):
    """Where a practical stands."""

    PLANNED = "planned"
    #: Two examiners differ by more than the rule decides; a third is to rule.
    DISPUTED = "disputed"
    DECIDED = "decided"
    VOIDED = "voided"


@called_by_person("practical", "candidate_id")
class Practical(Base):
    """One candidate's practical exam (实操考试), after the theory and before the certificate."""

    __tablename__ = "practical"

    #: Made by who plans it, so that planning twice is once.
    id: Mapped[IdColumn]
    qualification_id: Mapped[UUID] = mapped_column(ForeignKey("qualification.id"), index=True)
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    #: The test centre that holds it, and within whose scope it is seen.
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: The passed theory it follows.
    theory_attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), index=True)
    score_sheet_id: Mapped[UUID] = mapped_column(ForeignKey("score_sheet.id"))
    standard_id: Mapped[UUID] = mapped_column(ForeignKey("exam_standard.id"))
    #: The place in a sitting at which it is held; None where it is held outside of one.
    enrolment_id: Mapped[UUID | None] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    planned_at: Mapped[datetime]
    #: When the outcome is shown; None for as soon as it is decided.
    release_at: Mapped[datetime | None]
    #: The chance by which the items were drawn, as hexadecimal digits.
    seed: Mapped[str]
    #: Codes of the items drawn, one of each subject.
    drawn: Mapped[list[str]]
    state: Mapped[PracticalState] = mapped_column(text_enum(PracticalState))
    #: Whether it uses up an attempt; only a void can take that away.
    counts: Mapped[bool] = mapped_column(default=True)
    void_reason: Mapped[str | None]
    planned_by_id: Mapped[UUID]

    qualification: Mapped[Qualification] = relationship()
    candidate: Mapped[Person] = relationship()
    organisation: Mapped[Organisation] = relationship()
    theory: Mapped[Attempt] = relationship()
    score_sheet: Mapped[ScoreSheet] = relationship()
    standard: Mapped[ExamStandard] = relationship()
    scorers: Mapped[list[PracticalScorer]] = relationship(
        order_by="(PracticalScorer.subject, PracticalScorer.place)"
    )
    #: Its subjects in a circuit, in the order of turns; none where it is scored as one.
    legs: Mapped[list[PracticalSubject]] = relationship(
        order_by="(PracticalSubject.turn, PracticalSubject.subject)"
    )
    outcome: Mapped[PracticalOutcome | None] = relationship(back_populates="practical")


class SubjectState(StrEnum):
    """Where a subject of a practical stands."""

    PLANNED = "planned"
    #: A third examiner is to rule.
    DISPUTED = "disputed"
    DECIDED = "decided"
    #: The candidate did not come to it (缺考).
    ABSENT = "absent"
    #: A veto failed elsewhere ended the practical before it (终止).
    ENDED = "ended"


class PracticalSubject(Base):
    """A subject of a practical in a circuit: where and when it is examined, what came of it."""

    __tablename__ = "practical_subject"
    __table_args__ = (Index("ix_practical_subject_room_id", "room_id"),)

    practical_id: Mapped[UUID] = mapped_column(ForeignKey("practical.id"), primary_key=True)
    #: By its code.
    subject: Mapped[str] = mapped_column(primary_key=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("centre_room.id"))
    seat_row: Mapped[int]
    seat_column: Mapped[int]
    #: The turn in which the candidate is expected, from 1.
    turn: Mapped[int]
    state: Mapped[SubjectState] = mapped_column(
        text_enum(SubjectState), default=SubjectState.PLANNED
    )
    #: Steps and vetoes that a third examiner is to decide.
    disputed: Mapped[list[str]] = mapped_column(default=list)
    #: Points by step as they count, and the vetoes that were failed, once it is decided.
    marks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    failed_vetoes: Mapped[list[str]] = mapped_column(default=list)
    #: Why the candidate was absent; why a third ruled as they did.
    reason: Mapped[str | None]
    ruled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    @property
    def station(self) -> Seat:
        """The station at which it is examined."""
        return Seat(self.room_id, self.seat_row, self.seat_column)

    def stand_at(self, station: Seat) -> None:
        """Have it examined at another station."""
        self.room_id, self.seat_row, self.seat_column = station


class StationCall(Base):
    """That a candidate was called to a station for one subject (叫号): only ever added."""

    __tablename__ = "station_call"

    #: Made by the phone that called.
    id: Mapped[UUID] = mapped_column(primary_key=True)
    practical_id: Mapped[UUID] = mapped_column(ForeignKey("practical.id"), index=True)
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sitting.id"), index=True)
    #: The subject, and the item that was drawn of it, by their codes.
    subject: Mapped[str]
    item: Mapped[str]
    room_id: Mapped[UUID] = mapped_column(ForeignKey("centre_room.id"))
    seat_row: Mapped[int]
    seat_column: Mapped[int]
    called_at: Mapped[datetime]
    called_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    #: When the candidate left it: for the next call, or because it was said.
    left_at: Mapped[datetime | None]


class PracticalScorer(Base):
    """Who scores a practical (考评员): two apart, and a third where they differ."""

    __tablename__ = "practical_scorer"
    __table_args__ = (UniqueConstraint("practical_id", "subject", "place"),)

    practical_id: Mapped[UUID] = mapped_column(ForeignKey("practical.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    #: The subject, by its code; empty for all of them.
    subject: Mapped[str] = mapped_column(primary_key=True, default="")
    #: 1 and 2 score apart; 3 rules.
    place: Mapped[int]
    assigned_at: Mapped[datetime]
    assigned_by_id: Mapped[UUID]
    #: When the sheet was handed in; what comes afterwards is late.
    handed_in_at: Mapped[datetime | None]


class PracticalWord(Base):
    """One word of an examiner's phone (评分记录): kept as it came, never changed, never deleted."""

    __tablename__ = "practical_word"

    practical_id: Mapped[UUID] = mapped_column(ForeignKey("practical.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    #: The code of a step or a veto.
    code: Mapped[str] = mapped_column(primary_key=True)
    #: The phone's own number of the word: the higher one counts.
    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    #: Points as an exact fraction; 1 for a veto that was failed, else 0.
    value: Mapped[str] = mapped_column(primary_key=True)
    received_at: Mapped[datetime]
    #: Came after the sheet was handed in: kept, and does not count.
    late: Mapped[bool]


class ExhibitKind(StrEnum):
    """What a sealed file of a practical shows."""

    PHOTO = "photo"
    EXAMINER_SIGNATURE = "examiner_signature"
    CANDIDATE_SIGNATURE = "candidate_signature"


class PracticalExhibit(Base):
    """A photo or a signature (现场照片、签名): named by its content, kept sealed, never changed."""

    __tablename__ = "practical_exhibit"

    practical_id: Mapped[UUID] = mapped_column(ForeignKey("practical.id"), primary_key=True)
    #: SHA-256 of the content, in hexadecimal digits.
    hash: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[ExhibitKind] = mapped_column(text_enum(ExhibitKind))
    media_type: Mapped[str]
    size: Mapped[int]
    #: Nonce, ciphertext, tag; practical and hash are bound in.
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    received_at: Mapped[datetime]
    #: Came after the sheet was handed in.
    late: Mapped[bool]


class PracticalOutcome(Base):
    """The verdict on a practical (实操成绩): exact, made once."""

    __tablename__ = "practical_outcome"
    __table_args__ = (Index(None, "announced_at", "released_at"),)

    practical_id: Mapped[UUID] = mapped_column(ForeignKey("practical.id"), primary_key=True)
    #: Exact fractions as text.
    score: Mapped[str]
    max_score: Mapped[str]
    passed: Mapped[bool]
    #: Points by step as they count, and the vetoes that were failed.
    marks: Mapped[dict[str, Any]]
    failed_vetoes: Mapped[list[str]]
    #: Subjects of a circuit that the candidate did not go through.
    missed_subjects: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    decided_at: Mapped[datetime]
    #: The third examiner, and why; None where the rule decided.
    ruled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None]
    released_at: Mapped[datetime]
    announced_at: Mapped[datetime | None]

    practical: Mapped[Practical] = relationship(back_populates="outcome")

    @property
    def exact_score(self) -> Fraction:
        """The score as a number."""
        return Fraction(self.score)
