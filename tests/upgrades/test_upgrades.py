"""From the release before to this one and back, while candidates answer: nothing is lost."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Sequence
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
import urllib3
from sqlalchemy import Engine, create_engine, text

from load_tests.server_process import ServerProcess
from load_tests.spawning import ROOT
from tests.faults.crowd import Phone, phones
from tests.faults.ledger import Ledger, judge, words_of
from tests.faults.seats import Seat

pytestmark = pytest.mark.slow

#: Candidates, seconds between two saves of each, and words acknowledged in each act.
CANDIDATES, PAUSE, WORDS = 20, 0.2, 100


def taken(server: ServerProcess, folder: Path) -> list[Seat]:
    """Let a release write an exam and candidates who have begun, by its own code."""
    out = folder / "seats"
    words = ("--candidates", str(CANDIDATES), "--started", "--questions", "60", "--released")
    server.command("exams", "drill", *words, "--out", str(out))
    lines = [line.split() for line in out.read_text("ascii").splitlines()]
    return [
        Seat(
            attempt_id=UUID(attempt_id),
            candidate_id=UUID(int=0),
            enrolment_id=UUID(enrolment_id),
            token=token,
        )
        for attempt_id, enrolment_id, token in lines
    ]


def engine_to(server: ServerProcess) -> Engine:
    """Connect to the database by ourselves."""
    url = server.database_url or ""
    return create_engine(url.replace("postgresql:", "postgresql+psycopg:", 1))


def said(server: ServerProcess, *words: str, **settings: str) -> tuple[int, str]:
    """Run a command of a release; return its exit status and what it says."""
    around = server.surroundings()
    around["env"] = {**around["env"], **settings}
    done = subprocess.run(
        server.command_line(*words), **around, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def is_ready(server: ServerProcess) -> bool:
    return urllib3.request("GET", f"{server.url}/readyz", retries=False).status == 200


def head_of(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def point(crowd: Sequence[Phone], *servers: ServerProcess) -> None:
    """Let phones ask these servers from now on, in turn: no proxy keeps them to one."""
    for number, phone in enumerate(crowd):
        phone.walker.close()
        phone.walker.url = servers[number % len(servers)].url


class Story:
    """The acts of an upgrade, told while a crowd sits."""

    def __init__(self, old: ServerProcess, new: ServerProcess, ledger: Ledger) -> None:
        self.old, self.new, self.ledger = old, new, ledger
        self.engine = engine_to(old)
        self.before = head_of(self.engine)

    async def beside_each_other(self, crowd: Sequence[Phone]) -> None:
        """PostgreSQL: expand under the old one, both, the new one, both again, the old one."""
        status, words = said(self.new, "prepare")
        assert (status, head_of(self.engine)) == (1, self.before)
        assert "MIGRATE_DURING_EXAMS" in words
        await self.ledger.grown_by(WORDS)

        status, words = said(self.new, "prepare", MIGRATE_DURING_EXAMS="true")
        assert status == 0, words
        after = head_of(self.engine)
        assert after != self.before
        assert is_ready(self.old), "the release before must go on beside what was added"
        await self.ledger.grown_by(WORDS)

        for act in ((self.old, self.new), (self.new,), (self.new, self.old), (self.old,)):
            for server in act:
                if not server.is_running:
                    await asyncio.to_thread(server.start)
            point(crowd, *act)
            for server in {self.old, self.new} - set(act):
                await asyncio.to_thread(server.stop)
            await self.ledger.grown_by(WORDS)
            assert all(is_ready(server) for server in act)
        # It was stopped and started again, on a schema that is newer than its own.
        assert head_of(self.engine) == after

    async def one_after_the_other(self, crowd: Sequence[Phone]) -> None:
        """SQLite: one server at a time, which copies its file before it migrates."""
        await self.ledger.grown_by(WORDS)
        await asyncio.to_thread(self.old.stop)
        assert said(self.new, "prepare")[0] == 1
        status, words = said(self.new, "prepare", MIGRATE_DURING_EXAMS="true")
        assert status == 0, words
        assert list(self.new.data_dir.glob(f"before-{self.before}-*.db"))
        for server in (self.new, self.old):
            await asyncio.to_thread(server.start)
            point(crowd, server)
            await self.ledger.grown_by(WORDS)
            if server is self.new:
                await asyncio.to_thread(server.stop)


async def sit_through(story: Story, crowd: Sequence[Phone]) -> None:
    """Let the crowd sit while the story is told, then hand in with the release before."""
    async with asyncio.TaskGroup() as tasks:
        for phone in crowd:
            tasks.create_task(phone.sit())
        if story.old.database == "postgresql":
            await story.beside_each_other(crowd)
        else:
            await story.one_after_the_other(crowd)
        for phone in crowd:
            phone.finished.set()


def test_attempts_go_on_to_the_next_release_and_back(release_before, make_server, tmp_path):
    old, new = make_server(release_before), make_server(ROOT)
    old.start()
    seats = taken(old, tmp_path)
    ledger = Ledger()
    crowd = phones(old.url, seats, ledger, Random(7), pause=PAUSE)
    story = Story(old, new, ledger)

    asyncio.run(sit_through(story, crowd))

    mine = {seat.attempt_id for seat in seats}
    stored = [word for word in words_of(story.engine) if word.attempt_id in mine]
    verdict = judge(acknowledged=ledger.acknowledged, said=ledger.said, stored=stored)
    assert verdict.spotless, verdict
    assert graded(story.engine, seats) == (CANDIDATES, CANDIDATES)

    # The way back for good: what was added is taken away, and all that was there before stays.
    old.stop()
    status, words = said(new, "db", "downgrade", story.before)
    assert status == 0, words
    assert head_of(story.engine) == story.before
    assert len([word for word in words_of(story.engine) if word.attempt_id in mine]) == len(stored)
    old.start()
    assert is_ready(old)
    story.engine.dispose()


def graded(engine: Engine, seats: Sequence[Seat]) -> tuple[int, int]:
    """Return how many attempts have their outcome, and how many entries of the audit say so."""
    with engine.connect() as connection:
        outcomes = connection.execute(text("SELECT attempt_id FROM outcome")).scalars()
        told = connection.execute(
            text("SELECT subject_id FROM audit_entry WHERE action = 'attempt_graded'")
        ).scalars()
        ids = {seat.attempt_id.hex for seat in seats}
        made, said = (
            sum(str(one).replace("-", "") in ids for one in found) for found in (outcomes, told)
        )
        return made, said
