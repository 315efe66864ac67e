"""What a part says of its long work, and what the work may ask of its job (任务内容)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Engine, update
from sqlalchemy.exc import OperationalError

from server import clock
from server.jobs import files
from server.jobs.files import KeptFile
from server.jobs.models import Job
from server.jobs.services import LEASE

log = structlog.get_logger("jobs")

#: Seconds between two looks at whether the job is to stop, and how far it is.
_LOOK = 0.5

#: Looks after which the lease is renewed although nothing moved.
_LOOKS_PER_RENEWAL = 10

#: Seconds of work after which a job leaves a gap, and how long that is.
_BETWEEN_GAPS, _GAP = 0.25, 0.025


class Cancelled(Exception):
    """Who asked for the job wants it stopped: undo nothing that is committed, and end."""


class Lost(Exception):
    """Another process has taken the job up, because this one seemed dead: end without a word."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of long work.

    `run` gets the running job and what was wanted, and returns the result. It opens its own
    transactions, small ones, so that an exam beside it never waits long. After a crash it is run
    again from the beginning: what it did before must do no harm then. A `DomainError` it raises
    is shown to who asked.

    `when_done` gets what was wanted, the result and the moment, inside the transaction that says
    the job is done and keeps its files: whoever it tells of them finds them there.
    """

    name: str
    run: Callable[[Running, Mapping[str, Any]], Mapping[str, Any]]
    when_done: Callable[[Mapping[str, Any], Mapping[str, Any], datetime], None] | None = None


class Pulse:
    """Tells the table how far a job is and keeps its lease, in a thread beside the work.

    The work itself may stand inside a transaction; a write of its own would wait for that.
    """

    def __init__(self, engine: Engine, job_id: UUID, holder: str) -> None:
        self._engine = engine
        self._job_id = job_id
        self._holder = holder
        self._far = (0, 0)
        self._told = (0, 0)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pulse of a job", daemon=True)
        self.stop_asked = False
        self.lost = False

    def __enter__(self) -> Pulse:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def far(self, done: int, total: int) -> None:
        """Remember how far the work is."""
        self._far = (done, total)

    @property
    def reached(self) -> tuple[int, int]:
        """How many of how many things were done, as last told."""
        return self._far

    def _run(self) -> None:
        looks = 0
        while not self._over.wait(_LOOK):
            looks += 1
            if self._far != self._told or looks % _LOOKS_PER_RENEWAL == 0:
                self._tell()
            else:
                self._look()

    def _tell(self) -> None:
        done, total = self._far
        statement = (
            update(Job)
            .where(Job.id == self._job_id, Job.holder == self._holder)
            .values(done=done, total=total, held_until=clock.now() + LEASE)
            .returning(Job.stop_asked_at)
        )
        try:
            with self._engine.execution_options(writes=True).begin() as connection:
                row = connection.execute(statement).first()
        except OperationalError:  # a long transaction holds the file; the next look tells it
            return
        self._told = (done, total)
        self._take_in(row)

    def _look(self) -> None:
        statement = Job.__table__.select().with_only_columns(Job.stop_asked_at)
        mine = statement.where(Job.id == self._job_id, Job.holder == self._holder)
        with self._engine.connect() as connection:
            self._take_in(connection.execute(mine).first())

    def _take_in(self, row: Any) -> None:
        self.lost = row is None
        self.stop_asked = row is not None and row.stop_asked_at is not None


class Running:
    """A job that is being done: what the work may ask of it and tell it."""

    def __init__(self, job: Job, pulse: Pulse) -> None:
        self.job_id: UUID = job.id
        #: The account that asked.
        self.asked_by: UUID = job.asked_by
        self.asked_at: datetime = job.asked_at
        self.kept: list[KeptFile] = []
        self._pulse = pulse
        self._gave_way = time.monotonic()

    def told(self, done: int, total: int) -> None:
        """Say how many of how many things are done; a total of 0 is not known yet.

        Raises:
            Cancelled: the work is to stop here.
            Lost: another process does it now.
        """
        self._pulse.far(done, total)
        self._give_way()
        if self._pulse.lost:
            raise Lost
        if self._pulse.stop_asked:
            raise Cancelled

    def _give_way(self) -> None:
        """Leave a gap now and then: who waits to write beside one transaction after the other.

        SQLite wakes a waiting writer by trying again, and would find the next one there already.
        """
        if time.monotonic() - self._gave_way > _BETWEEN_GAPS:
            time.sleep(_GAP)
            self._gave_way = time.monotonic()

    def keep(self, name: str, media_type: str, content: bytes) -> None:
        """Give a file to who asked; it is there when the job is done."""
        self.kept.append(KeptFile(name=name, media_type=media_type, content=content))

    def file(self, name: str) -> bytes:
        """Return a file that came with the question.

        Raises:
            NotFound: none of that name came.
        """
        return files.kept(self.job_id, name, is_given=True).content

    @staticmethod
    def at() -> datetime:
        """Return the moment it is now."""
        return clock.now()
