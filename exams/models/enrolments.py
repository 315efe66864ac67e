"""Places in exams, and who may not take one (报名与禁止申请)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exams.eligibility import Hindrance
from exams.models.planning import Exam, Paper, PaperPackage
from exams.sittings import NO_PLACE_YET, Awaited
from server.audit.naming import called_by_person
from server.db import Base, IdColumn, text_enum


@called_by_person("enrolment", "candidate_id")
class Enrolment(Base):
    """A candidate's place in an exam (报名): one that counts for each candidate and exam."""

    __tablename__ = "enrolment"
    __table_args__ = (
        Index(
            "uq_enrolment_exam_id_candidate_id",
            "exam_id",
            "candidate_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[IdColumn]
    exam_id: Mapped[UUID] = mapped_column(ForeignKey("exam.id"))
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    #: The account that asked for it: the candidate's own, an employer's, a provider's.
    enrolled_by_id: Mapped[UUID]
    enrolled_at: Mapped[datetime]
    #: What stood in the way when it was last looked at; none means a place.
    hindrances: Mapped[list[str]]
    checked_at: Mapped[datetime]
    #: Where the candidate sits; empty where the exam has no rooms.
    room: Mapped[str] = mapped_column(default="", server_default="")
    #: The form that is prepared for it, so that starting writes one row and draws no lots.
    paper_id: Mapped[UUID | None] = mapped_column(ForeignKey("paper.id"))
    #: When it was given up, or given back after an attempt that does not count.
    withdrawn_at: Mapped[datetime | None]
    #: What it still waits for before its candidate may start; None where for nothing.
    awaits: Mapped[Awaited | None] = mapped_column(text_enum(Awaited))

    exam: Mapped[Exam] = relationship()
    paper: Mapped[Paper | None] = relationship()

    @property
    def accepted(self) -> bool:
        """Whether the candidate has a place."""
        waits = self.awaits in NO_PLACE_YET
        return not self.hindrances and self.withdrawn_at is None and not waits

    @property
    def package(self) -> PaperPackage | None:
        """The sealed paper that is prepared for the place, None where there is no place."""
        return self.paper.package if self.paper is not None and self.accepted else None

    @property
    def reasons(self) -> list[Hindrance]:
        """What stands in the way."""
        return [Hindrance(name) for name in self.hindrances]


class Bar(Base):
    """A person who may not be examined (禁止申请): for life, or until a day."""

    __tablename__ = "bar"

    id: Mapped[IdColumn]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    #: What the person is barred from; None for everything.
    qualification_id: Mapped[UUID | None] = mapped_column(ForeignKey("qualification.id"))
    #: The first day of the bar.
    from_on: Mapped[date]
    #: The last day of the bar, included; None for life (终身否决).
    until_on: Mapped[date | None]
    reason: Mapped[str]
    imposed_at: Mapped[datetime]
    #: On what it rests, see bar_grounds.csv; None for a decision of another kind.
    ground: Mapped[str | None]
    #: The document of the decision (文号).
    document: Mapped[str | None]
    #: The account that imposed it; None for the platform itself.
    imposed_by_id: Mapped[UUID | None]
    #: The first day on which it holds no more, whatever its end was; None while nobody lifted it.
    lifted_on: Mapped[date | None]
    lift_reason: Mapped[str | None]
    lift_document: Mapped[str | None]
