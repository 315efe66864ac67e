"""Packages (zip) made safe: their size is true, their names stay inside, nothing in them runs."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NoReturn

from question_bank.errors import FileDamaged, FileTooLarge, FileUnsafe
from question_bank.formats.files import MOST_BYTES, MOST_UNPACKED

#: What reading a package that is broken, encrypted or packed in a strange way may raise.
BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)
_CHUNK: Final = 1 << 20
#: Kept from the chunk before, so that nothing is overlooked where two chunks meet.
_OVERLAP: Final = 512
_UNSAFE_MEMBER: Final = re.compile(
    r"vbaProject\.bin$|\.(?:exe|dll|js|vbs|ps1|bat|cmd|sh|com|scr|msi|jar|hta)$", re.IGNORECASE
)
_OUTSIDE: Final = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:|\x00")
#: Members of these names are read as they stand and never as markup.
_NO_MARKUP: Final = re.compile(r"\.(?:png|jpe?g|gif|webp|bmp|tiff?|emf|wmf|bin|ttf|odttf)$", re.I)


def refuse_size() -> NoReturn:
    """Refuse a file for its size."""
    raise FileTooLarge(limit_bytes=MOST_BYTES, unpacked_bytes=MOST_UNPACKED)


@contextmanager
def opened(content: bytes) -> Iterator[zipfile.ZipFile]:
    """Open a package for as long as the block lasts.

    Raises:
        FileDamaged: it cannot be read to its end.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            yield package
    except BROKEN:
        raise FileDamaged from None


def check(package: zipfile.ZipFile, *, most_members: int) -> None:
    """See that a package is what it says, before anything of it is kept.

    Raises:
        FileTooLarge: it unpacks to more than an import takes.
        FileUnsafe: a name leads outside, a member is a program or a macro, or brings a document
            type of its own.
    """
    members = package.infolist()
    if len(members) > most_members or sum(m.file_size for m in members) > MOST_UNPACKED:
        refuse_size()
    for member in members:
        if _UNSAFE_MEMBER.search(member.filename) or _OUTSIDE.search(member.filename):
            raise FileUnsafe
        for chunk in chunks(package, member):
            if not _NO_MARKUP.search(member.filename) and has_document_type(chunk):
                raise FileUnsafe


def has_document_type(chunk: bytes) -> bool:
    """Say whether XML declares a document type or an entity, in any of its usual encodings."""
    plain = chunk.replace(b"\x00", b"") if b"\x00" in chunk else chunk
    return b"<!DOCTYPE" in plain or b"<!ENTITY" in plain


def chunks(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack a member without keeping it."""
    with package.open(member) as stream:
        kept = b""
        while chunk := stream.read(_CHUNK):
            yield kept + chunk
            kept = chunk[-_OVERLAP:]


def member(package: zipfile.ZipFile, name: str) -> bytes | None:
    """Return a member; None where there is none of this name."""
    try:
        return package.read(name)
    except KeyError:
        return None
