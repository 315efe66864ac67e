"""Which guard was taken out to see each test of the attempt turn red; and to do so again (验证).

`python -m tests.faults.teeth` copies the tree to a temporary folder, takes out one guard after the
other, and runs the tests that must notice; it fails where one of them stays green. Words of the
table select some of it: `python -m tests.faults.teeth commit clock`. A test of every run sees to it
that each guard still stands where the table says.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

#: What a copy of the tree does without: at its top, and anywhere.
_OF_ITS_OWN = {".git", ".venv", "build", "data"}
_CACHED = shutil.ignore_patterns("__pycache__", ".*_cache", "node_modules")


@dataclass(frozen=True, kw_only=True)
class Tooth:
    """A guard, what stands in its place once it is taken out, and the tests that notice."""

    name: str
    file: str
    guard: str
    without: str
    tests: tuple[str, ...]
    #: Further guards of the file, and what stands in their places, where each would do alone.
    besides: tuple[tuple[str, str], ...] = ()

    @property
    def exchanges(self) -> tuple[tuple[str, str], ...]:
        """All that is exchanged."""
        return ((self.guard, self.without), *self.besides)


TEETH = (
    Tooth(
        name="a commit that fails is told to everybody",
        file="server/group_commit.py",
        guard="        with connection.begin():\n",
        without="        with __import__('contextlib').suppress(Exception), connection.begin():\n",
        tests=("tests/faults/test_failing_commits.py",),
    ),
    Tooth(
        name="what cannot be stored now may be sent again",
        file="server/group_commit.py",
        guard="answers = [(waiting, Unavailable(retry_after=1)) for waiting in group]",
        without="answers = [(waiting, error) for waiting in group]",
        tests=("tests/faults/test_full_disk.py", "tests/faults/test_failing_commits.py"),
    ),
    Tooth(
        name="one who cannot be stored takes nobody down",
        file="server/group_commit.py",
        guard="if len(group) > 1 and not isinstance(error, OperationalError):",
        without="if len(group) > MOST_IN_A_GROUP:",
        tests=("tests/faults/test_failing_commits.py",),
    ),
    Tooth(
        name="a full queue is refused",
        file="server/group_commit.py",
        guard="if self._stopping or self.waiting_count + elsewhere >= self._most_waiting:",
        without="if self._stopping:",
        tests=(
            "tests/services/server/test_group_commit.py",
            "tests/services/server/test_promises.py",
        ),
    ),
    Tooth(
        name="who waits on the loop for too long is told to come later",
        file="server/promises.py",
        guard="self._give_up(list(takewhile(",
        without="list(list(takewhile(",
        tests=("tests/services/server/test_promises.py",),
    ),
    Tooth(
        name="who left the loop keeps nobody waiting",
        file="server/promises.py",
        guard="if not promise.future.done():  # else it was given up,",
        without="if True:  #",
        tests=("tests/services/server/test_promises.py",),
    ),
    Tooth(
        name="a lane reads no more than it takes",
        file="server/front.py",
        guard="            body += piece\n            lane.check_size(len(body))\n",
        without="            body += piece\n",
        tests=("tests/faults/test_served_lanes.py",),
    ),
    Tooth(
        name="a header that looks like one of a proxy is none",
        file="server/bridge.py",
        guard='        if "_" in name:',
        without='        if "_" in name[:0]:',
        tests=("tests/test_bridge.py",),
    ),
    Tooth(
        name="who left keeps nobody behind them waiting",
        file="server/answering.py",
        guard="            if one.tell():\n",
        without="            if one.tell() or True:\n",
        tests=("tests/services/server/test_group_commit.py",),
    ),
    Tooth(
        name="an attempt is handed in once",
        file="exams/services/handing_in.py",
        guard="        if attempt.state is State.IN_PROGRESS:\n            verdict",
        without="        if attempt.state is not State.VOIDED:\n            verdict",
        tests=("tests/faults/test_hand_ins_at_once.py",),
    ),
    Tooth(
        name="a start is resumed",
        file="exams/services/starting.py",
        guard="            if begun is None:\n",
        without="            if begun is None or begun.id == wish.attempt_id:\n",
        tests=("tests/faults/test_kill_between_steps.py",),
    ),
    Tooth(
        name="a word that came twice is one word",
        file="exams/services/entries.py",
        guard='    ending="ON CONFLICT DO NOTHING",\n',
        without="",
        tests=("tests/faults/test_kill_between_steps.py",),
    ),
    Tooth(
        name="an older word never replaces a newer",
        file="exams/sync.py",
        guard="    if held is not None and rank <= held:\n",
        without="    if held is not None and rank == held:\n",
        tests=("tests/services/exams/test_two_phones.py",),
    ),
    Tooth(
        name="what comes late is kept",
        file="exams/services/intake.py",
        guard="        new.append((of, *one, received_at, late is not None))",
        without="        late is None and new.append((of, *one, received_at, False))",
        tests=("tests/services/exams/test_two_phones.py", "tests/api/exams/test_another_phone.py"),
    ),
    Tooth(
        name="one phone writes",
        file="exams/services/intake.py",
        guard="    return anothers and _ending(sitting, batch.at) is None",
        without="    return anothers and batch.epoch > sitting.epoch",
        tests=("tests/services/exams/test_two_phones.py", "tests/api/exams/test_moves.py"),
    ),
    Tooth(
        name="a clock that jumps is doubted",
        file="exams/steadiness.py",
        guard="    return abs(one.difference - other.difference) <= TOLERANCE",
        without="    return abs(one.difference - other.difference) <= 10 * 86_400",
        tests=("tests/faults/test_wall_clock.py",),
    ),
    Tooth(
        name="who starts under a wrong clock asks what was believed",
        file="exams/services/clocks.py",
        guard="    if known is not None and known.monotonic <= reading.monotonic:\n",
        without="    if known is not None and known.monotonic > reading.monotonic:\n",
        tests=("tests/faults/test_wall_clock.py",),
    ),
    Tooth(
        name="a machine that was switched on asks what was believed",
        file="exams/services/clocks.py",
        guard="    first = reading if goes_on else",
        without="    first = reading if goes_on or last else",
        tests=("tests/faults/test_wall_clock.py",),
    ),
    Tooth(
        name="nothing is seen before its release",
        file="exams/services/standings.py",
        guard=" or verdict.released_at > at\n",
        without="\n",
        tests=("tests/services/exams/test_looking.py",),
    ),
    Tooth(
        name="who looks waits for nobody who saves",
        file="server/front.py",
        guard="promises = self._reading if lane.reads else self._writing",
        without="promises = self._writing",
        tests=("tests/faults/test_served_lanes.py",),
    ),
    Tooth(
        name="the order of the options tells nothing of the key",
        file="exams/services/papers.py",
        guard="    options = [version.options[place] for place in item.option_order]\n",
        without="    options = sorted(version.options, key=lambda o: o['label'] in version.key)\n",
        tests=("tests/api/exams/test_twins.py",),
    ),
    Tooth(
        name="a worker that died is made again",
        file="server/processes.py",
        guard="respawn_failed_workers=True",
        without="respawn_failed_workers=False",
        # Were the worker not made again, its parent would end, and the keeper make that again.
        besides=(("if not self._stopping and not self._replace(name):", "if not self._stopping:"),),
        tests=("tests/faults/test_kills.py",),
    ),
)


def left_out(folder: str, names: list[str]) -> set[str]:
    """Return what of a folder a copy of the tree does without."""
    own = _OF_ITS_OWN if Path(folder) == ROOT else set()
    return _CACHED(folder, names) | own


def standing(tooth: Tooth) -> bool:
    """Say whether its guards stand where the table says, once."""
    whole = (ROOT / tooth.file).read_text("utf-8")
    return all(whole.count(guard) == 1 for guard, _ in tooth.exchanges)


def bites(tooth: Tooth, tree: Path) -> bool:
    """Take the guard out of a copy of the tree; say whether every test file turns red."""
    path = tree / tooth.file
    whole = path.read_text("utf-8")
    weak = whole
    for guard, without in tooth.exchanges:
        weak = weak.replace(guard, without)
    path.write_text(weak, "utf-8")
    try:
        return all([_is_red(test, tree) for test in tooth.tests])
    finally:
        path.write_text(whole, "utf-8")


def _is_red(test: str, tree: Path) -> bool:
    words = [sys.executable, "-m", "pytest", "-n0", "-x", "-p", "no:cacheprovider", test]
    ended = subprocess.run(words, cwd=tree, capture_output=True, text=True)
    told = (ended.stdout.strip().splitlines() or [""])[-1]
    # A test that could not even begin has noticed nothing.
    red = ended.returncode == 1 and " failed" in told
    print(f"    {'red' if red else 'GREEN'}  {test}  {told}", flush=True)
    return red


def main(wanted: Sequence[str]) -> int:
    """Take out the guards whose names hold one of the words, or all; return 1 if one is blunt."""
    chosen = [one for one in TEETH if not wanted or any(word in one.name for word in wanted)]
    blunt = []
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "tree")
        shutil.copytree(ROOT, tree, ignore=left_out)
        # Tools that tests look for beside the code.
        (tree / ".venv").symlink_to(ROOT / ".venv")
        for tooth in chosen:
            print(tooth.name, flush=True)
            if not bites(tooth, tree):
                blunt.append(tooth.name)
    print(f"{len(chosen) - len(blunt)} of {len(chosen)} guards are missed when they are gone.")
    return 1 if blunt else 0


if __name__ == "__main__":
    os.environ.pop("THOROUGH", None)
    sys.exit(main(sys.argv[1:]))
