"""The copy on a fourth machine goes on when the leader changes, and outlives the whole cluster."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

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
        for machine in cluster.layout.machines:
            cluster.kill_machine(machine)
        for one in sitting:
            one.cancel()


def test_a_copy_follows_whoever_leads_and_outlives_the_cluster(
    start_cluster, beside, cluster_config, tmp_path_factory
):
    cluster = start_cluster()
    taken = seats.taken(seats.writing_to(beside(cluster)), cluster_config, CANDIDATES)
    ledger = Ledger()
    crowd = phones(cluster.layout.front, taken, ledger, Random(7), pause=0.3)
    folder = tmp_path_factory.mktemp("following")
    folder.chmod(0o755)

    with following(cluster, folder) as machine:
        wait_for_a_base(folder / "copy" / "continuous")
        asyncio.run(sit_through(cluster, crowd, ledger))
        acknowledged = set(ledger.acknowledged)
    into = folder / "back" / "database"
    into.parent.mkdir(mode=0o755)
    machine.command("backup", "rewind", "latest", str(into))
    with started(into) as url:
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


def wait_for_a_base(folder: Path) -> None:
    """Return once a base copy is there."""
    for _ in range(600):
        if list(folder.glob("base-*")):
            return
        threading.Event().wait(0.2)
    raise TimeoutError("No base copy was made.")
