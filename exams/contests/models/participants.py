"""Who takes part, with an account or by a phone number alone (参赛人)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from exams.contests.models.contests import Contest
from server.db import Base, IdColumn
from server.organisations.models import Organisation
from server.regions.models import Region


class ContestParticipant(Base):
    """Somebody in a contest: one person, one place (参赛人)."""

    __tablename__ = "contest_participant"
    __table_args__ = (
        UniqueConstraint("contest_id", "person_id"),
        UniqueConstraint("contest_id", "phone_index"),
        Index(None, "contest_id", "device_id"),
        CheckConstraint("person_id IS NOT NULL OR phone_index IS NOT NULL", name="known_by"),
    )

    #: Made by the phone.
    id: Mapped[IdColumn]
    contest_id: Mapped[UUID] = mapped_column(ForeignKey("contest.id"))
    #: Who it is, where they have a file; a winner without one is named by the organiser later.
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: HMAC of the phone number: the number itself is not kept.
    phone_index: Mapped[str | None]
    #: The name, encrypted for this participant, and the key that closed it.
    name_cipher: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    name_key_id: Mapped[str]
    #: The name as boards show it: 王**.
    masked_name: Mapped[str]
    #: Younger than eighteen on the day of joining.
    minor: Mapped[bool]
    guardian_agrees: Mapped[bool]
    #: The version of the notice that was agreed to, and when.
    notice_version: Mapped[int]
    agreed_at: Mapped[datetime]
    region_id: Mapped[UUID] = mapped_column(ForeignKey("region.id"))
    employer_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    #: Division of GB/T 4754 and what they are, for the statistics; None where nobody said.
    industry: Mapped[str | None]
    role: Mapped[str | None]
    #: The number that the phone made for itself, and the network it came from: evidence for people.
    device_id: Mapped[UUID]
    network: Mapped[str]
    #: The `sid` of the participant's token, made by the server.
    token_id: Mapped[UUID]
    joined_at: Mapped[datetime]
    #: From here on they take part no more, and their name is gone.
    withdrawn_at: Mapped[datetime | None]

    contest: Mapped[Contest] = relationship(lazy="raise_on_sql")
    region: Mapped[Region] = relationship(lazy="raise_on_sql")
    employer: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")


class PhoneCode(Base):
    """A code that was sent to a phone number (短信验证码); the newest of a number counts."""

    __tablename__ = "phone_code"

    #: HMAC of contest and number.
    phone_index: Mapped[str] = mapped_column(primary_key=True)
    #: HMAC of the code: the table lets nobody in.
    code_hash: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(index=True)
    until_at: Mapped[datetime]
    tries_left: Mapped[int]
