"""Files of an archive: lines of JSON, compressed, known by their SHA-256 (归档文件).

Anybody can read them without this code: `sha256sum`, `zcat`, one JSON document a line. The first
line says what the file is, the last how much it holds, so that one that was cut short is noticed
by whoever has no hash of it, too.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from server.archives.errors import ArchiveFailed

#: The form of the lines; a newer one is refused by older code.
FORM = 1

#: How hard it is compressed: more takes twice as long and saves a hundredth.
_LEVEL = 6

_CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Written:
    """A file that is whole and on the disk."""

    units: int
    size: int
    digest: str


def write(path: Path, about: Mapping[str, Any], lines: Iterable[Any]) -> Written:
    """Write a file; it stands under its name only once it is whole and on the disk.

    Args:
        path: its name; a file that stands there, from a process that died, is written anew.
        about: what the first line says besides the form.
        lines: one JSON document each.

    Raises:
        ArchiveFailed: the disk does not take it.
    """
    draft = path.with_name(f".{path.name}.draft")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            units = _fill(file, about, lines)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
        _settle(path.parent)
        return Written(units=units, size=path.stat().st_size, digest=digest_of(path))
    except OSError as error:
        raise ArchiveFailed(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        draft.unlink(missing_ok=True)


def _fill(file: BinaryIO, about: Mapping[str, Any], lines: Iterable[Any]) -> int:
    units = 0
    # No name and no moment in the header: the same lines are the same bytes.
    with gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packed:
        packed.write(_line({"form": FORM, **about}))
        for line in lines:
            packed.write(_line(line))
            units += 1
        packed.write(_line({"end": units}))
    return units


def read(path: Path, digest: str) -> Iterator[Any]:
    """Give the documents of a file, after the whole of it was found to be what was written.

    Raises:
        ArchiveFailed: it is missing, was changed or cut short, or is of a newer form.
    """
    if digest_of(path) != digest:
        raise ArchiveFailed(f"{path} was changed or cut short: put back a copy of it.")
    with gzip.open(path, "rb") as lines:
        about = json.loads(next(lines))
        if about["form"] != FORM:
            raise ArchiveFailed(f"{path} is of a newer release: read it with that.")
        for units, text in enumerate(lines):
            line = json.loads(text)
            if isinstance(line, dict) and line.keys() == {"end"}:
                if line["end"] != units:
                    break
                return
            yield line
    raise ArchiveFailed(f"{path} does not end as it should.")


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, as `sha256sum` prints it.

    Raises:
        ArchiveFailed: it cannot be read.
    """
    found = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                found.update(chunk)
    except OSError as error:
        raise ArchiveFailed(
            f"{path} cannot be read ({error.strerror}): bring the file back, or set ARCHIVE_DIR."
        ) from None
    return found.hexdigest()


def _line(document: Any) -> bytes:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode() + b"\n"


def _settle(folder: Path) -> None:
    """Put the names of a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
