"""Two hundred candidates sit an exam while the cluster loses one part after the other."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from load_tests import proc
from load_tests.cluster import machines
from load_tests.cluster.cluster import Cluster
from load_tests.cluster.layout import Machine
from server.db import db
from tests.faults import seats
from tests.faults.crowd import Phone, phones
from tests.faults.grading import graded_once_as_the_ledger_says
from tests.faults.ledger import Judgement, Ledger, judge, words_of

pytestmark = pytest.mark.slow

#: Candidates, and seconds between two saves of each.
CANDIDATES, PAUSE = 200, 2.0

#: Words acknowledged before a loss and after it.
WORDS = 200

#: Seconds without any acknowledgement that phones go through (docs/attempt.md).
LONGEST_GAP = 30.0


@dataclass(frozen=True)
class Loss:
    """Something that is taken away, and how it comes back."""

    name: str
    hurt: Callable[[Cluster], object]
    mend: Callable[[Cluster], object] = Cluster.wait_until_whole


def leading(cluster: Cluster) -> Machine:
    """Return the machine that takes writes."""
    found = cluster.primary()
    assert found is not None
    return found


def waited_for(cluster: Cluster) -> Machine:
    """Return the machine whose disk every commit waits for."""
    found = cluster.synchronous_replica()
    assert found is not None
    return found


def kill_leading_etcd(cluster: Cluster) -> None:
    """Kill the member of etcd that leads the others."""
    found = cluster.etcd_leader()
    assert found is not None
    cluster.kill_etcd(found)


def revive_all(cluster: Cluster) -> None:
    """Start whatever does not run."""
    for machine in cluster.layout.machines:
        cluster.revive_etcd(machine)
        cluster.revive_patroni(machine)
    cluster.wait_until_whole()


def restart_all(cluster: Cluster) -> None:
    """Restart everything, one after the other, as for an upgrade of the machines."""
    for number in range(1, cluster.layout.servers + 1):
        cluster.restart_server(number)
    for machine in cluster.layout.machines:
        for part in ("patroni", "etcd"):
            cluster.processes.stop(f"{part}-{machine.name}")
        cluster.revive(machine)


LOSSES = (
    Loss("the leader hands over", Cluster.switch_over),
    Loss("PostgreSQL of the leader is killed", lambda c: c.kill_postgres(leading(c))),
    Loss("the machine of the leader is lost", lambda c: c.kill_machine(leading(c)), revive_all),
    Loss("the synchronous replica is lost", lambda c: c.kill_machine(waited_for(c)), revive_all),
    Loss("the leader of etcd is killed", kill_leading_etcd, revive_all),
    Loss("a server is killed", lambda c: c.kill_server(1), lambda c: c.start_server(1)),
    Loss("everything is restarted", restart_all),
)


async def sit_through(
    cluster: Cluster, crowd: Sequence[Phone], ledger: Ledger, losses: Sequence[Loss]
) -> dict[str, float]:
    """Let a crowd sit while something is lost again and again; return each longest gap."""
    gaps = {}
    async with asyncio.TaskGroup() as tasks:
        for phone in crowd:
            tasks.create_task(phone.sit())
        for loss in losses:
            await ledger.grown_by(WORDS)
            ledger.take_longest_gap()
            await asyncio.to_thread(loss.hurt, cluster)
            await ledger.grown_by(WORDS)
            gaps[loss.name] = ledger.take_longest_gap()
            print(f"{loss.name}: {gaps[loss.name]:.1f} s without an acknowledgement", flush=True)
            await asyncio.to_thread(loss.mend, cluster)
        for phone in crowd:
            phone.finished.set()
    return gaps


def judged(ledger: Ledger) -> Judgement:
    """Let the ledger judge what the leader holds now."""
    stored = words_of(db.engine)
    return judge(acknowledged=ledger.acknowledged, said=ledger.said, stored=stored)


def test_no_loss_loses_or_doubles_a_word_and_each_attempt_is_graded_once(
    start_cluster, beside, cluster_config, capsys
):
    cluster = start_cluster()
    app, ledger = beside(cluster), Ledger()
    taken = seats.taken(seats.writing_to(app), cluster_config, CANDIDATES)
    crowd = phones(cluster.layout.front, taken, ledger, Random(7), pause=PAUSE)

    with capsys.disabled():
        gaps = asyncio.run(sit_through(cluster, crowd, ledger, LOSSES))

    with app.app_context():
        verdict = judged(ledger)
    assert verdict.spotless, verdict
    assert max(gaps.values()) <= LONGEST_GAP, gaps
    for seat in taken:
        graded_once_as_the_ledger_says(app, seat, ledger)


def hold_back_the_log(cluster: Cluster) -> None:
    """Let the leader send nothing more to anybody, and then lose its machine."""
    machine = leading(cluster)
    for pid in proc.family(machines.postmaster(machine) or 0):
        if b"walsender" in Path("/proc", str(pid), "cmdline").read_bytes():
            os.kill(pid, signal.SIGSTOP)


async def sit_unheard(cluster: Cluster, crowd: Sequence[Phone], ledger: Ledger) -> None:
    """Let a crowd sit; the log reaches nobody for a while, then the leader's machine is lost."""
    async with asyncio.TaskGroup() as tasks:
        for phone in crowd:
            tasks.create_task(phone.sit())
        await ledger.grown_by(WORDS)
        lost = leading(cluster)
        await asyncio.to_thread(hold_back_the_log, cluster)
        before = len(ledger.acknowledged)
        if not cluster.layout.synchronous:
            await ledger.grown_by(WORDS)
        await asyncio.to_thread(cluster.kill_machine, lost)
        if cluster.layout.synchronous:
            # Those whose commits were on their way: nobody after that.
            assert len(ledger.acknowledged) - before < WORDS
        await ledger.grown_by(WORDS)
        for phone in crowd:
            phone.finished.set()


@pytest.mark.parametrize("synchronous", [True, False])
def test_the_judge_finds_what_a_leader_lost_that_waited_for_nobody(
    start_cluster, beside, cluster_config, synchronous
):
    cluster = start_cluster(synchronous=synchronous)
    app, ledger = beside(cluster), Ledger()
    taken = seats.taken(seats.writing_to(app), cluster_config, 20)
    crowd = phones(cluster.layout.front, taken, ledger, Random(7), pause=0.2)

    asyncio.run(sit_unheard(cluster, crowd, ledger))

    with app.app_context():
        verdict = judged(ledger)
    assert bool(verdict.lost) is not synchronous, verdict
    assert not verdict.doubled
    assert not verdict.invented


def takes_writes(machine: Machine, cluster: Cluster) -> bool:
    """Say whether a PostgreSQL takes writes, asked from inside the network of its machine."""
    asked = (
        f"host={machine.address} port={machine.postgres_port} user=platform dbname=platform"
        f" password={cluster.layout.passwords['platform']} connect_timeout=3"
    )
    said = subprocess.run(
        [
            *("/usr/bin/nsenter", f"--net=/run/netns/{machine.namespace}"),
            *(
                cluster.programs.postgres / "psql",
                "-XAt",
                asked,
                "-c",
                "SELECT pg_is_in_recovery()",
            ),
        ],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    return said == "f"


@pytest.mark.skipif(os.geteuid() != 0, reason="UNPROVED: a cut network; needs root")
def test_a_leader_that_is_cut_off_takes_no_writes_once_another_leads(
    start_cluster, beside, cluster_config
):
    cluster = start_cluster(apart=True)
    app, ledger = beside(cluster), Ledger()
    taken = seats.taken(seats.writing_to(app), cluster_config, 40)
    crowd = phones(cluster.layout.front, taken, ledger, Random(7), pause=0.5)
    lonely = leading(cluster)
    both: list[bool] = []
    led: list[Machine] = []

    def heal(of: Cluster) -> None:
        both.append(takes_writes(lonely, of))
        # Afterwards any of them may lead, the lonely one too, once it has caught up.
        led.append(leading(of))
        machines.cut(lonely, off=False)
        of.wait_until_whole()

    cut = Loss("the network of the leader is cut", lambda _: machines.cut(lonely), heal)
    gaps = asyncio.run(sit_through(cluster, crowd, ledger, [cut]))

    assert both == [False]
    assert lonely not in led
    assert max(gaps.values()) <= LONGEST_GAP + 10, gaps
    with app.app_context():
        verdict = judged(ledger)
    assert verdict.spotless, verdict
    for seat in taken:
        graded_once_as_the_ledger_says(app, seat, ledger)
