"""A file that takes room beside the data, to be thrown overboard when the disk is full (应急占位).

Deleting it lets commits succeed again at once, before anybody has found what fills the disk.
"""

from __future__ import annotations

import os
import shutil

from server.config import Config

#: The file in `DATA_DIR`.
NAME = "ballast"

#: It is laid only where so many times its size are free: it must not itself fill the disk.
ROOM = 4


def lay(config: Config) -> bool:
    """Lay the file where it is missing; say whether it lies there, or none is wanted."""
    path = config.data_dir / NAME
    if not config.ballast or (path.exists() and path.stat().st_size == config.ballast):
        return True
    if shutil.disk_usage(config.data_dir).free < ROOM * config.ballast:
        return False
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        # Really taken, not a hole that takes nothing.
        os.posix_fallocate(descriptor, 0, config.ballast)
        os.truncate(descriptor, config.ballast)
    finally:
        os.close(descriptor)
    return True
