"""Pure: the columns by which a sheet names a person, the same in every sheet (人员识别列)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from server.errors import Message
from server.people import cells as names
from server.people.documents import DocumentType, normalised
from server.sheets import cells as kinds
from server.sheets.reading import Cells, Complaint

#: The headings under which the columns are known.
HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("姓名",),
    "document_type": ("证件类型", "证件种类"),
    "document_number": ("证件号码", "证件号", "身份证号", "身份证号码", "身份证"),
}

NEEDED: Final = frozenset({"name", "document_number"})

TWICE: Final = Complaint(
    field="document_number",
    code="document_twice",
    message=Message(
        en="The same document stands in more than one row.", zh="同一证件在表中出现多次。"
    ),
)


@dataclass(frozen=True, kw_only=True)
class Named:
    """Somebody as a sheet names them."""

    name: str
    document_type: DocumentType
    document_number: str = field(repr=False)

    @property
    def document(self) -> str:
        """The document, however its number is spelt."""
        return f"{self.document_type}:{normalised(self.document_number)}"


def read(cells: Cells) -> Named:
    """Return whom a row names; a resident identity card where it names no kind of document."""
    card = DocumentType.RESIDENT_IDENTITY_CARD
    return Named(
        name=cells.need("name", kinds.text, ""),
        document_type=cells.need(
            "document_type", lambda cell: kinds.chosen(cell, names.DOCUMENT_TYPES), card
        ),
        document_number=cells.need("document_number", kinds.number, ""),
    )
