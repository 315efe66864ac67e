"""The platform's own gauges: jobs, work beside, disks, the database, backups (平台指标)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select, text

from server.backups import shelf
from server.backups.errors import BackupFailed
from server.backups.services import folder_of
from server.config import Config
from server.db import db
from server.gauges.readings import Gauge, Reading, age
from server.jobs.models import UNFINISHED, Job, JobState
from server.work import WorkLease


def jobs(_config: Config, at: datetime) -> Iterator[Reading]:
    """Read how many jobs wait or are being done, and how long the oldest has waited."""
    statement = (
        select(Job.kind, Job.state, func.count(), func.min(Job.asked_at))
        .where(Job.state.in_(UNFINISHED))
        .group_by(Job.kind, Job.state)
    )
    oldest = None
    for kind, state, count, asked_at in db.session.execute(statement):
        yield Reading(
            name="platform_jobs",
            meaning="Jobs that have yet to end.",
            value=count,
            labels={"kind": kind, "state": state},
        )
        if state is JobState.QUEUED and (oldest is None or asked_at < oldest):
            oldest = asked_at
    yield Reading(
        name="platform_job_wait_seconds",
        meaning="Seconds for which the oldest job has waited for its turn.",
        value=age(at, oldest),
    )


def work_beside(_config: Config, at: datetime) -> Iterator[Reading]:
    """Read how long ago each piece of work beside the requests was done."""
    for name, done_at in db.session.execute(select(WorkLease.name, WorkLease.done_at)):
        if done_at is not None:
            yield Reading(
                name="platform_work_age_seconds",
                meaning="Seconds since a piece of work beside the requests was last done.",
                value=age(at, done_at),
                labels={"work": name},
            )


def disks(config: Config, _at: datetime) -> Iterator[Reading]:
    """Read how much of the disks of data and backups is free."""
    for disk, folder in (("data", config.data_dir), ("backup", folder_of(config))):
        if not folder.exists():
            continue
        usage = shutil.disk_usage(folder)
        for name, meaning, value in (
            ("platform_disk_free_bytes", "Bytes free on a disk.", usage.free),
            ("platform_disk_bytes", "Bytes a disk has.", usage.total),
        ):
            yield Reading(name=name, meaning=meaning, value=value, labels={"disk": disk})


def database(config: Config, _at: datetime) -> Iterator[Reading]:
    """Read how large the database is and, on PostgreSQL, its connections and replicas."""
    size, meaning = "platform_database_bytes", "Bytes that the database takes on its disk."
    if config.on_sqlite:
        path = db.engine.url.database or ""
        files = (f"{path}{suffix}" for suffix in ("", "-wal"))
        found = sum(os.path.getsize(file) for file in files if os.path.exists(file))
        yield Reading(name=size, meaning=meaning, value=found)
        return
    connection = db.session.connection()
    bytes_, used, most = connection.execute(
        text(
            "SELECT pg_database_size(current_database()),"
            " (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),"
            " current_setting('max_connections')::int"
        )
    ).one()
    yield Reading(name=size, meaning=meaning, value=bytes_)
    for name, meaning, value in (
        ("platform_database_connections", "Connections to PostgreSQL.", used),
        ("platform_database_connections_most", "Connections that PostgreSQL lets in.", most),
    ):
        yield Reading(name=name, meaning=meaning, value=value)
    replicas = connection.execute(
        text(
            "SELECT application_name, coalesce(extract(epoch FROM replay_lag), 0)::float"
            " FROM pg_stat_replication"
        )
    )
    for replica, lag in replicas:
        yield Reading(
            name="platform_replica_lag_seconds",
            meaning="Seconds by which a replica shows the past.",
            value=lag,
            labels={"replica": replica},
        )


def backups(config: Config, at: datetime) -> Iterator[Reading]:
    """Read how long ago a backup was made, and one came back whole; nothing before the first."""
    try:
        found = shelf.every(folder_of(config))
    except BackupFailed:
        return
    made = max((one.manifest.made_at for one in found), default=None)
    tried = max((moment for one in found if (moment := one.tried_at)), default=None)
    for name, meaning, moment in (
        ("platform_backup_age_seconds", "Seconds since a backup was made.", made),
        ("platform_backup_trial_age_seconds", "Seconds since a backup came back whole.", tried),
    ):
        if moment is not None:
            yield Reading(name=name, meaning=meaning, value=age(at, moment))


GAUGES: tuple[Gauge, ...] = (jobs, work_beside, disks, database, backups)
