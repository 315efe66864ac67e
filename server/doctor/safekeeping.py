"""What is kept: backups that came back, secrets that nobody else reads (备份与密钥)."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from server.backups import shelf
from server.backups.errors import BackupFailed
from server.backups.services import folder_of
from server.config import Config
from server.doctor.findings import Finding, Level

#: A backup older than this leaves more to be lost than a night's work.
BACKUP_OLD = timedelta(hours=26)

#: Longer than this no backup was restored for trial.
TRIAL_OLD = timedelta(days=8)

#: What others than the owner may do with a file.
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def backups(config: Config, at: datetime) -> Iterator[Finding]:
    """Look when the last backup was made, and when one last came back whole."""
    try:
        found = shelf.every(folder_of(config))
    except BackupFailed as failed:
        yield Finding(check="backup", level=Level.CARE, zh=str(failed), en=str(failed))
        return
    made = max((one.manifest.made_at for one in found), default=None)
    tried = max((moment for one in found if (moment := one.tried_at)), default=None)
    yield _aged(
        "backup", made, at, BACKUP_OLD, ("最近一次备份", "The last backup was made"), "create"
    )
    yield _aged(
        "backup_trial",
        tried,
        at,
        TRIAL_OLD,
        ("最近一次恢复验证", "A backup last came back whole"),
        "verify",
    )


def _aged(
    check: str,
    moment: datetime | None,
    at: datetime,
    most: timedelta,
    words: tuple[str, str],
    command: str,
) -> Finding:
    zh, en = words
    if moment is not None and at - moment <= most:
        shown = moment.isoformat(timespec="minutes")
        return Finding(check=check, level=Level.FINE, zh=f"{zh}：{shown}", en=f"{en} at {shown}.")
    shown = "never" if moment is None else moment.isoformat(timespec="minutes")
    return Finding(
        check=check,
        level=Level.CARE,
        zh=f"{zh}：{'从未' if moment is None else shown}：请运行 flask backup {command}",
        en=f"{en}: {shown}; run flask backup {command}.",
    )


def private_files(config: Config, _at: datetime) -> Iterator[Finding]:
    """Look whether anybody but the owner may read secrets, keys and the embedded database."""
    folder = config.data_dir
    private = [folder / "secrets.json", folder / "platform.db", *(folder / "keys").rglob("*")]
    open_ones = [path.name for path in private if path.exists() and _others_may(path)]
    yield Finding(
        check="private_files",
        level=Level.STOP if open_ones else Level.FINE,
        zh=f"其他用户可读取：{'、'.join(open_ones)}：请 chmod 600"
        if open_ones
        else "密钥与数据文件仅属主可读",
        en=f"Others may read {', '.join(open_ones)}: chmod 600."
        if open_ones
        else "Only their owner can read secrets, keys and data.",
    )


def _others_may(path: Path) -> bool:
    return bool(path.stat().st_mode & _OTHERS)


CHECKS = (backups, private_files)
