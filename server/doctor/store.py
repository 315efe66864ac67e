"""The database: its schema, durability, room for connections, clock, and work beside (数据库)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from server import clock, durability, expansion
from server.config import Config, UnsafeSettings
from server.db import db, sqlite_driver
from server.doctor.findings import Finding, Level
from server.jobs.models import Job, JobState
from server.work import WorkLease

#: Seconds that the clocks of the server and of PostgreSQL may be apart.
MOST_APART = 2.0

#: After this nobody does the work beside the requests any more.
WORK_DEAD = timedelta(minutes=5)

#: A job that waits longer than this waits for nobody.
JOB_LATE = timedelta(minutes=15)


def schema(_config: Config, _at: datetime) -> Iterator[Finding]:
    """Look whether the database answers and has the schema of this code."""
    head = current_app.extensions["schema_head"]
    try:
        with db.engine.connect() as connection:
            there = inspect(connection).has_table("alembic_version")
            statement = text("SELECT version_num FROM alembic_version")
            found = connection.execute(statement).scalar() if there else None
            fits = expansion.serves(connection, found, head)
    except SQLAlchemyError:
        yield Finding(
            check="schema",
            level=Level.STOP,
            zh="数据库无法连接：请检查 DATABASE_URL",
            en="The database does not answer: check DATABASE_URL.",
        )
        return
    yield Finding(
        check="schema",
        level=Level.FINE if fits else Level.STOP,
        zh=f"数据库结构 {found or '为空'}"
        + ("" if fits else f"，程序需要 {head}：请运行 flask prepare"),
        en=f"The schema is {found or 'empty'}"
        + ("." if fits else f", not {head}: run flask prepare."),
    )


def keeps_commits(config: Config, _at: datetime) -> Iterator[Finding]:
    """Look whether an acknowledged commit survives a power cut."""
    try:
        durability.check(db.engine, config)
    except UnsafeSettings as unsafe:
        for problem in unsafe.problems:
            yield Finding(check="durability", level=Level.STOP, zh=problem, en=problem)
        return
    version = (
        f"SQLite {sqlite_driver.sqlite_version}" if config.on_sqlite else _version_of_postgresql()
    )
    yield Finding(
        check="durability",
        level=Level.FINE,
        zh=f"{version}，确认即落盘",
        en=f"{version}: what is acknowledged is on the disk.",
    )


def connections(config: Config, _at: datetime) -> Iterator[Finding]:
    """Look whether PostgreSQL lets all processes in at once, and tells the same time."""
    if config.on_sqlite:
        return
    with db.engine.connect() as connection:
        most = int(connection.execute(text("SHOW max_connections")).scalar_one())
        apart = abs((_time_of(connection) - clock.now()).total_seconds())
    pool = db.engine.pool.size()  # type: ignore[attr-defined]  # of the pool PostgreSQL gets
    # One more for the writer of each process, and some for operators.
    needed = (config.workers + 1) * (pool + 1) + 5
    yield Finding(
        check="connections",
        level=Level.STOP if needed > most else Level.FINE,
        zh=f"数据库允许 {most} 个连接，最多需要 {needed} 个",
        en=f"PostgreSQL lets {most} connections in; up to {needed} are needed.",
    )
    yield Finding(
        check="database_clock",
        level=Level.STOP if apart > MOST_APART else Level.FINE,
        zh=f"数据库与服务器时钟相差 {apart:.2f} 秒",
        en=f"The clocks of database and server are {apart:.2f} s apart.",
    )


def work_beside(_config: Config, at: datetime) -> Iterator[Finding]:
    """Look whether somebody does the work beside the requests, and no job waits in vain."""
    with db.engine.connect() as connection:
        last = connection.execute(select(func.max(WorkLease.done_at))).scalar()
        late = connection.execute(
            select(func.count()).where(Job.state == JobState.QUEUED, Job.asked_at < at - JOB_LATE)
        ).scalar_one()
    dead = last is None or at - last > WORK_DEAD
    moment = "–" if last is None else last.isoformat(timespec="seconds")
    yield Finding(
        check="work",
        level=Level.STOP if dead else Level.FINE,
        zh=f"后台任务最近一次完成于 {moment}" + ("：请确认服务已启动" if dead else ""),
        en=f"Work beside the requests was last done at {moment}"
        + (": see that a server runs." if dead else "."),
    )
    yield Finding(
        check="jobs",
        level=Level.CARE if late else Level.FINE,
        zh=f"{late} 个长任务等待超过 15 分钟",
        en=f"{late} jobs have waited for more than 15 minutes.",
    )


def _version_of_postgresql() -> str:
    with db.engine.connect() as connection:
        return f"PostgreSQL {connection.execute(text('SHOW server_version')).scalar_one()}"


def _time_of(connection: Connection) -> datetime:
    found: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return found


CHECKS = (keeps_commits, connections, work_beside)
