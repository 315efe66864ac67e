"""Reading from a replica, as far behind as is bearable and never further (只读副本).

Figures, trends and public pages may be some seconds old: with `REPLICA_URL` they are read from a
replica, so that a bureau that looks at a province never slows down an exam. How old they are is
measured by a heartbeat that the primary keeps (whatever replicates it, it arrives last), told in
the header `Data-Age`, and bounded: a replica that lies further behind, or is gone, is passed over.
Whatever decides about somebody, and what a request has itself written, is read from the primary.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar

import structlog
from flask import Flask, after_this_request, current_app
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.exc import SQLAlchemyError

from server import clock
from server.config import Config
from server.db import READS_FROM, db
from server.engines import engine_options, guard_durability
from server.work import Work, WorkLease

View = TypeVar("View", bound=Callable[..., Any])

log = structlog.get_logger("replica")

#: Seconds that what is shown may lie behind.
MOST_BEHIND = 15.0

#: Seconds for which a replica that was found too old, or gone, is not asked again.
PASSED_OVER = 5.0

#: Connections of a process to the replica.
CONNECTIONS = 4

#: The header that tells how many seconds what is shown lies behind.
HEADER = "Data-Age"

_KEY = "replica"

#: Keeps the moment by which replicas are measured: its lease is written at every beat. Where there
#: is no replica it costs nothing.
HEARTBEAT = Work(
    name="heartbeat",
    every=timedelta(seconds=2),
    urgent=True,
    run=lambda _at: 0,
    needed=lambda _at: current_app.extensions[_KEY] is not None,
)


class Replica:
    """The replica of a process.

    Args:
        engine: which connects to it.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._passed_over_until = float("-inf")
        self._lock = threading.Lock()

    def seconds_behind(self, at: datetime) -> float | None:
        """Return how far it lies behind; None where it may not be asked now."""
        if time.monotonic() < self._passed_over_until:
            return None
        try:
            with self.engine.connect() as connection:
                beat = connection.execute(
                    select(WorkLease.done_at).where(WorkLease.name == HEARTBEAT.name)
                ).scalar()
        except SQLAlchemyError as error:
            self._pass_over(type(error).__name__)
            return None
        behind = None if beat is None else max(0.0, (at - beat).total_seconds())
        if behind is None or behind > MOST_BEHIND:
            self._pass_over("too old")
            return None
        return behind

    def _pass_over(self, reason: str) -> None:
        with self._lock:
            self._passed_over_until = time.monotonic() + PASSED_OVER
        log.warning("replica passed over", reason=reason)


def install(app: Flask, config: Config) -> None:
    """Give the application its replica, if the settings name one."""
    app.extensions[_KEY] = None
    if config.replica_url is None:
        return
    options = engine_options(config.replica_url, pool_size=CONNECTIONS, prepared=False)
    engine = create_engine(config.replica_url, **options)
    guard_durability(engine)
    app.extensions[_KEY] = Replica(engine)


def may_lag(view: View) -> View:
    """State that what a view shows may be some seconds old, and may come from a replica.

    Written below the guard, so that who asks is found on the primary.
    """

    @wraps(view)
    def reading(*args: Any, **kwargs: Any) -> Any:
        replica: Replica | None = current_app.extensions[_KEY]
        behind = replica.seconds_behind(clock.now()) if replica is not None else None
        if replica is None or behind is None:
            return view(*args, **kwargs)
        session = db.session()
        session.rollback()  # what was read until here came from the primary
        session.info[READS_FROM] = replica.engine
        try:
            answer = view(*args, **kwargs)
        finally:
            session.rollback()
            del session.info[READS_FROM]
        after_this_request(lambda response: _tell(response, behind))
        return answer

    return reading  # type: ignore[return-value]  # the same signature


def _tell(response: Any, behind: float) -> Any:
    response.headers[HEADER] = f"{behind:.0f}"
    return response
