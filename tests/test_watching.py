"""The alerts, tried against recorded series by Prometheus' own tool."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

WATCHING = Path(__file__).parents[1] / "docs" / "running" / "watching"

#: Where CI puts it, or wherever else it is.
_BESIDE = Path(sys.executable).with_name("promtool")
PROMTOOL = str(_BESIDE) if _BESIDE.exists() else shutil.which("promtool")

needs_promtool = pytest.mark.skipif(
    PROMTOOL is None,
    reason="NO promtool: alerts were not tried (Debian: apt-get install prometheus)",
)


def promtool(*words: str, folder: Path = WATCHING) -> subprocess.CompletedProcess[str]:
    assert PROMTOOL is not None
    return subprocess.run(
        [PROMTOOL, *words], cwd=folder, capture_output=True, text=True, check=False
    )


@needs_promtool
def test_alerts_ring_in_recorded_hours_and_only_then() -> None:
    tried = promtool("test", "rules", "alerts_test.yml")

    assert tried.returncode == 0, tried.stdout + tried.stderr


@needs_promtool
def test_an_alert_that_sleeps_through_its_hour_is_found(tmp_path: Path) -> None:
    for file in WATCHING.glob("*.yml"):
        shutil.copy(file, tmp_path)
    rules = tmp_path / "alerts.yml"
    rules.write_text(
        rules.read_text("utf-8").replace("overdue_seconds) > 120", "overdue_seconds) > 900")
    )

    tried = promtool("test", "rules", "alerts_test.yml", folder=tmp_path)

    assert tried.returncode != 0
    assert "AttemptsOverdue" in tried.stdout + tried.stderr


@needs_promtool
def test_prometheus_understands_its_settings() -> None:
    tried = promtool("check", "config", "--syntax-only", "prometheus.yml")

    assert tried.returncode == 0, tried.stdout + tried.stderr


@needs_promtool
def test_prometheus_understands_every_question_of_the_dashboard(tmp_path: Path) -> None:
    board = json.loads((WATCHING / "dashboard.json").read_text("utf-8"))
    panels = [panel for panel in board["panels"] if panel["type"] != "row"]
    asked = [target["expr"] for panel in panels for target in panel["targets"]]
    rules = [{"record": f"asked:{number}", "expr": expr} for number, expr in enumerate(asked)]
    (tmp_path / "asked.yml").write_text(json.dumps({"groups": [{"name": "x", "rules": rules}]}))

    tried = promtool("check", "rules", "asked.yml", folder=tmp_path)

    assert tried.returncode == 0, tried.stdout + tried.stderr
    assert len(asked) > 30


@pytest.mark.once
def test_the_dashboard_is_one_that_grafana_imports() -> None:
    board = json.loads((WATCHING / "dashboard.json").read_text("utf-8"))
    panels = board["panels"]
    sources = {variable["name"] for variable in board["templating"]["list"]}

    assert {"title", "schemaVersion", "uid", "refresh", "time"} <= board.keys()
    assert "source" in sources
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24, panel["title"]
        assert taken.isdisjoint(cells), panel["title"]
        taken |= cells
        for target in panel.get("targets", ()):
            assert target["datasource"]["uid"] == "${source}", panel["title"]
