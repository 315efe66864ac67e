"""Long work with certificates, done by the queue: issuing in bulk, printing (批量任务)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from certificates.services import approving, bulk
from server.db import db, transaction
from server.jobs.work import Kind, Running


def issue_batch(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Issue what was approved, some at a time; begun again, it goes on where it was."""
    batch_id = UUID(wanted["batch_id"])
    total = bulk.left(batch_id)
    db.session.rollback()
    done = 0
    running.told(done, total)
    while True:
        with transaction():
            some = bulk.issue_some(batch_id, at=running.at())
        if not some:
            return {"line_count": done}
        # What is committed is done with: thousands of certificates need not stay in memory.
        db.session.expunge_all()
        done += some
        running.told(done, total)


#: For wsgi.py.
JOBS = (Kind(name=approving.JOB, run=issue_batch),)
