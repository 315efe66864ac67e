"""Whom backups are sealed for (备份收件人)."""

from __future__ import annotations

from pathlib import Path

from server.backups import archives
from server.backups.errors import BackupFailed
from server.config import Config, Mode
from server.secrets import write_private

#: Where a try-out keeps the key that opens its backups, in its data directory.
OWN_KEY = Path("keys", "backup.identity")


def of(config: Config) -> tuple[str, ...]:
    """Return the keys to seal for; a try-out makes one of its own.

    Raises:
        BackupFailed: production names none.
    """
    if config.backup_recipients:
        return config.backup_recipients
    if config.mode is Mode.PRODUCTION:
        raise BackupFailed(
            "BACKUP_RECIPIENTS is missing: make a key with `flask backup key` on another machine."
        )
    path = config.data_dir / OWN_KEY
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, f"{archives.new_identity()}\n")
    return (archives.public_half(path.read_text("utf-8")),)
