"""What a file is once it is read: its format, its sheets, its images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from question_bank import pictures
from question_bank.importing.given import Book
from question_bank.importing.sheets import Sheet
from question_bank.pictures import NoPicture, Picture


class Format(StrEnum):
    """The format of a file, told by its content."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"
    TEXT = "text"
    DOCX = "docx"
    QTI = "qti"
    MOODLE_XML = "moodle_xml"
    GIFT = "gift"


#: Bytes of a file as it is sent: far above the largest bank seen (0.1 MB for 734 questions).
MOST_BYTES: Final = 10_000_000
#: Bytes of all members of a package, unpacked.
MOST_UNPACKED: Final = 80_000_000
MOST_MEMBERS: Final = 500
#: Members of a package of questions: each is a file of its own there.
MOST_QUESTION_FILES: Final = 40_000
MOST_ROWS: Final = 50_000
MOST_COLUMNS: Final = 200
#: Images of one file, and their bytes together.
MOST_IMAGES: Final = 5_000
MOST_IMAGE_BYTES: Final = 60_000_000


@dataclass
class Album:
    """The images of one file, each once, by hash."""

    pictures: dict[str, Picture] = field(default_factory=dict)
    size: int = 0

    def take(self, content: bytes | None) -> str | None:
        """Keep an image and return its hash; None where it is none, or one too many."""
        if content is None or len(self.pictures) >= MOST_IMAGES:
            return None
        name = pictures.name_of(content)
        if name in self.pictures:
            return name
        try:
            found = pictures.read(content)
        except NoPicture:
            return None
        self.size += len(content)
        if self.size > MOST_IMAGE_BYTES:
            return None
        self.pictures[name] = found
        return name


#: Returns the hash of the image behind an address of a file; None where there is none.
Finder = Callable[[str], str | None]


@dataclass(frozen=True)
class Read:
    """A file that was read."""

    format: Format
    sheets: list[Sheet | Book]
    album: Album = field(default_factory=Album)
