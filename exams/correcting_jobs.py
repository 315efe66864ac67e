"""Jobs and background work of regrades (重新评分任务)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from exams.services import marks, regrades, regrading_work
from server.db import transaction
from server.jobs.work import Kind, Running
from server.work import Work


def preview(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Work out what a regrade would change. Doing it again gives the same."""
    return regrading_work.preview(
        UUID(wanted["regrade_id"]), piece=transaction, told=running.told, at=running.at()
    )


def apply(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Carry an approved regrade out. Doing it again changes nothing."""
    return regrading_work.apply(
        UUID(wanted["regrade_id"]), piece=transaction, told=running.told, at=running.at()
    )


def follow_up(at: datetime) -> int:
    """Put right what was graded by an old key meanwhile; return how many outcomes."""
    return regrading_work.follow_up(piece=transaction, at=at)


class Looker:
    """Lets a process forget the keys it holds in memory once one of them was corrected."""

    def __init__(self) -> None:
        self._seen: int | None = None

    def hear(self, made: int) -> None:
        """Hear how many corrections there are, and look whether they are more than before."""
        if self._seen is not None and made != self._seen:
            marks.forget_keys()
        self._seen = made


#: For wsgi.py.
JOBS = (
    Kind(name=regrades.PREVIEW, run=preview),
    Kind(name=regrades.APPLY, run=apply),
)

WORK = Work(
    name="follow_up_regrades",
    every=timedelta(seconds=10),
    run=follow_up,
    waiting=(regrades.UNSETTLED,),
    figure=regrading_work.CORRECTIONS_MADE,
    hears=Looker().hear,
)
