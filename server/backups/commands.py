"""Commands about backups (备份命令)."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from rich.console import Console
from rich.table import Table

from server import clock
from server.audit.commands import read_anchor
from server.backups import archives, continuous, recipients, services, shelf
from server.backups.errors import BackupFailed
from server.backups.reading import Told
from server.backups.recipients import OWN_KEY
from server.backups.services import Trial
from server.config import Config, Mode
from server.db import db
from server.secrets import write_private

backup = AppGroup("backup", help="Sealed copies of the database: made, tried and restored.")

console = Console(stderr=True, highlight=False, soft_wrap=True)

#: Exit statuses: the backup differs from what was backed up; it is older than an anchor says.
DIFFERS, OLDER = 1, 3


@contextmanager
def _settings() -> Iterator[Config]:
    """Give the settings, and say a failure in one sentence."""
    try:
        yield current_app.extensions["config"]
    except BackupFailed as failed:
        raise click.ClickException(str(failed)) from None


class _MomentOrLatest(click.DateTime):
    """A moment with its offset, or `latest`, which is None."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%z"])

    def convert(self, value: Any, *rest: Any) -> Any:
        """Read what was typed."""
        return None if value == "latest" else super().convert(value, *rest)


identity_option = click.option(
    "--identity",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file with the key that opens backups; else BACKUP_IDENTITY.",
)

anchors_option = click.option(
    "--anchor",
    "anchors",
    multiple=True,
    metavar="SEQUENCE:HASH",
    help="An end of the audit chain that was kept elsewhere; may be given several times.",
)


@backup.command("key")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def key(path: Path) -> None:
    """Make a key: its secret half goes into the file PATH, its public half is printed.

    Keep the file away from the servers; BACKUP_RECIPIENTS names the public half.
    """
    with _settings():
        if path.exists():
            raise BackupFailed(f"{path} is there already, and is never overwritten.")
        identity = archives.new_identity()
        write_private(path, f"{identity}\n")
        click.echo(archives.public_half(identity))


@backup.command("create")
def create() -> None:
    """Copy the database while it is used, and seal the copy."""
    with _settings() as config, _progress("备份 backing up") as told:
        made = services.create(config, recipients.of(config), told, at=clock.now())
    click.echo(made)


@backup.command("list")
def list_backups() -> None:
    """Show the backups there are, the newest first."""
    table = Table("名称 name", "时间 made at", "数据库 database", "行数 rows", "MB")
    with _settings() as config:
        for one in shelf.every(services.folder_of(config)):
            rows = sum(content.rows for content in one.manifest.contents.tables.values())
            size = one.path.stat().st_size / 1e6
            moment = one.manifest.made_at.isoformat(timespec="seconds")
            name, database = one.manifest.name, one.manifest.database
            table.add_row(name, moment, database, f"{rows:,}", f"{size:,.1f}")
    Console(highlight=False).print(table)


@backup.command("verify")
@click.argument("name", default="latest")
@identity_option
@click.pass_context
def verify(context: click.Context, name: str, identity: Path | None) -> None:
    """Restore a backup into a scratch place and compare every row.

    NAME is that of a backup, a path, or `latest`.
    """
    with _settings() as config, _progress("比对 comparing") as told:
        archive = shelf.named(services.folder_of(config), name)
        key_of = _identity(config, identity)
        trial = services.verify(config, archive, key_of, told, at=clock.now())
    if not _is_whole(trial):
        context.exit(DIFFERS)


@backup.command("restore")
@click.argument("name")
@identity_option
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    metavar="SEQUENCE:HASH",
    help="An end of the audit chain that was kept elsewhere; may be given several times.",
)
@click.confirmation_option(prompt="现有数据库将被替换 The present database is replaced. Go on?")
@click.pass_context
def restore(
    context: click.Context, name: str, identity: Path | None, anchors: tuple[str, ...]
) -> None:
    """Put a backup in the place of the database; stop the servers first.

    On SQLite the present database stays beside it under another name; on PostgreSQL the database
    must be empty. Exits with 1 where what came back differs, and with 3 where an anchor says that
    the platform had gone on after this backup was made.
    """
    reached = max((sequence for sequence, _hash in map(read_anchor, anchors)), default=0)
    db.engine.dispose()
    with _settings() as config, _progress("恢复 restoring") as told:
        archive = shelf.named(services.folder_of(config), name)
        key_of = _identity(config, identity)
        trial, aside = services.restore(config, archive, key_of, told, at=clock.now())
    if aside is not None:
        console.print(f"原数据库保留为 The former database is kept as {aside}")
    whole = _is_whole(trial)
    missing = reached - trial.manifest.contents.audit.sequence
    if missing > 0:
        console.print(
            f"此备份早于所给审计锚点，缺少 {missing} 条审计记录。 This backup is older than the"
            f" anchor: {missing} audit entries that were made after it are missing."
        )
    context.exit(DIFFERS if not whole else OLDER if missing > 0 else 0)


@backup.command("nightly")
@click.pass_context
def nightly(context: click.Context) -> None:
    """Make a backup, try it, and remove what is surplus: for a timer, once a night."""
    context.invoke(create)
    context.invoke(verify, name="latest", identity=None)
    with _settings() as config:
        for gone in services.prune(config, at=clock.now()):
            console.print(f"已清理 removed {gone}")


@backup.command("follow")
@click.option(
    "--base-days",
    type=click.IntRange(1),
    default=continuous.BASE_AFTER.days,
    show_default=True,
    help="Days after which PostgreSQL is copied whole again; going back replays from there.",
)
def follow(base_days: int) -> None:
    """Copy every commit as it is made, until told to end: a service beside the platform.

    SQLite: by Litestream. PostgreSQL: by pg_receivewal, with a base copy each week; the account
    needs REPLICATION. The copy lies in clear in BACKUP_DIR/continuous.
    """
    ended = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: ended.set())
    with _settings() as config:
        continuous.follow(
            config, now=clock.now, until=ended.is_set, base_after=timedelta(days=base_days)
        )


@backup.command("rewind")
@click.argument("moment", type=_MomentOrLatest())
@click.argument("into", type=click.Path(path_type=Path))
def rewind(moment: datetime | None, into: Path) -> None:
    """Put the database as it was at MOMENT into INTO, a new place, from what `follow` copied.

    MOMENT has its offset: 2026-11-22T09:05:00+08:00; or it is `latest`, for all that was copied.
    The present database is not touched.
    """
    with _settings() as config:
        continuous.rewind(config, moment, into.absolute())
        if config.on_sqlite:
            next_step = f"DATABASE_URL=sqlite:///{into.absolute()} flask audit verify"
        else:
            next_step = f"pg_ctl -D {into.absolute()} start"
    click.echo(f"{into}: {next_step}")


def _identity(config: Config, given: Path | None) -> str:
    own = config.data_dir / OWN_KEY if config.mode is not Mode.PRODUCTION else None
    for path in (given, config.backup_identity, own):
        if path is not None and path.exists():
            return path.read_text("utf-8")
    raise BackupFailed("No key to open backups with: name its file with --identity.")


def _is_whole(trial: Trial) -> bool:
    """Say what came out of a trial, and whether it is as it should be."""
    tables = trial.manifest.contents.tables
    for difference in trial.differences:
        console.print(f"[red]不一致 differs[/red]  {difference}")
    if not trial.differences:
        rows = sum(content.rows for content in tables.values())
        console.print(
            f"一致 The same: {trial.manifest.name}, {len(tables)} tables, {rows:,} rows,"
            f" audit to {trial.manifest.contents.audit.sequence}."
        )
    return not trial.differences


@contextmanager
def _progress(what: str) -> Iterator[Told]:
    """Show which table is read, and how many rows were, while a terminal looks."""
    with console.status(what) as shown:
        yield lambda table, rows: shown.update(f"{what}  {table}  {rows:,}")
