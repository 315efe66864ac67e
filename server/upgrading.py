"""Before the schema of a database in use changes: nobody is disturbed, a copy is made (升级).

A migration takes locks, and its release may be wrong. So it waits until no exam goes on, and is
not begun without a copy from which the day before can be brought back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

import click

from server.backups import recipients, services, shelf
from server.backups.errors import BackupFailed
from server.config import Config, Mode
from server.db import db

#: Says what would be disturbed now, in a sentence; None where nothing would be.
Hold = Callable[[datetime], str | None]

#: How old the copy may be from which an upgraded PostgreSQL could be brought back: last night's.
FRESH = timedelta(hours=26)


def check_rest(holds: Iterable[Hold], *, at: datetime) -> None:
    """Refuse to change the schema while something goes on.

    Raises:
        ClickException: it does; the sentence says what.
    """
    for hold in holds:
        reason = hold(at)
        if reason is not None:
            raise click.ClickException(
                f"{reason} 数据库结构暂不变更：请先用原版本继续服务，待结束后再升级；"
                "确需立即升级，设置 MIGRATE_DURING_EXAMS=true。"
                " The schema is not changed now: go on with the release before, and upgrade"
                " afterwards; MIGRATE_DURING_EXAMS=true does it all the same."
            )


def back_up(config: Config, found: str, say: Callable[[str], None], *, at: datetime) -> None:
    """Make sure of a copy before the schema changes.

    Args:
        config: says where the database is.
        found: the migration it stands at.
        say: tells what is done.
        at: the moment the copy is named after.

    Raises:
        ClickException: PostgreSQL in production could not be copied.
    """
    if config.on_sqlite:
        _copy_file(config.data_dir / f"before-{found}-{at:%Y%m%dT%H%M%S}.db", say)
    elif config.mode is Mode.PRODUCTION and not _has_fresh(config, at):
        say("备份数据库 Making a backup, for the newest is older than a day …")
        try:
            services.create(config, recipients.of(config), lambda _done, _total: None, at=at)
        except BackupFailed as failed:
            raise click.ClickException(f"未备份，不升级。 Not upgraded: {failed}") from None


def _has_fresh(config: Config, at: datetime) -> bool:
    made = [backup.manifest.made_at for backup in shelf.every(services.folder_of(config))]
    return any(at - moment < FRESH for moment in made)


def _copy_file(copy: Path, say: Callable[[str], None]) -> None:
    """Copy an embedded database, which cannot undo half a migration."""
    say(f"备份数据库 Copying the database to {copy} …")
    # A connection below the engine's, which begins no transaction: VACUUM works in none.
    connection = db.engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(copy),))
    finally:
        connection.close()
    copy.chmod(0o600)
