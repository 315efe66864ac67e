"""Commands about archives: put away, list, prove, bring back (归档命令)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from rich.console import Console
from rich.table import Table

from exams import archiving
from exams.services.archiving import REST
from server import clock
from server.archives import services as archives
from server.archives.errors import ArchiveFailed
from server.archives.models import Archive
from server.audit import archiving as audit_archiving
from server.db import transaction

archive = AppGroup("archive", help="Responses and audit entries that have left for files.")


@contextmanager
def _folder() -> Iterator[Path]:
    """Give the folder of archives, and say a failure in one sentence."""
    try:
        yield archives.folder_of(current_app.extensions["config"])
    except ArchiveFailed as failed:
        raise click.ClickException(str(failed)) from None


@archive.command("create")
@click.option(
    "--rest",
    type=click.IntRange(0),
    default=REST.days,
    show_default=True,
    help="Days for which responses stay after the last day of appeals.",
)
@click.option(
    "--audit-rest",
    type=click.IntRange(0),
    default=audit_archiving.REST.days,
    show_default=True,
    help="Days for which entries of the audit stay.",
)
def create(rest: int, audit_rest: int) -> None:
    """Put away the responses that nobody may contest any more, and the oldest of the audit."""
    at = clock.now()
    with _folder() as folder:
        made = archiving.put_away(folder, at=at, rest=timedelta(days=rest), told=_quiet)
        made += archiving.shorten_audit(folder, at=at, rest=timedelta(days=audit_rest))
        for one in made:
            click.echo(f"{one.name}  {one.rows} rows  {one.size} bytes  {one.digest}")
    click.echo(f"{len(made)} files were written.")


@archive.command("list")
def show() -> None:
    """List all archives, the oldest first."""
    table = Table("file", "rows", "bytes", "where its rows are")
    for one in _every():
        table.add_row(one.name, f"{one.rows:,}", f"{one.size or 0:,}", _where(one))
    Console(highlight=False, soft_wrap=True).print(table)


def _where(one: Archive) -> str:
    if one.brought_back_at is not None:
        return f"in the database since {one.brought_back_at:%Y-%m-%d}"
    return "in the file" if one.put_away_at is not None else "on their way"


@archive.command("verify")
@click.pass_context
def verify(context: click.Context) -> None:
    """Read every file through; name those that are missing or changed, and exit with 1."""
    broken = 0
    with _folder() as folder:
        found = [one for one in _every() if one.digest is not None]
        for one in found:
            try:
                units = sum(1 for _ in archives.lines(one, folder))
            except ArchiveFailed as failed:
                broken += 1
                click.echo(str(failed), err=True)
            else:
                click.echo(f"{one.name} is whole: {units} of {one.units}.")
    if broken:
        context.exit(1)


@archive.command("restore")
@click.argument("name")
def restore(name: str) -> None:
    """Bring the rows of the file NAME back into the database; the file stays."""
    with _folder() as folder:
        rows = archiving.bring_back(name, folder, at=clock.now(), told=_quiet)
    click.echo(f"{rows} rows are back; after {archiving.STAYS.days} days the job puts them away.")


@archive.command("put-away")
@click.argument("name")
def put_away(name: str) -> None:
    """Let what was brought back from the file NAME leave again."""
    with _folder() as folder:
        gone = archiving.put_away_again(name, folder, at=clock.now(), told=_quiet)
    click.echo(f"{gone} attempts or entries have left.")


def _every() -> list[Archive]:
    with transaction():
        return list(archives.every())


def _quiet(_done: int, _total: int) -> None:
    """Say nothing of how far it is."""
