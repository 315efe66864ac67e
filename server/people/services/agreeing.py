"""What a draft states and what its document number says, brought together (证件与填报一致性)."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from server.errors import Invalid, Message
from server.people import documents
from server.people.documents import Document
from server.people.drafts import PersonDraft
from server.people.errors import DocumentDisagrees
from server.people.models import Person
from server.people.services import numbers

T = TypeVar("T")

_NUMBER_MISSING = Message(
    en="Whoever is registered for the first time needs a document number.",
    zh="首次登记必须填写证件号码。",
)


def document_of(known: Person | None, draft: PersonDraft, *, on: date) -> Document:
    """Return the document that a draft speaks of, its number read.

    Raises:
        Invalid: there is no number yet, and none is given.
        DocumentDisagrees: another kind of document is registered.
        DocumentNumberWrong, CheckDigitWrong, BirthDateImpossible: about the number.
    """
    number = draft.document_number
    if number is None:
        if known is None:
            raise Invalid({"document_number": [_NUMBER_MISSING]})
        if known.document_type is not draft.document_type:
            raise DocumentDisagrees(field="kind of document", field_zh="证件类型")
        number = numbers.opened(known)
    return documents.read(draft.document_type, number, on=on)


def agreed(stated: T | None, carried: T | None, field: str, field_zh: str) -> T | None:
    """Return what was stated, or what the number carries.

    Raises:
        DocumentDisagrees: both are there and differ.
    """
    if stated is not None and carried is not None and stated != carried:
        raise DocumentDisagrees(field=field, field_zh=field_zh)
    return stated if carried is None else carried
