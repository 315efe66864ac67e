"""What follows for an import when its long work ends, or has yet to (导入任务的后果)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from question_bank.models import ImportState, QuestionImport
from question_bank.services import imports
from server.db import db
from server.jobs.events import JobGivenUp
from server.jobs.models import UNFINISHED, Job


def follow_given_up(event: JobGivenUp) -> None:
    """Leave nothing half done where the long work of an import was given up.

    An import that was not read to its end is gone, file and all. One that was being accepted is
    a preview again, for nothing of it was written.
    """
    if event.kind not in (imports.READING, imports.ACCEPTING):
        return
    import_id = UUID(event.wanted["import_id"])
    kept = db.session.get(QuestionImport, import_id, with_for_update=True, populate_existing=True)
    if kept is None or kept.job_id != event.job_id:
        return
    if kept.state is ImportState.READING:
        imports.forget(import_id)
    elif kept.state is ImportState.ACCEPTING:
        kept.state, kept.accepted_only = ImportState.PREVIEWED, None
        db.session.flush()


def is_being_accepted() -> bool:
    """Say whether a job accepts an import now, or will."""
    unfinished = select(Job.id).where(Job.kind == imports.ACCEPTING, Job.state.in_(UNFINISHED))
    return db.session.scalars(unfinished.limit(1)).first() is not None
