"""Applications for certificates, and what was done about them (证书申请)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certificates.applying import Done, Purpose, Step
from certificates.models.issuing import Issuer
from exams.models.standards import Qualification
from server.audit.naming import called_by_person
from server.days import civil_day
from server.db import Base, IdColumn, text_enum
from server.people.models import Person


@called_by_person("certificate_application")
class Application(Base):
    """What somebody applies for at an issuer (证书申请): written once."""

    __tablename__ = "certificate_application"

    id: Mapped[IdColumn]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    qualification_id: Mapped[UUID] = mapped_column(ForeignKey("qualification.id"))
    issuer_id: Mapped[UUID] = mapped_column(ForeignKey("issuer.id"), index=True)
    purpose: Mapped[Purpose] = mapped_column(text_enum(Purpose))
    #: The certificate it is about; None for a first one.
    certificate_id: Mapped[UUID | None] = mapped_column(ForeignKey("certificate.id"))
    #: The passed attempt it rests on.
    attempt_id: Mapped[UUID | None] = mapped_column(ForeignKey("attempt.id"))
    #: What was handed in, in words, such as 健康证明.
    documents: Mapped[list[Any]]
    submitted_at: Mapped[datetime]
    by_id: Mapped[UUID]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    qualification: Mapped[Qualification] = relationship(lazy="joined", innerjoin=True)
    issuer: Mapped[Issuer] = relationship(lazy="joined", innerjoin=True)
    steps: Mapped[list[ApplicationStep]] = relationship(
        lazy="selectin", order_by="ApplicationStep.sequence"
    )

    @property
    def submitted_on(self) -> date:
        """The day on which it was received."""
        return civil_day(self.submitted_at)

    @property
    def done(self) -> list[Done]:
        """The steps, as the rules see them."""
        return [Done(step=each.step, on=civil_day(each.at)) for each in self.steps]


class ApplicationStep(Base):
    """Something that was done about an application: only ever added."""

    __tablename__ = "certificate_application_step"
    __table_args__ = (UniqueConstraint("application_id", "sequence"),)

    id: Mapped[IdColumn]
    application_id: Mapped[UUID] = mapped_column(ForeignKey("certificate_application.id"))
    #: From 1; two at once meet the unique key.
    sequence: Mapped[int]
    step: Mapped[Step] = mapped_column(text_enum(Step))
    reason: Mapped[str]
    #: The document of the decision (文号).
    document: Mapped[str | None]
    #: The certificate that was issued upon it.
    certificate_id: Mapped[UUID | None] = mapped_column(ForeignKey("certificate.id"))
    by_id: Mapped[UUID]
    by_person_id: Mapped[UUID]
    at: Mapped[datetime]
