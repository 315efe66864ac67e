"""Tables of what is taught: programmes, their subjects, their lessons online (培训大纲)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.audit.naming import called
from server.db import Base, IdColumn, text_enum
from server.people.roster import PostRole
from server.records.entries import InductionLevel
from server.training.kinds import LessonKind, Subject, TrainingType


@called("training_programme")
class Programme(Base):
    """What somebody is taught, for what, in how many hours (培训方案)."""

    __tablename__ = "training_programme"
    __table_args__ = (CheckConstraint("tenths > 0", name="tenths"),)

    id: Mapped[IdColumn]
    #: The provider or enterprise that teaches it, or the authority that lets all use it.
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    type: Mapped[TrainingType] = mapped_column(text_enum(TrainingType))
    #: For whom; None for anybody.
    role: Mapped[PostRole | None] = mapped_column(text_enum(PostRole))
    item: Mapped[str | None]
    #: The level of an induction; None for other types.
    level: Mapped[InductionLevel | None] = mapped_column(text_enum(InductionLevel))
    #: Whether the stricter hours of high-risk industries are asked for.
    high_risk: Mapped[bool]
    #: Whether for construction, which has rules of its own.
    construction: Mapped[bool]
    #: Tenths of training hours, all subjects together.
    tenths: Mapped[int]
    #: The first day on which classes may be planned by it, and the last.
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    written_at: Mapped[datetime]


class ProgrammeSubject(Base):
    """One subject of a programme and its hours (培训科目)."""

    __tablename__ = "training_programme_subject"
    __table_args__ = (
        UniqueConstraint("programme_id", "place"),
        CheckConstraint("tenths > 0", name="tenths"),
    )

    id: Mapped[IdColumn]
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("training_programme.id"))
    place: Mapped[int]
    subject: Mapped[Subject] = mapped_column(text_enum(Subject))
    title: Mapped[str]
    #: Tenths of training hours.
    tenths: Mapped[int]


@called("online_lesson", "title")
class OnlineLesson(Base):
    """A lesson that is studied online; never changed, but withdrawn (网络课件)."""

    __tablename__ = "online_lesson"
    __table_args__ = (CheckConstraint("tenths > 0", name="tenths"),)

    id: Mapped[IdColumn]
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("training_programme.id"), index=True)
    place: Mapped[int]
    title: Mapped[str]
    kind: Mapped[LessonKind] = mapped_column(text_enum(LessonKind))
    #: The text; or one text a slide; or where the video lies.
    content: Mapped[dict[str, Any]]
    #: Tenths of training hours that it counts at most, once as long was studied.
    tenths: Mapped[int]
    #: What the lesson test asks, with its key; empty where there is none.
    test: Mapped[list[Any]]
    #: Percent of the test that pass it.
    pass_percent: Mapped[int]
    written_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class HoursRule(Base):
    """Hours that an authority asks for in its region, beside the law as shipped (学时规定)."""

    __tablename__ = "hours_rule"
    __table_args__ = (CheckConstraint("tenths > 0", name="tenths"),)

    id: Mapped[IdColumn]
    #: Whose rule it is: it holds in the region of this authority, and beneath.
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    type: Mapped[TrainingType] = mapped_column(text_enum(TrainingType), index=True)
    #: Of whom, see `PostRole`.
    roles: Mapped[list[str]]
    #: None: for any industry.
    high_risk: Mapped[bool | None]
    construction: Mapped[bool | None]
    #: The level of an induction; None for all levels together.
    level: Mapped[InductionLevel | None] = mapped_column(text_enum(InductionLevel))
    #: Tenths of training hours.
    tenths: Mapped[int]
    from_on: Mapped[date]
    #: The first day on which it no longer counts; None while no end is known.
    until_on: Mapped[date | None]
    law: Mapped[str]
    article: Mapped[str]
    #: Why it ended; None while it stands.
    reason: Mapped[str | None]
    entered_at: Mapped[datetime]
