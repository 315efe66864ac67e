"""Pure: whether bytes are a photo that can be kept (照片)."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field

from server.people.errors import PhotoRefused

#: Bytes of the smallest and the largest photo.
SMALLEST, LARGEST = 500, 1_000_000

#: Pixels of the shortest and the longest side.
SHORTEST_SIDE, LONGEST_SIDE = 100, 4000

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"

#: JPEG segments that tell the size of the picture: SOF0 to SOF15 without DHT, JPG and DAC.
_SIZE_SEGMENTS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, kw_only=True)
class Sound:
    """A photo that can be kept."""

    #: SHA-256 of the content: the same photo is kept once.
    hash: str
    media_type: str
    content: bytes = field(repr=False)


def read(content: bytes) -> Sound:
    """Return the photo, its kind found out from its content and not from what was said.

    Raises:
        PhotoRefused: it is too small or too large, or no JPEG or PNG of a fitting size.
    """
    if not SMALLEST <= len(content) <= LARGEST:
        raise PhotoRefused(
            reason=f"it has not between {SMALLEST} and {LARGEST} bytes",
            reason_zh=f"文件大小应在 {SMALLEST} 到 {LARGEST} 字节之间",
        )
    found = kind_of(content)
    if found is None:
        raise PhotoRefused(reason="it is no JPEG or PNG", reason_zh="不是 JPEG 或 PNG 图片")
    media_type, size = found
    if size is None or min(size) < SHORTEST_SIDE or max(size) > LONGEST_SIDE:
        raise PhotoRefused(
            reason=f"its sides are not between {SHORTEST_SIDE} and {LONGEST_SIDE} pixels",
            reason_zh=f"边长应在 {SHORTEST_SIDE} 到 {LONGEST_SIDE} 像素之间",
        )
    return Sound(hash=hashlib.sha256(content).hexdigest(), media_type=media_type, content=content)


def kind_of(content: bytes) -> tuple[str, tuple[int, int] | None] | None:
    """Return the kind of picture and its width and height, as far as the content tells them."""
    if content.startswith(_PNG):
        return "image/png", _png_size(content)
    if content.startswith(_JPEG):
        return "image/jpeg", _jpeg_size(content)
    return None


def _png_size(content: bytes) -> tuple[int, int] | None:
    if content[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        segment = content[at + 1]
        if segment in _SIZE_SEGMENTS:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        at += 2 + length
    return None
