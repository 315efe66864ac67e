"""The command that looks a machine over before an exam day (体检命令)."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from rich.console import Console
from rich.table import Table

from server import clock
from server.config import Config
from server.doctor import machine, safekeeping, store
from server.doctor.capacity import capacity
from server.doctor.findings import Check, Finding, Level, go

#: How each level is shown.
_SHOWN = {
    Level.FINE: "[green]正常 fine[/green]",
    Level.CARE: "[yellow]注意 care[/yellow]",
    Level.STOP: "[red]停止 stop[/red]",
}


@click.command()
@click.option("--candidates", type=click.IntRange(min=1), help="How many will sit at once.")
@click.option(
    "--drill",
    type=click.Path(path_type=Path),
    default=Path("build", "drill", "report.json"),
    show_default=True,
    help="The report of the last drill on this machine.",
)
@click.option("--json", "as_json", is_flag=True, help="Print findings as JSON, for programs.")
@click.pass_context
@with_appcontext
def doctor(context: click.Context, candidates: int | None, drill: Path, as_json: bool) -> None:
    """Look this machine over before an exam day, and say go or no go (exit status 0 or 1)."""
    at = clock.now()
    findings = look(current_app.extensions["config"], at)
    findings.append(capacity(drill, candidates, at))
    verdict = go(findings)
    if as_json:
        found = [asdict(finding) for finding in findings]
        click.echo(json.dumps({"go": verdict, "findings": found}, ensure_ascii=False, indent=1))
    else:
        _show(findings, verdict)
    context.exit(0 if verdict else 1)


def look(config: Config, at: datetime) -> list[Finding]:
    """Run every check; those that need the database only where it has the schema of this code."""
    checks: list[Check] = [*machine.CHECKS, *safekeeping.CHECKS]
    findings = list(store.schema(config, at))
    if go(findings):
        checks += (*store.CHECKS, *current_app.extensions["parts"].checks)
    for check in checks:
        findings.extend(check(config, at))
    return findings


def _show(findings: list[Finding], verdict: bool) -> None:
    table = Table("检查 check", "结论", "说明 what was found")
    for finding in findings:
        table.add_row(
            finding.check, _SHOWN[finding.level], f"{finding.zh}\n[dim]{finding.en}[/dim]"
        )
    console = Console(highlight=False)
    console.print(table)
    console.print("[bold green]可以开考 GO" if verdict else "[bold red]不可开考 NO GO")
