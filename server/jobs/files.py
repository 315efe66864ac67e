"""Files that go into a job and come out of it (任务文件)."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import undefer

from server.db import db
from server.errors import NotFound
from server.jobs import sealing
from server.jobs.models import JobFile


@dataclass(frozen=True, kw_only=True)
class KeptFile:
    """A file in clear."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


def closed(job_id: UUID, kept: KeptFile, *, is_given: bool) -> JobFile:
    """Return the row of a file, its content sealed."""
    return JobFile(
        name=kept.name,
        is_given=is_given,
        media_type=kept.media_type,
        size=len(kept.content),
        sealed=sealing.current().seal(kept.content, job_id=job_id, name=kept.name),
    )


def kept(job_id: UUID, name: str, *, is_given: bool = False) -> KeptFile:
    """Return a file of a job, opened.

    Raises:
        NotFound: there is none of that name, or its time is over.
    """
    key = (job_id, name, is_given)
    found = db.session.get(JobFile, key, options=[undefer(JobFile.sealed)], populate_existing=True)
    if found is None:
        raise NotFound
    content = sealing.current().open(found.sealed, job_id=job_id, name=name)
    return KeptFile(name=name, media_type=found.media_type, content=content)
