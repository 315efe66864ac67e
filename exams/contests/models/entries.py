"""What participants responded, and the sums that boards are made of (作答、计分、榜单)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exams.contests.models.contests import ContestRound
from exams.contests.models.participants import ContestParticipant
from server.db import Base, IdColumn, text_enum


class ContestEntry(Base):
    """A participant in one round, and where they stand (参赛成绩)."""

    __tablename__ = "contest_entry"
    __table_args__ = (
        UniqueConstraint("round_id", "participant_id"),
        # The order of the board: its head is read without looking at anybody else.
        Index("ix_contest_entry_board", "round_id", "shown_order"),
    )

    id: Mapped[IdColumn]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("contest_round.id"))
    participant_id: Mapped[UUID] = mapped_column(ForeignKey("contest_participant.id"), index=True)
    started_at: Mapped[datetime]
    #: Bit `n - 1` for every slot responded to: the first response to a question is the only one.
    responded: Mapped[int] = mapped_column(BigInteger, default=0)
    #: The slot that is open and since when, where each sees their own questions.
    open_slot: Mapped[int]
    shown_at: Mapped[datetime]
    points: Mapped[int] = mapped_column(default=0)
    correct_count: Mapped[int] = mapped_column(default=0)
    elapsed_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    #: What the board shows: points until it froze, and one number by which it is sorted; None
    #: where the board does not know them yet.
    shown_points: Mapped[int | None]
    shown_order: Mapped[int | None] = mapped_column(BigInteger)
    finished_at: Mapped[datetime | None]
    #: The place of the released results.
    place: Mapped[int | None]
    disqualified_at: Mapped[datetime | None]
    disqualified_because: Mapped[str | None]

    round: Mapped[ContestRound] = relationship(lazy="raise_on_sql")
    participant: Mapped[ContestParticipant] = relationship(lazy="raise_on_sql")


class ContestResponse(Base):
    """One response: the first to its question, never changed (作答)."""

    __tablename__ = "contest_response"

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("contest_entry.id"), primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: The question in the round's pool.
    place: Mapped[int]
    #: Bits of the written options.
    chosen: Mapped[int]
    #: When it came, and how long after the question was open, both by the server's clock.
    received_at: Mapped[datetime]
    elapsed_ms: Mapped[int]
    correct: Mapped[bool]
    points: Mapped[int]


class SumKind(StrEnum):
    """What is summed (汇总口径)."""

    #: How many stand at so many points: the key is the number of points.
    POINTS = "points"
    REGION = "region"
    EMPLOYER = "employer"
    #: The best members of a team together, once the results are released.
    TEAM = "team"


class ContestSum(Base):
    """A sum that grows with every response, so that a board costs nothing to read (榜单汇总)."""

    __tablename__ = "contest_sum"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("contest_round.id"), primary_key=True)
    kind: Mapped[SumKind] = mapped_column(text_enum(SumKind), primary_key=True)
    #: Points, or the digits of an id.
    key: Mapped[str] = mapped_column(primary_key=True)
    people: Mapped[int]
    responses: Mapped[int]
    correct: Mapped[int]
    points: Mapped[int] = mapped_column(BigInteger)
