"""Duplicates and searching in twenty thousand questions (查重与检索).

On both databases a bank is imported, every question of it compared with every other by the job of
the server, and then searched over HTTP: by words that most questions have and by words that one
has, by one sign, by pinyin initials, by everything a search can ask together.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any
from uuid import uuid4

from rich.console import Console

from load_tests.banks import Desk, Largest, a_desk, workbook
from load_tests.figures import percentile
from load_tests.messages import Ask, put

ROWS = 20_000

#: Seconds in which the comparing is done, and milliseconds in which a search is answered.
LIMIT_SECONDS, LIMIT_MS = 10.0, 100.0

#: What is looked for, and how often each.
SEARCHES: dict[str, dict[str, object]] = {
    "one_question": {"text": "第12346项"},
    "every_question": {"text": "电"},
    "two_signs": {"text": "验电"},
    "three_words": {"text": "停电 验电 手套"},
    "initials": {"text": "cdjj"},
    "nothing": {"text": "氧气瓶"},
    "by_kind": {"kind": "single_choice", "text": "急救", "state": "draft"},
    "by_role": {"role": "special_operations_worker", "operation_item": "1.2"},
}
TIMES = 25


def run(console: Console) -> dict[str, Any]:
    """Measure both databases and return their figures."""
    content = workbook(ROWS)
    found = {}
    for database in ("sqlite", "postgresql"):
        console.print(f"{database}: {ROWS} rows …")
        with a_desk(database) as desk:
            import_id = desk.bring(content)
            desk.until(import_id, "previewed")
            desk.until_done(desk.accept(import_id)["job_id"])
            console.print(f"{database}: comparing, then searching …")
            figures = {"first": _compared(desk), "again": _compared(desk)}
            searched = {name: _searched(desk, query) for name, query in SEARCHES.items()}
            found[database] = figures | searched
    return found


def _compared(desk: Desk) -> dict[str, Any]:
    """Compare everything with everything; return what the job cost."""
    job_id, cpu = uuid4(), desk.cpu_since_now()
    with Largest(desk.server) as memory:
        desk.reviewer.send(put("/v1/duplicate-searches/{job_id}", job_id=job_id)).good()
        job = desk.until_done(job_id, who=desk.reviewer)
        spent = cpu()
    began, ended = (datetime.fromisoformat(job[name]) for name in ("started_at", "ended_at"))
    seconds = (ended - began).total_seconds()
    return {
        "count": ROWS,
        "pairs": job["result"]["pair_count"],
        "seconds": round(seconds, 2),
        "cpu_seconds": round(spent, 2),
        "rss_mb": round(memory.most),
        "limit_ratio": round(seconds / LIMIT_SECONDS, 3),
        "failed": int(seconds > LIMIT_SECONDS),
    }


def _searched(desk: Desk, query: dict[str, object]) -> dict[str, Any]:
    """Search again and again; return how long it took."""
    ask = Ask(method="GET", address="/v1/questions", query=query | {"limit": 50})
    ms, found = [], 0
    cpu = desk.cpu_since_now()
    for _ in range(TIMES):
        began = time.perf_counter()
        found = len(desk.author.send(ask).good()["items"])
        ms.append((time.perf_counter() - began) * 1000)
    slow = percentile(ms, 0.95)
    return {
        "count": TIMES,
        "found": found,
        "p50_ms": round(percentile(ms, 0.50), 1),
        "p95_ms": round(slow, 1),
        "cpu_ms": round(cpu() * 1000 / TIMES, 2),
        "limit_ratio": round(slow / LIMIT_MS, 3),
        "failed": int(slow > LIMIT_MS),
    }
