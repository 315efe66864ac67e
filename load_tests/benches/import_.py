"""Import: fifteen thousand rows previewed, compared with the bank, and written (导入).

On both databases a workbook is sent over HTTP, read and accepted by the jobs of the server, and
sent again, which must create nothing.
"""

from __future__ import annotations

import time
from typing import Any

from rich.console import Console

from load_tests.banks import Desk, Largest, a_desk, workbook

ROWS = 15_000

#: Seconds and megabytes that the whole may take.
LIMIT_SECONDS, LIMIT_MB = 15.0, 300.0


def run(console: Console) -> dict[str, Any]:
    """Measure both databases and return their figures."""
    content = workbook(ROWS)
    found = {}
    for database in ("sqlite", "postgresql"):
        console.print(f"{database}: {ROWS} rows …")
        with a_desk(database) as desk:
            first = _bring(desk, content)
            found[database] = {"first": first, "again": _bring(desk, content)}
    return found


def _bring(desk: Desk, content: bytes) -> dict[str, Any]:
    """Send the file, wait for its report, accept it, wait again; return what that cost."""
    cpu = desk.cpu_since_now()
    with Largest(desk.server) as memory:
        began = time.perf_counter()
        import_id = desk.bring(content)
        report = desk.until(import_id, "previewed")
        previewed = time.perf_counter() - began
        done = desk.accept(import_id)
        seconds, spent = time.perf_counter() - began, cpu()
        desk.until_done(done["job_id"])
        settled = time.perf_counter() - began
    return {
        "count": ROWS,
        "refused": report["counts"]["refused"],
        "duplicates": report["counts"]["duplicate"],
        "created": done["created_count"],
        "preview_seconds": round(previewed, 2),
        "seconds": round(seconds, 2),
        # Until searching and law know every question, too.
        "settled_seconds": round(settled, 2),
        "cpu_seconds": round(spent, 2),
        "per_second": round(ROWS / seconds),
        "rss_mb": round(memory.most),
        "limit_ratio": round(seconds / LIMIT_SECONDS, 3),
        "failed": int(seconds > LIMIT_SECONDS or memory.most > LIMIT_MB),
    }
