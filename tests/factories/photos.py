"""The smallest pictures that programs accept as such."""

from __future__ import annotations

import struct
import zlib


def a_png(width: int = 200, height: int = 280) -> bytes:
    """Return a grey PNG."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\x00" + bytes([row % 251] * width) for row in range(height))
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(rows, 0))
        + _chunk(b"IEND", b"")
    )


def a_jpeg(width: int = 200, height: int = 280, *, before: bytes = b"") -> bytes:
    """Return the head of a JPEG, with the segment that tells its size."""
    application = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\x00" + bytes(9)
    size = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8" + application + before + size + bytes(1000) + b"\xff\xd9"


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
