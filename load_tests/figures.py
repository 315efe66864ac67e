"""Figures of a benchmark: percentiles, the server's own counters, the table, the file (度量)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console
from rich.table import Table

from load_tests.messages import name_of
from load_tests.spawning import ROOT

#: Where the figures of a benchmark are written.
FOLDER = ROOT / "build" / "bench"

_REQUESTS = "platform_requests_total"
_CPU = "platform_request_cpu_seconds_total"
_STATEMENTS = "platform_request_statements_total"

#: The figures there are: key in the file, heading in the table, format.
COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("count", "asked", ",d"),
    ("failed", "failed", ",d"),
    ("per_second", "per second", ",.1f"),
    ("p50_ms", "p50 ms", ",.1f"),
    ("p95_ms", "p95 ms", ",.1f"),
    ("p99_ms", "p99 ms", ",.1f"),
    ("cpu_ms", "server CPU ms", ",.2f"),
    ("statements", "SQL", ",.1f"),
    ("seconds", "seconds", ",.1f"),
    ("rss_mb", "MB", ",.0f"),
    ("client_cpu_share", "client CPU", ".0%"),
    ("limit_per_second", "limit", ",.0f"),
    ("limit_ratio", "of the limit", ".0%"),
    ("share_of_quick", "of a quick disk", ".0%"),
    ("mb_per_10_000_attempts", "MB per 10,000", ",.0f"),
)


@dataclass(frozen=True, kw_only=True)
class Counters:
    """What the server has counted so far: requests, CPU seconds and statements by operation."""

    by_operation: Mapping[str, tuple[float, float, float]]

    def since(self, before: Counters) -> dict[str, tuple[float, float]]:
        """Return CPU milliseconds and statements of one request, by operation, since `before`."""
        shares: dict[str, tuple[float, float]] = {}
        for operation, now in self.by_operation.items():
            then = before.by_operation.get(operation, (0.0, 0.0, 0.0))
            requests, cpu, statements = (a - b for a, b in zip(now, then, strict=True))
            if requests > 0:
                shares[operation] = cpu * 1000 / requests, statements / requests
        return shares


@dataclass(kw_only=True)
class Timings:
    """Milliseconds of every reply, by operation, and how many were refused."""

    ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, operation: str, ms: float, *, fine: bool) -> None:
        """Note one reply."""
        self.ms[operation].append(ms)
        if not fine:
            self.failed[operation] += 1


def read_counters(text: str) -> Counters:
    """Read what `/metrics` shows."""
    found: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    places = {_REQUESTS: 0, _CPU: 1, _STATEMENTS: 2}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name in places:
                operation = name_of(sample.labels["method"], sample.labels["address"])
                found[operation][places[sample.name]] += sample.value
    return Counters(by_operation={name: (a, b, c) for name, (a, b, c) in found.items()})


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of the values does not exceed (nearest rank)."""
    ranked = sorted(values)
    rank = -int(-share * len(ranked) // 1)
    return ranked[max(0, rank - 1)]


def figures(timings: Timings, *, seconds: float) -> dict[str, dict[str, float]]:
    """Return the figures of every operation that was asked."""
    return {
        operation: {
            "count": len(ms),
            "failed": timings.failed.get(operation, 0),
            "per_second": round(len(ms) / seconds, 2),
            "p50_ms": round(percentile(ms, 0.50), 2),
            "p95_ms": round(percentile(ms, 0.95), 2),
            "p99_ms": round(percentile(ms, 0.99), 2),
        }
        for operation, ms in timings.ms.items()
    }


def with_shares(
    rows: Mapping[str, Mapping[str, float]], shares: Mapping[str, tuple[float, float]]
) -> dict[str, dict[str, float]]:
    """Add the server's CPU milliseconds and statements per request to the figures."""
    joined: dict[str, dict[str, float]] = {}
    for operation, row in rows.items():
        joined[operation] = dict(row)
        if operation in shares:
            cpu_ms, statements = shares[operation]
            joined[operation] |= {"cpu_ms": round(cpu_ms, 3), "statements": round(statements, 2)}
    return joined


def write(name: str, figures_of_it: Mapping[str, Any]) -> Path:
    """Write the figures of a benchmark to `build/bench/<name>.json`."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps(figures_of_it, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def show(console: Console, title: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
    """Print the figures as a table; a column that no row has is left out."""
    shown = [column for column in COLUMNS if any(column[0] in row for row in rows.values())]
    table = Table(title=title, title_justify="left")
    table.add_column("operation")
    for _key, heading, _form in shown:
        table.add_column(heading, justify="right")
    for operation, row in rows.items():
        table.add_row(operation, *(_cell(row.get(key), form) for key, _, form in shown))
    console.print(table)


def flattened(result: Mapping[str, Any], path: Iterable[str] = ()) -> dict[str, Mapping[str, Any]]:
    """Return the rows of nested figures, each named by the keys that lead to it."""
    rows: dict[str, Mapping[str, Any]] = {}
    path = tuple(path)
    for key, value in result.items():
        if not isinstance(value, Mapping):
            continue
        if any(isinstance(inner, Mapping) for inner in value.values()):
            rows |= flattened(value, (*path, key))
        else:
            rows[" · ".join((*path, key))] = value
    return rows


def _cell(value: float | None, form: str) -> str:
    if value is None:
        return "—"
    return format(int(value) if form.endswith("d") else value, form)
