"""Long work is asked for, watched, stopped and fetched by who asked, and by nobody else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from server import clock
from server.db import db
from server.errors import IdTaken
from server.jobs import running as jobs
from server.jobs import services
from server.jobs.errors import TooManyJobs
from server.jobs.models import Job, JobFile, JobState
from server.policy import Identity, Role
from server.working import Worker
from tests.factories.accounts import SignedIn
from tests.factories.jobs import KINDS, SEEN


@dataclass
class Asking:
    """Somebody who asks for jobs."""

    somebody: SignedIn
    writing: Callable[[], AbstractContextManager[None]]

    @property
    def headers(self) -> dict[str, str]:
        """What their requests carry."""
        return self.somebody.headers

    def __call__(self, kind: str, *, job_id: UUID | None = None, files=None, **wanted) -> UUID:
        """Ask for a job of a kind; return its id."""
        by, known = identity_of(self.somebody), job_id or uuid4()
        with self.writing():
            services.ask(known, kind, wanted, by=by, at=clock.now(), files=files)
        return known


@pytest.fixture
def asked(app, writing, a_signed_in):
    """Ask for a job of the kinds of tests, as somebody."""
    kept = app.extensions["job_kinds"]
    jobs.install(app, KINDS)
    yield Asking(a_signed_in(Role.WORKER), writing)
    app.extensions["job_kinds"] = kept


def identity_of(somebody: SignedIn) -> Identity:
    return Identity(
        account_id=somebody.account_id, person_id=somebody.person_id, grants=(), address=None
    )


def shown(client, asked, job_id):
    reply = client.get(f"/v1/jobs/{job_id}", headers=asked.headers)
    assert reply.status_code == 200
    return reply.json


def test_a_job_waits_is_done_and_tells_how_far_it_is(client, asked, run_jobs):
    job_id = asked("count", until=3)
    before = shown(client, asked, job_id)

    run_jobs()

    after = shown(client, asked, job_id)
    assert (before["state"], before["result"]) == ("queued", None)
    assert (after["state"], after["done"], after["total"]) == ("done", 3, 3)
    assert after["result"] == {"counted": 3}
    assert after["ended_at"] is not None


def test_jobs_are_done_in_the_order_they_were_asked_for(client, asked, run_jobs, the_clock):
    first = asked("count", until=1)
    the_clock.move(timedelta(seconds=1))
    second = asked("count", until=1)

    run_jobs()

    reply = client.get("/v1/jobs", headers=asked.headers)
    assert [job["id"] for job in reply.json["items"]] == [str(second), str(first)]
    assert {job["state"] for job in reply.json["items"]} == {"done"}


def test_asking_again_changes_nothing_and_another_job_cannot_take_the_id(asked, app):
    job_id = asked("count", until=3)

    assert asked("count", until=3, job_id=job_id) == job_id
    with pytest.raises(IdTaken):
        asked("count", until=4, job_id=job_id)


def test_nobody_else_finds_the_job_or_its_files(client, asked, run_jobs, a_signed_in):
    job_id = asked("turn", files={"given.txt": "安全".encode()})
    run_jobs()
    other = a_signed_in(Role.ADMINISTRATOR)

    replies = [
        client.get(f"/v1/jobs/{job_id}", headers=other.headers),
        client.get(f"/v1/jobs/{job_id}/files/turned.txt", headers=other.headers),
        client.put(f"/v1/jobs/{job_id}/cancellation", headers=other.headers),
    ]

    assert [reply.status_code for reply in replies] == [404, 404, 404]
    assert client.get("/v1/jobs", headers=other.headers).json["items"] == []


def test_a_file_goes_in_and_another_comes_out_and_neither_lies_in_clear(
    client, asked, run_jobs, app
):
    given = b"a roster with numbers in it"
    job_id = asked("turn", files={"given.txt": given})
    run_jobs()

    listed = shown(client, asked, job_id)["files"]
    reply = client.get(f"/v1/jobs/{job_id}/files/turned.txt", headers=asked.headers)
    hidden = client.get(f"/v1/jobs/{job_id}/files/given.txt", headers=asked.headers)

    assert listed == [{"name": "turned.txt", "media_type": "text/plain", "size": len(given)}]
    assert reply.data == given[::-1]
    assert reply.headers["Content-Disposition"] == "attachment; filename=turned.txt"
    assert hidden.status_code == 404
    with app.app_context():
        rows = db.session.query(JobFile.sealed).all()
    assert len(rows) == 2
    assert not any(given in row.sealed or given[::-1] in row.sealed for row in rows)


@pytest.mark.parametrize(("kind", "code"), [("refuse", "not_found"), ("fail", "job_failed")])
def test_what_fails_says_why_and_stops_no_other_job(
    client, asked, run_jobs, the_clock, capfd, kind, code
):
    failing = asked(kind)
    the_clock.move(timedelta(seconds=1))
    next_one = asked("count", until=1)

    run_jobs()

    failure = shown(client, asked, failing)["failure"]
    assert failure["code"] == code
    assert failure["zh"]
    assert failure["en"]
    assert shown(client, asked, next_one)["state"] == "done"
    assert "110101199003074610" not in "".join(capfd.readouterr())


def test_a_waiting_job_is_cancelled_at_once_and_an_ended_one_not_at_all(client, asked, run_jobs):
    waiting = asked("count", until=1)
    reply = client.put(f"/v1/jobs/{waiting}/cancellation", headers=asked.headers)
    ended = asked("count", until=1)
    run_jobs()

    again = client.put(f"/v1/jobs/{waiting}/cancellation", headers=asked.headers)
    late = client.put(f"/v1/jobs/{ended}/cancellation", headers=asked.headers)

    assert (reply.json["state"], again.json["state"]) == ("cancelled", "cancelled")
    assert (late.status_code, late.json["code"]) == (409, "job_over")


def test_an_operator_stops_whoevers_job_it_is(client, asked, app):
    first, second = asked("count", until=1), asked("count", until=1)
    runner = app.test_cli_runner()

    listed = runner.invoke(args=["jobs", "list"]).output.splitlines()
    stopped = runner.invoke(args=["jobs", "cancel", str(first)])
    unknown = runner.invoke(args=["jobs", "cancel", str(uuid4())])

    assert {line.split()[0] for line in listed} == {str(first), str(second)}
    assert (stopped.exit_code, unknown.exit_code) == (0, 1)
    assert shown(client, asked, first)["state"] == "cancelled"
    assert str(first) not in runner.invoke(args=["jobs", "list"]).output


def test_a_running_job_stops_at_its_next_step(client, asked, app):
    job_id = asked("go_on")
    doing = threading.Thread(target=jobs.run_next, args=(app, "the test"))
    doing.start()
    while shown(client, asked, job_id)["state"] == "queued":
        time.sleep(0.02)

    client.put(f"/v1/jobs/{job_id}/cancellation", headers=asked.headers)
    doing.join(timeout=30)

    assert shown(client, asked, job_id)["state"] == "cancelled"


def test_a_job_of_a_lost_process_is_taken_up_again_when_its_lease_is_over(
    client, asked, run_jobs, writing, the_clock
):
    job_id = asked("count", until=2)
    with writing():
        services.take("a process that dies", at=clock.now())

    run_jobs()
    held = shown(client, asked, job_id)["state"]
    the_clock.move(services.LEASE)
    run_jobs()

    assert held == "running"
    assert shown(client, asked, job_id)["state"] == "done"


def test_a_job_that_kills_its_process_again_and_again_is_given_up(
    client, asked, run_jobs, writing, the_clock
):
    job_id = asked("die")
    for _ in range(jobs.MOST_TRIES):
        with writing():
            services.take("a process that dies", at=clock.now())
        the_clock.move(services.LEASE)

    run_jobs()

    assert shown(client, asked, job_id)["failure"]["code"] == "job_died"


def test_whoever_is_told_that_a_job_is_done_finds_its_files_and_nobody_is_told_before(
    client, asked, app, run_jobs, the_clock
):
    SEEN.clear()
    job_id = asked("tell", files={"given.txt": b"given"}, goes_wrong=True)

    with pytest.raises(ZeroDivisionError):
        jobs.run_next(app, "the first")
    before = shown(client, asked, job_id)
    the_clock.move(timedelta(minutes=5))
    run_jobs()

    assert (before["state"], before["files"]) == ("running", [])
    assert shown(client, asked, job_id)["state"] == "done"
    assert SEEN == [1, 1]


def test_whoever_lost_a_job_cannot_end_it(asked, writing, the_clock):
    job_id = asked("count", until=1)
    with writing():
        services.take("first", at=clock.now())
    the_clock.move(services.LEASE)
    with writing():
        services.take("second", at=clock.now())

    with writing():
        ended = services.end(job_id, "first", JobState.DONE, at=clock.now())

    assert ended is False


def test_one_account_has_only_so_many_jobs_waiting(asked):
    for _ in range(services.MOST_UNFINISHED):
        asked("count", until=1)

    with pytest.raises(TooManyJobs):
        asked("count", until=1)


def test_files_go_after_a_week_and_jobs_after_three_months(asked, run_jobs, writing, the_clock):
    asked("turn", files={"given.txt": b"x"})
    run_jobs()
    left = []
    for wait in (services.FILES_STAY, services.JOBS_STAY):
        the_clock.move(wait + timedelta(seconds=1))
        with writing():
            services.sweep(at=clock.now())
            left.append((db.session.query(Job).count(), db.session.query(JobFile).count()))

    assert left == [(1, 0), (0, 0)]


def test_the_bell_rings_once_for_a_job_that_waits_and_not_for_one_that_runs(app, asked):
    bell = jobs.Bell()
    worker = Worker(app, [bell.work], mine=lambda _: False)

    def rings() -> bool:
        worker.turn()
        return bell.wait(0)

    assert not rings()
    asked("count", until=1)
    assert rings()
    assert jobs.run_next(app, "the test")
    assert not rings()
