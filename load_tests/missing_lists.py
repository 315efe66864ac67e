"""Lists of the missing, narrowed by everything they can be narrowed by, page by page (名单测量)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from load_tests.client import Client
from load_tests.figures import Counters, percentile, read_counters
from load_tests.messages import get
from load_tests.population import TODAY

#: An indicator with reasons of all kinds, one of everybody in post, and one of enterprises.
CERTIFIED = "shanxi-special-operations-certified"
INDUCTED = "linyi-employees-trained-before-post"
STAFFED = "shanxi-high-risk-dedicated-safety-staff"

#: Pages that are turned, of so many people, and how often each list is read.
PAGES, ON_A_PAGE, TIMES = 8, 50, 3

#: A day on which hardly anybody was in post yet.
EARLY = str(TODAY - timedelta(days=5 * 365 - 2))


def narrowed(enterprise: str, provider: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every way in which a list is narrowed: by which indicator, by what.

    Common things, rare ones, what is nowhere, and two that are common and hardly ever meet.
    """
    for reason in ("suspended", "expired", "wrong_item", "failed", "never_trained", "revoked"):
        yield CERTIFIED, {"reason": reason}
    for each in (
        {},
        {"item": "2.1"},
        {"item": "9.1"},
        {"high_risk": "true"},
        {"section": "B"},
        {"section": "T"},
        {"size": "large"},
        {"department_id": enterprise},
        {"provider_id": provider},
        {"provider_id": enterprise},
        {"role": "special_operations_worker"},
        {"reason": "suspended", "section": "B", "size": "large"},
        {"reason": "suspended", "item": "2.1", "high_risk": "false", "section": "C"},
        {"on": EARLY},
    ):
        yield CERTIFIED, each
    for each in (
        {},
        {"reason": "lacking"},
        {"role": "employee", "size": "large"},
        {"role": "principal"},
        {"section": "H", "high_risk": "true"},
        {"provider_id": enterprise},
        {"department_id": enterprise},
        {"on": EARLY, "section": "B"},
    ):
        yield INDUCTED, each
    yield STAFFED, {"section": "E"}


def measured(
    client: Client, regions: Mapping[str, str], enterprise: str, provider: str
) -> dict[str, Any]:
    """Read each list in the province and in a county, page by page; return how long a page took.

    The figure is that of the slowest list; of each stands the slowest page of its middle reading.
    """
    taken: dict[str, list[float]] = {}
    failed, before = 0, counters(client)
    for key, query in narrowed(enterprise, provider):
        for level in ("province", "county"):
            name = f"{level} {key} {query}"
            for _ in range(TIMES):
                pages, wrong = _turned(client, key, {"region_id": regions[level], **query})
                taken.setdefault(name, []).append(max(pages))
                failed += wrong
    middles = {name: percentile(each, 0.5) for name, each in taken.items()}
    slowest = sorted(middles, key=lambda name: -middles[name])[:5]
    every = [one for each in taken.values() for one in each]
    return (
        shown(every, failed)
        | spent(client, before)
        | {"slowest": {name: round(middles[name], 1) for name in slowest}}
    )


def _turned(client: Client, key: str, query: dict[str, str]) -> tuple[list[float], int]:
    """Read some pages; return the milliseconds of each, and how many failed."""
    taken, failed, cursor = [], 0, None
    for _ in range(PAGES):
        more: dict[str, str] = {} if cursor is None else {"cursor": cursor}
        began = time.perf_counter()
        reply = client.send(
            get(f"/v1/coverage/{key}/missing", query={**query, **more, "limit": ON_A_PAGE})
        )
        taken.append((time.perf_counter() - began) * 1000)
        failed += reply.status != 200
        cursor = reply.body["next_cursor"] if reply.status == 200 else None
        if cursor is None:
            break
    return taken, failed


def counters(client: Client) -> Counters:
    """Return what the server has counted so far."""
    return read_counters(client.send(get("/metrics")).raw.decode())


def spent(client: Client, before: Counters) -> dict[str, float]:
    """Return the server's CPU milliseconds and statements for each request about coverage."""
    told = [
        each
        for operation, each in counters(client).since(before).items()
        if "/coverage" in operation
    ]
    if not told:
        return {}
    cpu, statements = told[0]
    return {"cpu_ms": round(cpu, 2), "statements": round(statements, 2)}


def shown(taken: list[float], failed: int) -> dict[str, Any]:
    """Return the figures of some milliseconds."""
    return {
        "count": len(taken),
        "failed": failed,
        "p50_ms": round(percentile(taken, 0.50), 2),
        "p95_ms": round(percentile(taken, 0.95), 2),
        "p99_ms": round(percentile(taken, 0.99), 2),
    }
