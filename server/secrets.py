"""Secrets of this installation: made once, kept in a file only the owner can read (密钥)."""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

#: Bytes of each secret: 256 bits, as HS256, AES-256-GCM and HMAC-SHA256 want them.
SECRET_BYTES = 32

#: The secrets there are, by the name of their environment variable.
NAMES = ("TOKEN_SECRET", "ENCRYPTION_KEY", "INDEX_KEY")

FILE_NAME = "secrets.json"


def make() -> dict[str, str]:
    """Return a fresh set of secrets, each as URL-safe base64 text."""
    return {name: encode(secrets.token_bytes(SECRET_BYTES)) for name in NAMES}


def encode(secret: bytes) -> str:
    """Return the text form of a secret."""
    return base64.urlsafe_b64encode(secret).decode("ascii")


def decode(text: str) -> bytes:
    """Return the bytes of a secret written as URL-safe base64.

    Raises:
        ValueError: the text is not base64 or holds fewer than 32 bytes.
    """
    secret = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    if len(secret) < SECRET_BYTES:
        raise ValueError(f"holds {len(secret)} bytes, and {SECRET_BYTES} are needed")
    if len(set(secret)) < SECRET_BYTES // 4:
        raise ValueError("repeats itself and can be guessed")
    return secret


def load_or_make(folder: Path) -> Mapping[str, str]:
    """Return the secrets kept in `folder`, making them (mode 0600) where there are none.

    Two processes that start together agree: the file is linked into place in one step, and
    who comes second reads what the first wrote.
    """
    path = folder / FILE_NAME
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_private(path, json.dumps(make(), indent=1))
    kept: dict[str, str] = json.loads(path.read_text("utf-8"))
    return kept


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, unless it is there already."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
