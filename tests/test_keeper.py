"""The keeper makes its processes again when they end, and ends with them when it is told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server import processes
from tests.house import ROOT

#: Two processes that write their id and wait, and one that ends at once where it is asked for.
PROGRAM = """
import os, signal, sys
from server import observing, processes

observing.configure_logs()
folder, ends_at_once = sys.argv[1], sys.argv[2] == "ends"

def wait(name):
    with open(f"{folder}/{name}", "a") as file:
        print(os.getpid(), file=file)
    if name == "second" and ends_at_once:
        sys.exit(3)
    signal.pause()

os.register_at_fork(after_in_child=processes._be_a_child)
works = {"first": lambda: wait("first"), "second": lambda: wait("second")}
sys.exit(processes.Keeper(works).keep())
"""

PATIENCE = 30.0


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start a keeper of its own; it is killed at the end."""
    started = []

    def start(how: str = "waits") -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", PROGRAM, str(tmp_path), how]
        started.append(subprocess.Popen(command, cwd=ROOT, start_new_session=True))
        return started[-1]

    yield start
    for keeper in started:
        keeper.kill()
        keeper.wait()


def ids(folder: Path, name: str, *, at_least: int) -> list[int]:
    """Return the ids of the processes of a name so far, once there are so many."""
    end = time.monotonic() + PATIENCE
    while True:
        path = folder / name
        found = [int(line) for line in path.read_text().split()] if path.exists() else []
        if len(found) >= at_least:
            return found
        assert time.monotonic() < end, f"{name} was not made {at_least} times"
        time.sleep(0.05)


def test_a_killed_process_is_made_again_and_the_other_goes_on(kept, tmp_path: Path) -> None:
    kept()
    (first,) = ids(tmp_path, "first", at_least=1)
    (second,) = ids(tmp_path, "second", at_least=1)

    os.kill(first, signal.SIGKILL)

    assert ids(tmp_path, "first", at_least=2)[0] == first
    assert ids(tmp_path, "second", at_least=1) == [second]


def test_it_ends_well_when_it_is_told_to_and_leaves_nobody_behind(kept, tmp_path: Path) -> None:
    keeper = kept()
    made = ids(tmp_path, "first", at_least=1) + ids(tmp_path, "second", at_least=1)

    keeper.terminate()

    assert keeper.wait(PATIENCE) == 0
    for pid in made:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_it_gives_up_a_process_that_ends_again_and_again(kept, tmp_path: Path) -> None:
    keeper = kept("ends")

    assert keeper.wait(PATIENCE) == 1
    assert len(ids(tmp_path, "second", at_least=1)) == processes.MOST_SHORT_LIVES


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel for a signal")
def test_its_processes_end_when_it_is_killed_itself(kept, tmp_path: Path) -> None:
    keeper = kept()
    (first,) = ids(tmp_path, "first", at_least=1)

    keeper.kill()
    keeper.wait()

    end = time.monotonic() + PATIENCE
    while _is_alive(first):
        assert time.monotonic() < end
        time.sleep(0.05)


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
