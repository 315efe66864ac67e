"""Small disks of their own: ext4 in a file, whose copy is what a power cut would leave."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

#: Bytes of a disk: room for the database, its log and a journal.
SIZE = 96 * 1024 * 1024


@contextmanager
def mounted(image: Path, at: Path) -> Iterator[Path]:
    """Have a file system that lies in a file, for as long as the block lasts."""
    at.mkdir()
    _run("mount", "-o", "loop", image, at)
    try:
        yield at
    finally:
        # Lazily: what a killed server holds open must not keep the test from ending.
        _run("umount", "--lazy", at)


def made(image: Path, *, size: int = SIZE) -> Path:
    """Make an empty file system in a file."""
    with image.open("wb") as file:
        file.truncate(size)
    _run("mkfs.ext4", "-q", "-F", image)
    return image


def cut(image: Path, copy: Path) -> Path:
    """Copy what has reached the disk and nothing that the system still holds back."""
    _run("cp", "--sparse=always", image, copy)
    return copy


@cache
def missing() -> str:
    """Return what is missing for disks of our own; empty where they can be had."""
    if os.geteuid() != 0:
        return "only root may mount"
    programs = [name for name in ("mount", "umount", "mkfs.ext4") if shutil.which(name) is None]
    if programs:
        return f"there is no {', '.join(programs)}"
    with tempfile.TemporaryDirectory() as folder:
        try:
            with mounted(made(Path(folder, "disk"), size=4 * 1024 * 1024), Path(folder, "at")):
                return ""
        except subprocess.CalledProcessError:
            return "loop devices cannot be mounted here"


def skip_where_missing() -> None:
    """Skip a test, and say loudly what went unproved."""
    if reason := missing():
        pytest.skip(f"UNPROVED HERE, needs a disk of its own: {reason}")


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True)
