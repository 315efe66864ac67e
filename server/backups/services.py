"""Making, trying and restoring backups (备份服务)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from server.backups import archives, embedded, postgresql, shelf
from server.backups.errors import BackupFailed
from server.backups.manifests import Contents, Manifest, differences
from server.backups.reading import Told
from server.config import Config


@dataclass(frozen=True)
class Trial:
    """What came out when a backup was restored for trial."""

    manifest: Manifest
    #: What differs from what was backed up; empty is as it should be.
    differences: list[str]


def create(config: Config, recipients: tuple[str, ...], told: Told, *, at: datetime) -> Path:
    """Copy the database, note what is in the copy, and seal both into one file.

    Args:
        config: says where the database is, and where backups go.
        recipients: the public keys it is sealed for.
        told: hears how far it is.
        at: the moment it is named after.

    Raises:
        BackupFailed: in a sentence.
    """
    folder = folder_of(config)
    name = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{uuid4().hex[:8]}"
    with _scratch(config) as scratch:
        copy = scratch / archives.DATABASE
        kind = embedded if config.on_sqlite else postgresql
        contents = kind.copy(config, copy, told)
        manifest = Manifest(name=name, made_at=at, database=_kind(config), contents=contents)
        target = folder / f"{name}{shelf.SEALED}"
        archives.seal(manifest, copy, target, recipients)
    return target


def verify(config: Config, archive: Path, identity: str, told: Told, *, at: datetime) -> Trial:
    """Restore a backup into a scratch place, read all of it, compare, and note what came out.

    Raises:
        BackupFailed: it cannot be opened or restored.
    """
    with _scratch(config) as scratch:
        manifest, copy = archives.unseal(archive, identity, scratch)
        _of_this_kind(manifest, config)
        found = _tried(config, copy, told)
    trial = Trial(manifest, differences(manifest.contents, found))
    shelf.note_trial(archive, whole=not trial.differences, at=at)
    return trial


def restore(
    config: Config, archive: Path, identity: str, told: Told, *, at: datetime
) -> tuple[Trial, Path | None]:
    """Put a backup in the place of the database, and compare what stands there then.

    On SQLite the present database is kept beside it under another name; on PostgreSQL the
    database that DATABASE_URL names must be empty.

    Returns:
        What came out, and where the present database was put.

    Raises:
        BackupFailed: nothing was changed.
    """
    with _scratch(config) as scratch:
        manifest, copy = archives.unseal(archive, identity, scratch)
        _of_this_kind(manifest, config)
        kept = None
        if config.on_sqlite:
            embedded.look(copy, lambda _table, _rows: None)
            aside = f"before-restoring-{at:%Y%m%dT%H%M%S}.db"
            kept = embedded.put_back(copy, config, aside)
            found = embedded.look(embedded.path_of(config), told)
        else:
            postgresql.put_back(copy, config, config.database_url)
            found = postgresql.look(config.database_url, told)
    return Trial(manifest, differences(manifest.contents, found)), kept


def prune(config: Config, *, at: datetime) -> list[str]:
    """Remove what is surplus, never the newest; return the names of what went."""
    backups = shelf.every(folder_of(config))
    going = shelf.surplus((one.manifest.made_at for one in backups[1:]), at)
    gone = [one for one in backups[1:] if one.manifest.made_at in going]
    for one in gone:
        shelf.remove(one)
    return [one.manifest.name for one in gone]


def folder_of(config: Config) -> Path:
    """Return the folder of backups, made where it is missing.

    Raises:
        BackupFailed: nothing can be written there.
    """
    folder = config.backup_dir or config.data_dir / "backups"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BackupFailed(f"{folder} cannot be made: {error.strerror}.") from None
    return folder


def _tried(config: Config, copy: Path, told: Told) -> Contents:
    if config.on_sqlite:
        return embedded.look(copy, told)
    with postgresql.scratch(config, f"trial_{uuid4().hex[:12]}") as url:
        postgresql.put_back(copy, config, url)
        return postgresql.look(url, told)


def _of_this_kind(manifest: Manifest, config: Config) -> None:
    if manifest.database != _kind(config):
        raise BackupFailed(
            f"This is a backup of {manifest.database}, and DATABASE_URL names {_kind(config)}."
        )


def _kind(config: Config) -> str:
    return "sqlite" if config.on_sqlite else "postgresql"


@contextmanager
def _scratch(config: Config) -> Iterator[Path]:
    """Give a place for what is not sealed: on this machine, for the owner only, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=config.data_dir) as name:
        yield Path(name)
