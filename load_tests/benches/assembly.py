"""Papers of a large sitting: CPU seconds, faults, how even they are, and latecomers (组卷).

Ten thousand papers of a hundred questions out of a generated bank of twenty thousand, by
`flask exams try-papers`; checked by code that shares nothing with the code that made them. Then
an exam with as many forms is published over HTTP out of an imported bank of that size: drawn,
checked, sealed and stored by a job, while somebody else goes on writing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from rich.console import Console

from load_tests import publishing
from load_tests.spawning import ROOT

#: CPU seconds for ten thousand papers, milliseconds for a latecomer's, points, chance.
MOST_CPU_SECONDS, MOST_LATE_MS, MOST_SPREAD, MOST_CHANCE = 10.0, 50.0, 1.0, 0.12


def run(console: Console) -> dict[str, Any]:
    """Make the papers in a process of its own, and return the figures."""
    console.print("10,000 papers are made out of 20,000 questions …")
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "exams", "try-papers"],
            cwd=ROOT,
            env=os.environ | {"DATA_DIR": folder},
            capture_output=True,
            text=True,
            check=True,
        )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    spread = found["most_expected"] - found["least_expected"]
    chance = found["borderline_most"] - found["borderline_least"]
    failed = (
        found["violations"] + found["late_violations"]
        + (found["cpu_seconds"] > MOST_CPU_SECONDS) + (found["late_p99_ms"] > MOST_LATE_MS)
        + (spread > MOST_SPREAD) + (chance > MOST_CHANCE) + (found["neighbour_overlap_most"] > 0)
    )  # fmt: skip
    return {
        "papers": {
            "count": found["papers"],
            "failed": int(failed),
            "per_second": round(found["papers"] / found["seconds"], 1),
            "cpu_ms": round(found["cpu_seconds"] * 1000 / found["papers"], 3),
            "seconds": found["seconds"],
            "rss_mb": found["rss_mb"],
            "limit_ratio": round(found["cpu_seconds"] / MOST_CPU_SECONDS, 3),
        },
        "latecomer": {
            "p50_ms": found["late_p50_ms"],
            "p99_ms": found["late_p99_ms"],
            "limit_ratio": round(found["late_p99_ms"] / MOST_LATE_MS, 3),
        },
        "fairness": {
            **{name: found[name] for name in sorted(found) if name not in ("seconds", "rss_mb")},
            "spread_points": round(spread, 3),
            "borderline_chance": round(chance, 4),
        },
        "published": _published(console),
    }


def _published(console: Console) -> dict[str, Any]:
    console.print("an exam of 10,000 forms is published over HTTP …")
    return publishing.run("sqlite")
