"""The content of a certificate as frozen text, and its hash (证书内容固化)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return the one text of a content: sorted keys, no blanks, UTF-8 (as RFC 8785 has it).

    Only texts, whole numbers, booleans, null, lists and maps may stand in it.
    """
    text = json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode("utf-8")


def content_hash(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a content, as hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()
