"""The folder of backups: which there are, and which may go (备份目录)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from server.backups.errors import BackupFailed
from server.backups.manifests import Manifest

#: How the sealed file of a backup ends.
SEALED = ".age"

#: How the note beside it ends that says when it was tried.
_TRIED = ".tried"

#: All of the last two days are kept.
KEPT_ALL = timedelta(days=2)

#: Then the first of each day, week and month, each for so long.
KEPT_FIRST = (
    ("%Y-%m-%d", timedelta(days=14)),
    ("%G-W%V", timedelta(days=90)),
    ("%Y-%m", timedelta(days=400)),
)


@dataclass(frozen=True)
class Backup:
    """A backup in the folder."""

    path: Path
    #: The copy of the manifest beside it, which is what the sealed file says, too.
    manifest: Manifest

    @property
    def tried_at(self) -> datetime | None:
        """When it was last restored for trial and came back whole, None if it never was."""
        note = self.path.with_suffix(_TRIED)
        return datetime.fromisoformat(note.read_text("ascii")) if note.exists() else None


def note_trial(path: Path, *, whole: bool, at: datetime) -> None:
    """Note beside a backup that it came back whole; a note of earlier is taken away if not."""
    note = path.with_suffix(_TRIED)
    if whole:
        note.write_text(at.isoformat(), "ascii")
    else:
        note.unlink(missing_ok=True)


def remove(backup: Backup) -> None:
    """Take a backup away with what stands beside it."""
    for suffix in (SEALED, ".json", _TRIED):
        backup.path.with_suffix(suffix).unlink(missing_ok=True)


def every(folder: Path) -> list[Backup]:
    """Return the backups in a folder, the newest first."""
    found = []
    for path in folder.glob(f"*{SEALED}"):
        beside = path.with_suffix(".json")
        if beside.exists():
            found.append(Backup(path, Manifest.from_json(beside.read_text("utf-8"))))
    return sorted(found, key=lambda one: one.manifest.made_at, reverse=True)


def named(folder: Path, name: str) -> Path:
    """Return the file of a backup: by its name, `latest`, or a path.

    Raises:
        BackupFailed: there is none.
    """
    if name == "latest":
        newest = every(folder)
        if newest:
            return newest[0].path
    for path in (Path(name), folder / f"{name}{SEALED}"):
        if path.is_file():
            return path
    raise BackupFailed(f"There is no backup {name} in {folder}.")


def surplus(made: Iterable[datetime], at: datetime) -> set[datetime]:
    """Return the moments whose backups may go: older ones stand ever further apart.

    Args:
        made: when backups were made.
        at: now.
    """
    moments = sorted(made)
    staying = {moment for moment in moments if at - moment <= KEPT_ALL}
    for period, kept in KEPT_FIRST:
        # The first of a period is the same whenever it is asked for: what stays is no other
        # tomorrow, and nothing goes today that tomorrow would have wanted.
        firsts: dict[str, datetime] = {}
        for moment in moments:
            firsts.setdefault(moment.strftime(period), moment)
        staying |= {moment for moment in firsts.values() if at - moment <= kept}
    return set(moments) - staying
