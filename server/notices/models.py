"""The table of notices (公告表)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.audit.naming import called
from server.db import Base, IdColumn, text_enum
from server.regions.models import Region


class Urgency(StrEnum):
    """How loudly a notice is shown."""

    #: Good to know: maintenance at night.
    INFORMATION = "information"
    #: Something is slow or missing, and exams go on.
    TROUBLE = "trouble"
    #: Exams are stopped or moved.
    OUTAGE = "outage"


@called("notice", "title_zh")
class Notice(Base):
    """What who runs the platform tells everybody, for a while."""

    __tablename__ = "notice"

    id: Mapped[IdColumn]
    urgency: Mapped[Urgency] = mapped_column(text_enum(Urgency))
    title_zh: Mapped[str]
    title_en: Mapped[str]
    body_zh: Mapped[str]
    body_en: Mapped[str]
    #: Whom it concerns; None for everybody.
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("region.id"))
    from_at: Mapped[datetime]
    #: From here on it is shown no more; a notice without an end would stand for ever.
    until_at: Mapped[datetime] = mapped_column(index=True)
    published_by_id: Mapped[UUID]
    published_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    region: Mapped[Region | None] = relationship(lazy="joined")

    @property
    def region_name(self) -> str | None:
        """The name of the region that it concerns."""
        return self.region.name if self.region else None
