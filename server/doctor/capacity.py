"""Whether the last drill showed that this machine carries as many candidates (承载能力)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from server.doctor.findings import Finding, Level

#: A drill older than this was played on another machine, as far as anybody knows.
DRILL_OLD = timedelta(days=30)


def capacity(report: Path, candidates: int | None, at: datetime) -> Finding:
    """Compare the candidates of an exam day with what a drill has shown.

    Args:
        report: `report.json` of a drill.
        candidates: how many will sit at the same time; None where nobody said.
        at: now.
    """
    try:
        drill: dict[str, Any] = json.loads(report.read_text("utf-8"))
        played = datetime.fromisoformat(drill["at"])
        gone_well, safe, tried = (
            bool(drill["go"]),
            int(drill["safe_candidates"]),
            int(drill["tried_candidates"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return _found(
            Level.CARE,
            f"没有可用的演练报告（{report}）：请先运行 make drill",
            f"There is no report of a drill at {report}: run make drill.",
        )
    day = f"{played:%Y-%m-%d}"
    if not gone_well:
        return _found(
            Level.STOP,
            f"{day} 的演练未通过：请查看报告",
            f"The drill of {day} said no go: read its report.",
        )
    if at - played > DRILL_OLD:
        return _found(
            Level.CARE,
            f"最近一次演练在 {day}，已超过 30 天：请重新演练",
            f"The last drill was on {day}, more than 30 days ago: play it again.",
        )
    carried = max(safe, tried)
    if candidates is not None and candidates > carried:
        return _found(
            Level.STOP,
            f"演练证明可承载 {carried} 人，而将有 {candidates} 人：请增加机器或分场",
            f"The drill of {day} showed {carried} candidates, and {candidates} will come:"
            " add machines, or hold the exam in turns.",
        )
    return _found(
        Level.FINE,
        f"{day} 的演练证明可承载 {carried} 人",
        f"The drill of {day} showed {carried} candidates.",
    )


def _found(level: Level, zh: str, en: str) -> Finding:
    return Finding(check="capacity", level=level, zh=zh, en=en)
