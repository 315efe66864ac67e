"""Contests, their rounds and the questions of these (竞赛、轮次、题目)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from exams.contests.ranking import TieRule
from exams.contests.timetable import RoundKind, Timetable
from server.audit.naming import called
from server.db import Base, IdColumn, text_enum
from server.organisations.models import Organisation


class EntryMode(StrEnum):
    """Who may join (参加方式)."""

    OPEN = "open"
    INVITED = "invited"


class TeamKind(StrEnum):
    """What teams are made of (团体赛)."""

    NONE = "none"
    ENTERPRISE = "enterprise"
    COUNTY = "county"


class ContestState(StrEnum):
    """Where a contest stands; what its days decide is computed."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


@called("contest")
class Contest(Base):
    """A knowledge contest (知识竞赛)."""

    __tablename__ = "contest"
    __table_args__ = (
        CheckConstraint("joins_until > joins_from", name="joining"),
        CheckConstraint("merit_places >= 0", name="merit_places"),
    )

    id: Mapped[IdColumn]
    #: Who holds it.
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    #: What everybody agrees to who joins (个人信息告知书), and its version.
    notice: Mapped[str]
    notice_version: Mapped[int]
    entry_mode: Mapped[EntryMode] = mapped_column(text_enum(EntryMode))
    team_kind: Mapped[TeamKind] = mapped_column(text_enum(TeamKind))
    #: How many of its best members count for a team.
    team_size: Mapped[int]
    tie_rule: Mapped[TieRule] = mapped_column(text_enum(TieRule))
    #: Points of a right response, and those that a quick one gains beside them.
    base_points: Mapped[int]
    speed_points: Mapped[int]
    #: Places of the last round that earn a certificate of merit; 0 for none.
    merit_places: Mapped[int]
    joins_from: Mapped[datetime]
    joins_until: Mapped[datetime]
    #: Where questions come from: banks and topics, practice ones only.
    bank_ids: Mapped[list[str]]
    topics: Mapped[list[str]]
    state: Mapped[ContestState] = mapped_column(text_enum(ContestState))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    rounds: Mapped[list[ContestRound]] = relationship(
        order_by="ContestRound.number", back_populates="contest", cascade="all, delete-orphan"
    )

    @property
    def organisation_name(self) -> str:
        """Who holds it, by name."""
        return self.organisation.name


class ContestRound(Base):
    """One round of a contest (轮次)."""

    __tablename__ = "contest_round"
    __table_args__ = (
        UniqueConstraint("contest_id", "number"),
        CheckConstraint("closes_at > opens_at", name="span"),
        CheckConstraint("question_count BETWEEN 1 AND 60", name="question_count"),
        CheckConstraint("pool_count >= question_count", name="pool_count"),
        CheckConstraint("seconds BETWEEN 5 AND 600", name="seconds"),
    )

    id: Mapped[IdColumn]
    contest_id: Mapped[UUID] = mapped_column(ForeignKey("contest.id"))
    #: 1 for the first.
    number: Mapped[int]
    kind: Mapped[RoundKind] = mapped_column(text_enum(RoundKind))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    #: Questions that one participant meets, and of how many these are drawn.
    question_count: Mapped[int]
    pool_count: Mapped[int]
    #: For each question; and between two questions of a final.
    seconds: Mapped[int]
    pause_seconds: Mapped[int]
    #: Places that come through to the next round; None where it is open to all who joined.
    advancing_places: Mapped[int | None]
    #: From here on the board stands still until the results are released (封榜).
    freezes_at: Mapped[datetime | None]
    #: Secret chance, from which questions and orders are drawn.
    seed: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    released_at: Mapped[datetime | None]

    #: Found without a statement where the contest was read with its rounds.
    contest: Mapped[Contest] = relationship(back_populates="rounds")

    @property
    def timetable(self) -> Timetable:
        """Its times, as the rules see them."""
        return Timetable(
            kind=self.kind,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            question_count=self.question_count,
            seconds=self.seconds,
            pause_seconds=self.pause_seconds,
        )


class ContestQuestion(Base):
    """A question of a round's pool, pinned to the version that was published."""

    __tablename__ = "contest_question"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("contest_round.id"), primary_key=True)
    #: From 0, in an order that says nothing.
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("question_version.id"), index=True)


class ContestInvitation(Base):
    """That so many may join by showing a code (邀请码)."""

    __tablename__ = "contest_invitation"
    __table_args__ = (CheckConstraint("seats >= 1", name="seats"),)

    id: Mapped[IdColumn]
    contest_id: Mapped[UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    #: Whom it was given to, for people.
    label: Mapped[str]
    #: SHA-256 of the code: the code itself is told once.
    code_hash: Mapped[str] = mapped_column(unique=True)
    seats: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    #: The enterprise its people play for; None where each says so themselves.
    employer_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    made_at: Mapped[datetime]
