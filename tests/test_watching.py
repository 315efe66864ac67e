"""The alerts, tried against recorded series by Prometheus' own tool."""

from __future__ import annotations

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
