"""One sealed file: the manifest and a copy of the database, for whoever holds the key (封存).

The file is made by age (https://age-encryption.org/v1): the platform knows only the public half
of the key, so who breaks in can make backups and read none, and the `age` program opens them on
any machine, without this code.
"""

from __future__ import annotations

import os
import tarfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyrage

from server.backups.errors import BackupFailed
from server.backups.manifests import Manifest

#: The names inside an archive.
MANIFEST, DATABASE = "manifest.json", "database"

#: Bytes that go through the pipe at once.
_CHUNK = 1 << 20


def new_identity() -> str:
    """Return a new key that opens backups; its public half is `public_half`."""
    return str(pyrage.x25519.Identity.generate())


def public_half(identity: str) -> str:
    """Return the half of a key that seals and cannot open.

    Raises:
        BackupFailed: the text is no key.
    """
    return str(_identity(identity).to_public())


def seal(manifest: Manifest, database: Path, target: Path, recipients: Sequence[str]) -> None:
    """Write the archive of a database copy; when it returns, the file is whole and on the disk.

    Args:
        manifest: what the copy holds.
        database: the copy.
        target: the file; it appears under this name only when it is complete.
        recipients: the public keys, each of whose owners can open it alone.

    Raises:
        BackupFailed: a public key is none, or the disk does not take it.
    """
    try:
        keys = [pyrage.x25519.Recipient.from_str(one) for one in recipients]
    except pyrage.RecipientError:
        raise BackupFailed("BACKUP_RECIPIENTS holds what is no public key of age.") from None
    draft = target.with_name(f".{target.name}.draft")
    source = target.with_suffix(".json")
    source.write_text(manifest.to_json(), encoding="utf-8")
    try:
        with draft.open("wb") as sealed:
            with _piped(lambda pipe: _pack(pipe, source, database)) as plain:
                pyrage.encrypt_io(plain, sealed, keys)
            sealed.flush()
            os.fsync(sealed.fileno())
        draft.rename(target)
        _settle(target.parent)
    except OSError as error:
        source.unlink(missing_ok=True)
        raise BackupFailed(f"{target} cannot be written: {error.strerror}.") from None
    finally:
        draft.unlink(missing_ok=True)


def unseal(archive: Path, identity: str, folder: Path) -> tuple[Manifest, Path]:
    """Open an archive into an empty folder; return its manifest and the copy of the database.

    Raises:
        BackupFailed: the key does not fit, or the file was cut short or changed.
    """
    key = _identity(identity)

    def decrypt(pipe: BinaryIO) -> None:
        with archive.open("rb") as sealed:
            pyrage.decrypt_io(sealed, pipe, [key])

    try:
        with _piped(decrypt) as plain, tarfile.open(fileobj=plain, mode="r|") as packed:
            packed.extractall(folder, filter="data")
            while plain.read(_CHUNK):  # what follows the archive is still looked over by age
                pass
    except (pyrage.DecryptError, OSError, tarfile.TarError) as error:
        raise BackupFailed(
            f"{archive.name} cannot be opened ({error}): the key is not one it was sealed for,"
            " or the file was changed or cut short."
        ) from None
    return Manifest.from_json((folder / MANIFEST).read_text("utf-8")), folder / DATABASE


def _identity(text: str) -> pyrage.x25519.Identity:
    try:
        return pyrage.x25519.Identity.from_str(text.strip())
    except pyrage.IdentityError:
        raise BackupFailed("This is no key of age: it begins with AGE-SECRET-KEY-1.") from None


def _pack(pipe: BinaryIO, manifest: Path, database: Path) -> None:
    with tarfile.open(fileobj=pipe, mode="w|") as packed:
        packed.add(manifest, MANIFEST)
        packed.add(database, DATABASE)


@contextmanager
def _piped(write: Callable[[BinaryIO], None]) -> Iterator[BinaryIO]:
    """Read what a function writes in a thread of its own; its failure is raised at the end."""
    reading, writing = os.pipe()

    def run() -> None:
        with os.fdopen(writing, "wb") as end:
            write(end)

    with ThreadPoolExecutor(1) as beside, os.fdopen(reading, "rb") as plain:
        running = beside.submit(run)
        try:
            yield plain
        except BaseException:
            plain.close()  # lets the writer end, who may wait for us
            if (cause := running.exception()) and not isinstance(cause, BrokenPipeError):
                raise cause from None
            raise
        running.result()


def _settle(folder: Path) -> None:
    """Put the names of a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
