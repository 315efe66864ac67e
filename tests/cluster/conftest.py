"""Clusters that tests may hurt; only where they are asked for, for each takes half a minute."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

import wsgi
from load_tests.cluster.cluster import Cluster
from load_tests.cluster.layout import Layout, fresh_passwords
from load_tests.cluster.programs import Missing, found
from server.app import engine_of
from server.config import Config, Mode
from tests.faults.seats import settings_of

#: Makes a cluster and starts it: `(apart=…, synchronous=…)`.
StartCluster = Callable[..., Cluster]

#: Where the ports of these clusters begin, away from those of `make cluster`.
FIRST_PORT = 7500


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave these tests out unless they are asked for, or nothing is there to run them with."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.skipif(bool(_lacking()), reason=_lacking()))


def _lacking() -> str:
    if os.environ.get("CLUSTER", "") in ("", "0"):
        return "UNPROVED: failovers; make test-cluster"
    try:
        found()
    except Missing as missing:
        return f"UNPROVED: failovers; {missing}"
    return ""


@pytest.fixture(scope="session", autouse=True)
def nothing_leaves_the_machine() -> None:
    """Let networks be asked that are made on this machine for its clusters."""


@pytest.fixture
def cluster_config(tmp_path: Path) -> Config:
    """The settings of an application beside the cluster, which puts candidates into it."""
    return Config(
        mode=Mode.TRY_OUT,
        data_dir=tmp_path,
        database_url="",
        token_secret=b"signs tokens of tests, and only those",
        encryption_key=bytes(range(32)),
        index_key=bytes(range(32, 64)),
        background_work=False,
    )


@pytest.fixture
def start_cluster(cluster_config: Config) -> Iterator[StartCluster]:
    """Start clusters; stop them at last, and take their data away."""
    clusters: list[Cluster] = []

    def start(**special: bool) -> Cluster:
        layout = Layout(
            folder=Path(tempfile.mkdtemp(prefix="cluster-")),
            first_port=FIRST_PORT,
            front_port=FIRST_PORT + 90,
            passwords=fresh_passwords(),
            **special,
        )
        cluster = Cluster(layout, found(), settings=settings_of(cluster_config))
        clusters.append(cluster)
        cluster.start()
        return cluster

    yield start
    for cluster in clusters:
        cluster.stop()
        cluster.remove()


@pytest.fixture
def beside(cluster_config: Config) -> Iterator[Callable[[Cluster], Flask]]:
    """Make an application on the database of a cluster, for putting candidates into it."""
    made: list[Flask] = []

    def make(cluster: Cluster) -> Flask:
        url = cluster.layout.database_url().replace("postgresql:", "postgresql+psycopg:", 1)
        made.append(wsgi.create_app(cluster_config.replaced(database_url=url)))
        return made[-1]

    yield make
    for app in made:
        engine_of(app).dispose()
