"""Tables of long work (任务表)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import Base, IdColumn, text_enum


class JobState(StrEnum):
    """How far a job is."""

    #: Waits for its turn.
    QUEUED = "queued"
    #: Is being done.
    RUNNING = "running"
    #: Came to a good end; the result is there.
    DONE = "done"
    #: Was given up; `failure` says why.
    FAILED = "failed"
    #: Was stopped by who asked for it.
    CANCELLED = "cancelled"


#: States in which a job has yet to end.
UNFINISHED = (JobState.QUEUED, JobState.RUNNING)

#: States in which a job has ended without a result.
GIVEN_UP = (JobState.FAILED, JobState.CANCELLED)


class Job(Base):
    """A piece of long work that somebody asked for."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state", "state", "asked_at"),)

    id: Mapped[IdColumn]
    #: What is done, by the name its part gave it.
    kind: Mapped[str]
    #: What it is to be done with.
    wanted: Mapped[dict[str, Any]]
    #: The account that asked, and alone may look.
    asked_by: Mapped[UUID] = mapped_column(index=True)
    asked_at: Mapped[datetime]
    state: Mapped[JobState] = mapped_column(text_enum(JobState))
    #: How many of how many things are done; a total of 0 is not known yet.
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    #: When somebody asked to stop it.
    stop_asked_at: Mapped[datetime | None]
    #: The process that does it, and until when nobody else takes it up.
    holder: Mapped[str | None]
    held_until: Mapped[datetime | None]
    #: How often it was taken up.
    tries: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    #: What came out of it.
    result: Mapped[dict[str, Any] | None]
    #: Why it failed: `code`, and a sentence in `zh` and `en`.
    failure: Mapped[dict[str, Any] | None]

    files: Mapped[list[JobFile]] = relationship(
        order_by="JobFile.name", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def shown_files(self) -> list[JobFile]:
        """The files that came out of it."""
        return [file for file in self.files if not file.is_given]


class JobFile(Base):
    """A file that goes into a job or comes out of it, sealed: it may hold personal data."""

    __tablename__ = "job_file"

    job_id: Mapped[UUID] = mapped_column(ForeignKey("job.id"), primary_key=True)
    #: Its name, as it is saved where it is downloaded.
    name: Mapped[str] = mapped_column(primary_key=True)
    #: Whether it came with the question; such a file is not shown.
    is_given: Mapped[bool] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    #: Bytes of it in clear.
    size: Mapped[int]
    #: Left where a list of files is read: it can be large.
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
