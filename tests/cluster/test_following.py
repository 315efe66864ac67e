"""The copy on a fourth machine goes on when the leader changes, and outlives the whole cluster."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import psycopg
import pytest
from sqlalchemy import create_engine

from load_tests.cluster.cluster import Cluster
from load_tests.recovery import started
from load_tests.server_process import ServerProcess
from tests.faults import seats
from tests.faults.crowd import Phone, phones
from tests.faults.ledger import Ledger, judge, words_of

pytestmark = pytest.mark.slow

CANDIDATES, WORDS = 20, 200

#: What is replayed asks for as much room as who wrote it had (docs/running/cluster/patroni.yml).
AS_BEFORE = ("max_connections=300", "max_wal_senders=10", "listen_addresses=", "port=5432")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder into which whoever runs PostgreSQL may look."""
    with TemporaryDirectory(prefix="following-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def following(cluster: Cluster, folder: Path) -> Iterator[ServerProcess]:
    """Follow whoever leads, by the command, as on a machine of its own."""
    name = cluster.layout.passwords["replication"]
    url = f"postgresql://replicator:{name}@127.0.0.1:{cluster.layout.write_port}/platform"
    (folder / "copy").mkdir()
    machine = ServerProcess(
        folder / "fourth", database_url=url, settings={"BACKUP_DIR": str(folder / "copy")}
    )
    with (folder / "follow.log").open("wb") as log:
        follower = subprocess.Popen(
            machine.command_line("backup", "follow"),
            **machine.surroundings(),
            stdout=log,
            stderr=log,
        )
    try:
        yield machine
    finally:
        follower.terminate()
        follower.wait(30)


async def sit_through(cluster: Cluster, crowd: Sequence[Phone], ledger: Ledger) -> None:
    """Let a crowd sit while the leader changes twice; then lose everything at once."""
    async with asyncio.TaskGroup() as tasks:
        sitting = [tasks.create_task(phone.sit()) for phone in crowd]
        await ledger.grown_by(WORDS)
        await asyncio.to_thread(cluster.switch_over)
        await ledger.grown_by(WORDS)
        await asyncio.to_thread(cluster.wait_until_whole)
        leader = cluster.primary()
        assert leader is not None
        await asyncio.to_thread(cluster.kill_postgres, leader)
        await ledger.grown_by(WORDS)
        await asyncio.to_thread(wait_until_followed, cluster)
        await ledger.grown_by(WORDS)
        for machine in cluster.layout.machines:
            cluster.kill_machine(machine)
        for one in sitting:
            one.cancel()


def test_a_copy_follows_whoever_leads_and_outlives_the_cluster(
    start_cluster, beside, cluster_config, place
):
    cluster = start_cluster()
    taken = seats.taken(seats.writing_to(beside(cluster)), cluster_config, CANDIDATES)
    ledger = Ledger()
    crowd = phones(cluster.layout.front, taken, ledger, Random(7), pause=0.3)
    with following(cluster, place) as machine:
        copied = place / "copy" / "continuous"
        until(lambda: bool(list(copied.glob("base-*"))), "No base copy was made.")
        asyncio.run(sit_through(cluster, crowd, ledger))
        acknowledged = set(ledger.acknowledged)
    into = place / "back" / "database"
    into.parent.mkdir(mode=0o755)
    machine.command("backup", "rewind", "latest", str(into))
    with started(into, *AS_BEFORE) as url:
        there = url.replace("@/postgres?", "@/platform?").replace(
            "postgresql:", "postgresql+psycopg:"
        )
        engine = create_engine(there)
        stored = words_of(engine)
        engine.dispose()

    verdict = judge(acknowledged=acknowledged, said=ledger.said, stored=stored)
    print(f"{len(acknowledged)} words acknowledged, {len(verdict.lost)} not copied")
    assert not verdict.invented
    # What was acknowledged within the last moments may be on its way to the fourth machine.
    assert len(verdict.lost) < WORDS / 4, verdict


def until(holds: Callable[[], bool], what: str) -> None:
    """Return once something holds; every fifth of a second is looked."""
    for _ in range(600):
        if holds():
            return
        threading.Event().wait(0.2)
    raise TimeoutError(what)


def wait_until_followed(cluster: Cluster) -> None:
    """Return once the fourth machine copies from whoever leads now."""
    until(lambda: is_followed(cluster), "Nobody follows who leads now.")


def is_followed(cluster: Cluster) -> bool:
    """Say whether who leads sends its log to the fourth machine."""
    layout = cluster.layout
    asked = (
        f"host=127.0.0.1 port={layout.write_port} user=postgres dbname=platform"
        f" password={layout.passwords['superuser']} connect_timeout=2"
    )
    streaming = (
        "SELECT count(*) FROM pg_stat_replication"
        " WHERE application_name = 'pg_receivewal' AND state = 'streaming'"
    )
    try:
        with psycopg.connect(asked) as connection:
            row = connection.execute(streaming).fetchone()
    except psycopg.OperationalError:
        return False
    return row == (1,)
