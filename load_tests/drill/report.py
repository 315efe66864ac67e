"""The report of a drill: one page without assets of other hosts, and its figures (演练报告)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from load_tests.drill import gauges, verdict
from load_tests.drill.charts import Band, Chart, Line
from load_tests.drill.gauges import Reading
from load_tests.drill.samples import Samples, sliced
from load_tests.drill.timetable import REAL_PAUSE, Scene, Timetable
from load_tests.drill.verdict import OF_SCENE, OPERATIONS, Drilled, Played, named
from load_tests.figures import percentile

#: Share of the machine that others may take before the report warns of them.
MANY_OTHERS = 0.1


@dataclass(frozen=True, kw_only=True)
class Material:
    """What a drill has left behind."""

    table: Timetable
    samples: Samples
    readings: list[Reading]
    wanted: int
    #: Cores of the machine, and those that the server and its database can use.
    cores: int
    usable_cores: float
    #: What is said of the server: heading and text.
    facts: Mapping[str, str]
    at: datetime


def drilled(material: Material) -> Drilled:
    """Put together what the verdict is spoken on."""
    samples = material.samples
    by_operation = {
        name: [one.ms for one in samples.replies if one.operation == name] for name in OPERATIONS
    }
    idle = _idle_cores(material)
    return Drilled(
        wanted=material.wanted,
        finished=samples.counts["handed_in"],
        cores=material.usable_cores,
        idle_cores=idle,
        scenes=[_played(material, scene, idle) for scene in OF_SCENE],
        p99_ms={name: percentile(ms, 0.99) for name, ms in by_operation.items() if ms},
        counts=samples.counts,
        asked=len(samples.replies),
        bad=sum(not 200 <= one.status < 300 for one in samples.replies),
        others=_others(material),
    )


def _idle_cores(material: Material) -> float:
    """Return the cores that server and database take while every phone is without network."""
    table, began = material.table, material.samples.began
    # The last saves of the day are still being answered in the first second.
    begin, end = table.begin(Scene.OUTAGE) + 1, table.end(Scene.OUTAGE)
    found = (
        gauges.spent(material.readings, who, began + begin, began + end)
        for who in ("server", "database")
    )
    return sum(found) / (end - begin)


def _others(material: Material) -> float:
    """Return the share of the machine that went to what has nothing to do with the drill."""
    table, began = material.table, material.samples.began
    span = began, began + table.seconds
    machine, *ours = (
        gauges.spent(material.readings, who, *span)
        for who in ("machine", "server", "database", "phones")
    )
    return max(0.0, machine - sum(ours)) / table.seconds / material.cores


def _played(material: Material, scene: Scene, idle_cores: float) -> Played:
    samples, table = material.samples, material.table
    begin, end = table.begin(scene), table.end(scene)
    replies = samples.between(begin, end, OF_SCENE[scene])
    ms = [one.ms for one in replies] or [0.0]
    moments = samples.began + begin, samples.began + end
    spent = {
        who: gauges.spent(material.readings, who, *moments)
        for who in ("server", "database", "phones")
    }
    return Played(
        scene=scene,
        candidates=material.wanted,
        count=len(replies),
        cpu_seconds=max(0.0, spent["server"] + spent["database"] - idle_cores * (end - begin)),
        phones_cpu_seconds=spent["phones"],
        seconds=end - begin,
        p50_ms=percentile(ms, 0.50),
        p95_ms=percentile(ms, 0.95),
        p99_ms=percentile(ms, 0.99),
    )


def charts(material: Material) -> list[Chart]:
    """Return the charts of a drill."""
    table, samples = material.table, material.samples
    bands = [
        Band(name=named(scene)[0], begin=begin, end=end) for scene, begin, end in table.scenes()
    ]
    slices = sliced(samples, seconds=table.seconds, each=max(1.0, table.seconds / 240))
    asked = [(one.second, one.per_second) for one in slices]
    told = [one for one in slices if one.per_second]
    bad = [(one.second, one.bad_per_second) for one in slices]
    return [
        Chart(
            title="每秒请求数",
            unit="次/秒",
            bands=bands,
            lines=[
                Line(name="全部请求", colour="blue", points=asked),
                Line(name="未成功（将重试）", colour="red", points=bad),
            ],
        ),
        Chart(
            title="应答时间",
            unit="毫秒，对数刻度",
            bands=bands,
            tenfold=True,
            at_least=1000,
            mark=(1000, "1 秒"),
            lines=[
                Line(name="50%", colour="green", points=[(s.second, s.p50_ms) for s in told]),
                Line(name="95%", colour="amber", points=[(s.second, s.p95_ms) for s in told]),
                Line(name="99%", colour="red", points=[(s.second, s.p99_ms) for s in told]),
            ],
        ),
        Chart(
            title="CPU 占整机份额",
            unit="%",
            bands=bands,
            at_least=100,
            mark=(verdict.SAFE_SHARE * 100, f"安全上限 {verdict.SAFE_SHARE:.0%}"),
            lines=_cpu(material),
        ),
        *_memory(material, bands),
    ]


def _cpu(material: Material) -> list[Line]:
    """Return who took the CPU: those of whom it could be read."""
    lines = [
        Line(name=name, colour=colour, points=_shares(material, who))
        for name, colour, who in (
            ("服务器程序", "blue", "server"),
            ("数据库", "green", "database"),
            ("模拟考生（压测端）", "grey", "phones"),
            ("整机", "red", "machine"),
        )
    ]
    return [line for line in lines if any(share for _, share in line.points)]


def _memory(material: Material, bands: list[Band]) -> list[Chart]:
    """Return the memory of the server; nothing where it is another machine's."""
    if not any(one.server_mb for one in material.readings):
        return []
    points = [(one.at - material.samples.began, one.server_mb) for one in material.readings]
    line = Line(name="服务器程序", colour="blue", points=points)
    return [Chart(title="服务器内存", unit="MB", bands=bands, at_least=100, lines=[line])]


def _shares(material: Material, who: str) -> Sequence[tuple[float, float]]:
    found = gauges.shares(material.readings, who, material.cores)
    return [(at - material.samples.began, min(1.0, share) * 100) for at, share in found]


def write(material: Material, folder: Path) -> tuple[Path, Drilled]:
    """Write the page and the figures; return where the page is, and what it says."""
    found = drilled(material)
    folder.mkdir(parents=True, exist_ok=True)
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    page = templates.get_template("report.html").render(
        found=found,
        material=material,
        charts=charts(material),
        named=named,
        operations=_operations(material.samples),
        counts=found.counts,
        real_pause=REAL_PAUSE,
        safe_share=verdict.SAFE_SHARE,
        many_others=MANY_OTHERS,
    )
    path = folder / "report.html"
    path.write_text(page, "utf-8")
    figures = json.dumps(_figures(material, found), indent=1, ensure_ascii=False)
    (folder / "report.json").write_text(figures + "\n", "utf-8")
    return path, found


def _operations(samples: Samples) -> list[dict[str, Any]]:
    rows = []
    for name, (zh, en) in OPERATIONS.items():
        replies = [one for one in samples.replies if one.operation == name]
        if replies:
            ms = [one.ms for one in replies]
            rows.append(
                {
                    "operation": name,
                    "zh": zh,
                    "en": en,
                    "count": len(replies),
                    "again": sum(not 200 <= one.status < 300 for one in replies),
                    "p50": percentile(ms, 0.50),
                    "p95": percentile(ms, 0.95),
                    "p99": percentile(ms, 0.99),
                    "longest": max(ms),
                }
            )
    return rows


def _figures(material: Material, found: Drilled) -> dict[str, Any]:
    return {
        "at": material.at.isoformat(),
        "go": found.go,
        "safe_candidates": found.safe,
        "tried_candidates": found.wanted,
        "facts": dict(material.facts),
        "limits": {scene.value: count for scene, count in found.limits.items()},
        "counts": dict(found.counts),
        "operations": _operations(material.samples),
        "checks": [vars(check) for check in found.checks()],
        "scenes": [
            vars(one) | {"scene": one.scene.value, "cpu_ms": round(one.cpu_ms, 3)}
            for one in found.scenes
        ],
    }
