"""Pictures of questions (图片): whether bytes are an image, and under which name it is kept."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re
import warnings
from dataclasses import dataclass, field
from typing import Final

#: Bytes of one image.
LARGEST: Final = 3_000_000
#: Pixels of an image, unpacked: what two screens of a desktop show.
MOST_PIXELS: Final = 25_000_000

#: What is kept, by the name Pillow gives it. Vector images can carry scripts and are not.
MEDIA_TYPES: Final = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "GIF": "image/gif",
    "WEBP": "image/webp",
}
ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
_DATA: Final = re.compile(r"data:image/[a-z+.-]+;base64,([A-Za-z0-9+/=\s]+)")


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An image that can be kept. The same content has the same name, whoever sends it."""

    #: SHA-256 of the content, hexadecimal.
    sha256: str
    media_type: str
    width: int
    height: int
    content: bytes = field(repr=False)

    @property
    def file_name(self) -> str:
        """A name for the image in a package."""
        return f"{self.sha256}.{ENDINGS[self.media_type]}"

    @property
    def data_address(self) -> str:
        """The image as an address that holds it whole."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.content).decode()}"


class NoPicture(ValueError):
    """The bytes are no image that can be kept."""


def read(content: bytes) -> Picture:
    """Return the image, its kind found out from its content; every pixel of it is unpacked once.

    Raises:
        NoPicture: too large, of another kind, or broken.
    """
    if not 0 < len(content) <= LARGEST:
        raise NoPicture("size")
    # Decoders of every kind, which only those need who bring an image.
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=tuple(MEDIA_TYPES)) as image:
                width, height, kind = image.width, image.height, image.format or ""
                if width * height > MOST_PIXELS:
                    raise NoPicture("pixels")
                image.load()
    except NoPicture:
        raise
    except Exception:  # a decoder meets what nobody foresaw: whatever it raises, it is no image
        raise NoPicture("unreadable") from None
    return Picture(
        sha256=name_of(content),
        media_type=MEDIA_TYPES[kind],
        width=width,
        height=height,
        content=content,
    )


def name_of(content: bytes) -> str:
    """Return the name under which the content is kept, be it an image or not."""
    return hashlib.sha256(content).hexdigest()


def addresses_in(text: str) -> list[str]:
    """Return the `data:` addresses of images that a text holds."""
    return [found[0] for found in _DATA.finditer(text)]


def in_address(address: str) -> bytes | None:
    """Return the bytes that a `data:` address holds; None where it holds no image."""
    found = _DATA.fullmatch(address)
    if found is None:
        return None
    try:
        return base64.b64decode(re.sub(r"\s", "", found[1]), validate=True)
    except binascii.Error:
        return None
