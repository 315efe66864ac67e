"""Photos: judged by their content."""

from __future__ import annotations

import struct
import zlib

import pytest

from server.people import photos
from server.people.errors import PhotoRefused
from tests.factories.photos import a_jpeg, a_png


@pytest.mark.parametrize(
    ("content", "media_type"), [(a_png(), "image/png"), (a_jpeg(), "image/jpeg")]
)
def test_a_photo_is_known_by_its_content(content: bytes, media_type: str) -> None:
    photo = photos.read(content)

    assert (photo.media_type, photo.content) == (media_type, content)
    assert len(photo.hash) == 64


def test_the_same_photo_has_the_same_hash() -> None:
    assert photos.read(a_png()).hash == photos.read(a_png()).hash
    assert photos.read(a_png()).hash != photos.read(a_png(width=201)).hash


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xd8\xff",
        a_png() + bytes(photos.LARGEST),
        b"GIF89a" + bytes(1000),
        b"<svg xmlns='http://www.w3.org/2000/svg'>" + bytes(1000),
        a_png(width=99),
        a_png(height=4001),
        a_jpeg(width=99),
        b"\x89PNG\r\n\x1a\n" + bytes(1000),
        b"\xff\xd8\xff\xe0" + struct.pack(">H", 600) + bytes(1000),
        b"\xff\xd8\xff" + bytes(1000),
    ],
    ids=[
        *("nothing", "tiny", "huge", "gif", "svg", "narrow", "tall", "narrow jpeg"),
        *("png without header", "jpeg without size", "jpeg cut off"),
    ],
)
def test_what_is_no_fitting_photo_is_refused(content: bytes) -> None:
    with pytest.raises(PhotoRefused):
        photos.read(content)


def test_the_size_of_a_jpeg_is_found_behind_other_segments() -> None:
    comment = b"\xff\xfe" + struct.pack(">H", 300) + bytes(298)

    assert photos.read(a_jpeg(before=comment * 3)).media_type == "image/jpeg"


def test_the_test_pictures_are_what_they_claim() -> None:
    content = a_png()
    start = content.index(b"IHDR")

    assert zlib.crc32(content[start : start + 17]) == int.from_bytes(
        content[start + 17 : start + 21], "big"
    )
