"""The command that works out how large this database grows (容量推算命令)."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from server.archives.models import Archive, ArchiveKind
from server.config import Config
from server.db import db
from server.doctor import growth
from server.doctor.growth import Plan


@click.command("growth")
@click.option("--people", type=click.IntRange(1), default=50_000_000, show_default=True)
@click.option("--candidates", type=click.IntRange(1), default=1_000_000, show_default=True)
@click.option("--words", type=click.IntRange(1), default=120, show_default=True)
@click.option("--audit", type=click.IntRange(0), default=4, show_default=True)
@click.option("--passing", type=click.IntRange(0, 100), default=70, show_default=True)
@click.option("--words-stay", type=click.IntRange(1), default=120, show_default=True)
@with_appcontext
def show(
    people: int, candidates: int, words: int, audit: int, passing: int, words_stay: int
) -> None:
    """Measure the rows of this database, and work out what so many people and candidates take.

    Candidates are those of a day; words those of an attempt, which stay so many days before they
    are archived. Rows of the database as they lie there, free pages and indexes included.
    """
    config: Config = current_app.extensions["config"]
    if config.on_sqlite and not growth.tells_pages():
        raise click.ClickException("The SQLite of this Python tells no pages (dbstat).")
    found = growth.tables(db.engine, config)
    plan = Plan(
        people=people,
        candidates_a_day=candidates,
        words=words,
        audit=audit,
        passing=passing,
        words_stay=words_stay,
    )
    console = Console(highlight=False, width=100)
    console.print(_measured(found))
    console.print(_planned(found, plan))
    packed = _packed()
    if packed:
        of_a_year = packed * candidates * growth.EXAM_DAYS * words / 1e12
        console.print(f"Archived, a word takes {packed:.1f} bytes: {of_a_year:.2f} TB a year.")


def _measured(found: dict[str, growth.Table]) -> Table:
    table = Table("table", "rows", "MB", "bytes each", title="As measured")
    for name, one in sorted(found.items(), key=lambda item: -item[1].size)[:16]:
        table.add_row(name, f"{one.rows:,}", f"{one.size / 1e6:,.1f}", f"{float(one.each):,.0f}")
    return table


def _planned(found: dict[str, growth.Table], plan: Plan) -> Table:
    table = Table("what", "bytes each", "how many", "TB", title="As planned")
    lines = growth.lines(growth.each(found), plan)
    for line in lines:
        cells = (f"{float(line.each):,.0f}", f"{line.count:,}", f"{line.size / 1e12:.3f}")
        table.add_row(line.name, *cells)
    table.add_row("together", "", "", f"{sum(line.size for line in lines) / 1e12:.3f}")
    return table


def _packed() -> float | None:
    """Return the bytes of a word in an archive; None where nothing was archived."""
    statement = select(Archive.rows, Archive.size).where(
        Archive.kind == ArchiveKind.RESPONSES, Archive.size.is_not(None), Archive.rows > 0
    )
    made = db.session.execute(statement).all()
    rows = sum(one.rows for one in made)
    return sum(one.size or 0 for one in made) / rows if rows else None
