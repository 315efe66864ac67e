"""The job that tries or applies for a large workbook of candidates (大批量报名任务)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.jobs.work import Kind, Running


def run(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Work through a workbook. Doing it again applies for nobody twice."""
    from exams.services import enrolment_jobs

    # What reads and writes workbooks is loaded where it is needed.
    return enrolment_jobs.run(running, wanted)


#: For wsgi.py.
KIND = Kind(name="enrolment_import", run=run)
