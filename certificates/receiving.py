"""Taking packages of another platform in, in their order, into a folder (接收数据包)."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from certificates import exchange_reading
from certificates.exchange_packages import MANIFEST
from certificates.exchange_reading import Received, Taken

#: Remembers in the folder what was taken in last.
LAST = "last.json"


def take(
    package: bytes, jwks: Mapping[str, Any], receiver: str, into: Path, at: datetime
) -> Received:
    """Check a package against the last one taken into a folder, and lay its tables there.

    Tables lie in a folder of the package's number; that it was taken in is remembered last, so
    that one that broke off midway is taken in again.

    Args:
        package: the bytes that came.
        jwks: the sender's keys.
        receiver: the id of the organisation that we are.
        into: the folder of this subscription.
        at: the moment.

    Raises:
        PackageRefused: one of its subclasses, each for one reason.
    """
    last = into / LAST
    known = Taken(**json.loads(last.read_text("utf-8"))) if last.exists() else Taken()
    found = exchange_reading.read(package, jwks, receiver=receiver, last=known, at=at)
    folder = into / f"{found.taken.seq:06}"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {MANIFEST: found.manifest, **found.files}.items():
        (folder / Path(name).name).write_bytes(content)
    written = last.with_suffix(".new")
    written.write_text(json.dumps(asdict(found.taken)), "utf-8")
    os.replace(written, last)
    return found
