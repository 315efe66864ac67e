"""What an operator watches besides requests, as Prometheus reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from certificates.models import CoverageCheck, CoverageWaiting, SigningKey
from server.app import engine_of
from server.backups.services import folder_of
from server.config import Config
from server.db import db
from server.jobs.models import Job, JobState
from server.work import WorkLease
from tests.factories.exams import an_attempt, an_exam
from tests.moments import NOON, Clock

Writing = Callable[[], AbstractContextManager[None]]

ROOT = Path(__file__).parents[2]
WATCHING = ROOT / "docs" / "running" / "watching"


@pytest.fixture
def read(
    client: FlaskClient, app: Flask
) -> Iterator[Callable[[str], dict[tuple[str, ...], float]]]:
    """Read the samples of one name: `{labels: value}`, as they are at this moment."""

    def samples(name: str) -> dict[tuple[str, ...], float]:
        app.extensions["gauges"].forget()
        told = client.get("/metrics").get_data(as_text=True)
        return {
            tuple(sample.labels.values()): sample.value
            for family in text_string_to_metric_families(told)
            for sample in family.samples
            if sample.name == name
        }

    yield samples
    app.extensions["gauges"].forget()


def a_job(kind: str, state: JobState, *, ago: timedelta) -> Job:
    return Job(id=uuid4(), kind=kind, wanted={}, asked_by=uuid4(), asked_at=NOON - ago, state=state)


def test_jobs_are_counted_by_kind_and_state_and_only_waiting_ones_wait(
    writing: Writing, read: Any
) -> None:
    with writing():
        for kind, state, minutes in (
            ("question_import", JobState.QUEUED, 20),
            ("question_import", JobState.QUEUED, 3),
            ("paper_print", JobState.RUNNING, 90),
            ("paper_print", JobState.DONE, 900),
        ):
            db.session.add(a_job(kind, state, ago=timedelta(minutes=minutes)))

    assert read("platform_jobs") == {
        ("question_import", "queued"): 2,
        ("paper_print", "running"): 1,
    }
    assert read("platform_job_wait_seconds") == {(): 20 * 60}


def test_an_attempt_past_its_deadline_is_seen_until_it_is_closed(
    writing: Writing, read: Any, the_clock: Clock
) -> None:
    with writing():
        attempt = an_attempt(an_exam(), at=NOON)
        deadline = attempt.deadline_at
    assert read("platform_attempts") == {("in_progress",): 1, ("submitted",): 0}
    assert read("platform_attempt_overdue_seconds") == {(): 0}

    the_clock.move(deadline - NOON + timedelta(seconds=150))

    assert read("platform_attempt_overdue_seconds") == {(): 150}


def test_the_work_beside_is_as_old_as_when_it_was_last_done(writing: Writing, read: Any) -> None:
    with writing():
        done_at = NOON - timedelta(seconds=77)
        db.session.add(WorkLease(name="close", holder="x", until_at=NOON, done_at=done_at))
        db.session.add(WorkLease(name="never", holder="x", until_at=NOON))

    assert read("platform_work_age_seconds") == {("close",): 77}


def test_coverage_says_who_waits_to_be_counted_and_what_the_check_found(
    writing: Writing, read: Any
) -> None:
    with writing():
        waiting_since = NOON - timedelta(seconds=90)
        db.session.add(
            CoverageWaiting(thing_id=uuid4(), is_organisation=False, since=waiting_since)
        )
        for days, differences in ((2, []), (1, [["cell"], ["cell"]])):
            db.session.add(
                CoverageCheck(
                    checked_at=NOON - timedelta(days=days),
                    cell_count=9,
                    differences=differences,
                    seconds=1,
                )
            )

    assert read("platform_coverage_waiting") == {(): 1}
    assert read("platform_coverage_lag_seconds") == {(): 90}
    assert read("platform_coverage_differences") == {(): 2}


def test_each_issuer_tells_how_long_it_can_sign(
    demonstrated: Flask, writing: Writing, read: Any
) -> None:
    del demonstrated
    with writing():
        for key in db.session.query(SigningKey):
            key.not_after = (NOON + timedelta(days=12)).date()

    assert set(read("platform_signing_key_days").values()) == {12}
    assert read("platform_messages_unsent") == {(): 0}
    assert 0 < read("platform_seal_days")[()] < 20_000


def test_disks_and_the_database_have_a_size(read: Any, config: Config) -> None:
    folder_of(config)
    free, whole = read("platform_disk_free_bytes"), read("platform_disk_bytes")

    assert free.keys() == whole.keys() == {("data",), ("backup",)}
    assert all(0 < free[disk] < whole[disk] for disk in free)
    assert read("platform_database_bytes")[()] > 100_000
    if not config.on_sqlite:
        assert 0 < read("platform_database_connections")[()] < 100


def test_a_gauge_that_cannot_be_read_hides_no_other(app: Flask, read: Any) -> None:
    with engine_of(app).begin() as connection:
        connection.execute(text("ALTER TABLE coverage_waiting RENAME TO coverage_gone"))
    try:
        assert read("platform_gauges_failed") == {(): 1}
        assert read("platform_coverage_waiting") == {}
        assert read("platform_job_wait_seconds") == {(): 0}
    finally:
        with engine_of(app).begin() as connection:
            connection.execute(text("ALTER TABLE coverage_gone RENAME TO coverage_waiting"))


def test_many_who_ask_at_once_are_told_the_same_reading(
    client: FlaskClient, read: Any, count_statements: Callable[[], AbstractContextManager[Any]]
) -> None:
    read("platform_jobs")
    with count_statements() as sent:
        assert client.get("/metrics").status_code == 200
    assert sent == []


@pytest.mark.parametrize("file", ["alerts.yml", "dashboard.json", "alerts_test.yml"])
def test_what_is_watched_is_a_figure_that_there_is(file: str) -> None:
    written = "\n".join(
        path.read_text("utf-8")
        for pattern in (
            "server/gauges/*.py",
            "*/services/gauges.py",
            "server/observing.py",
            "server/messages/services/gauges.py",
        )
        for path in ROOT.glob(pattern)
    )
    there = set(re.findall(r'"(platform_[a-z_]+)"', written))
    watched = set(re.findall(r"platform_[a-z_]+", (WATCHING / file).read_text("utf-8")))

    unknown = {name for name in watched if re.sub("_bucket$", "", name) not in there}

    assert len(watched) > 15
    assert unknown == set()
