"""Servers of the release before and of this one; only where they are asked for."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from load_tests import releases
from load_tests.postgres import private_server
from load_tests.releases import NoRelease
from load_tests.server_process import ServerProcess
from load_tests.spawning import ROOT, spawned

#: Makes a server of a release, by the folder of its files.
MakeServer = Callable[..., ServerProcess]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave these tests out unless they are asked for: they start eight servers."""
    here = Path(__file__).parent
    if os.environ.get("UPGRADE", "") in ("", "0"):
        left_out = pytest.mark.skip(reason="UNPROVED: upgrades; make test-upgrade")
        for item in items:
            if here in item.path.parents:
                item.add_marker(left_out)


@pytest.fixture(scope="session")
def release_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the release before this one."""
    try:
        commit = releases.before()
        folder = releases.lay_out(commit, tmp_path_factory.mktemp("before"))
    except NoRelease as missing:
        pytest.skip(f"UNPROVED: upgrades; {missing}")
    if not releases.needs_the_same_packages(folder):
        print("\nThe release before has other packages, and is run with those of this one.")
    built = folder / "server" / "web" / "built"
    if not built.exists() and (ROOT / "server" / "web" / "built").exists():
        built.symlink_to(ROOT / "server" / "web" / "built")
    return folder


@pytest.fixture(params=["postgresql", "sqlite"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """An empty database of either kind; None for a file."""
    if request.param == "sqlite":
        yield None
        return
    with private_server(durable=False) as url:
        yield url


@pytest.fixture
def make_server(tmp_path: Path, database_url: str | None) -> Iterator[MakeServer]:
    """Make servers that share secrets and database, as those of a cluster do; stop them at last."""
    made: list[ServerProcess] = []

    secrets = {
        name: base64.urlsafe_b64encode(os.urandom(32)).decode()
        for name in ("TOKEN_SECRET", "ENCRYPTION_KEY", "INDEX_KEY")
    }
    (tmp_path / "keys").mkdir(mode=0o700)

    def make(release: Path) -> ServerProcess:
        data_dir = tmp_path / f"data{len(made)}"
        data_dir.mkdir(mode=0o700)
        (data_dir / "keys").symlink_to(tmp_path / "keys")
        server = ServerProcess(
            data_dir,
            database_url=database_url or f"sqlite:///{tmp_path / 'platform.db'}",
            settings={"THREADS": "16", "WORKERS": "1", **secrets},
            spawn=partial(spawned, cwd=release),
            root=release,
        )
        made.append(server)
        return server

    yield make
    for server in made:
        server.kill()
