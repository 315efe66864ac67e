"""What a draft makes of a person, before anything is looked up or stored (登记内容成档)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from server import days
from server.audit import masking
from server.audit.errors import NumberNotMasked
from server.people import likeness
from server.people.documents import Document
from server.people.drafts import PersonDraft, name_of
from server.people.models import Person
from server.people.services import agreeing, numbers


def made(person_id: UUID, draft: PersonDraft, *, at: datetime) -> Person:
    """Return a new person as a draft says, who is not stored yet, nor looked for by document.

    Raises:
        Invalid: no number is given.
        DocumentNumberWrong, CheckDigitWrong, BirthDateImpossible: about the number.
        DocumentDisagrees: the stated sex or birth date contradicts the number.
        NumberNotMasked: an identity number stands in the name or the phone.
    """
    check_masked(draft)
    document = agreeing.document_of(None, draft, on=days.civil_day(at))
    return Person(
        id=person_id,
        registered_at=at,
        document_type=document.type,
        document_masked=document.masked,
        **numbers.closed(person_id, document.type, document.number),
        **values(draft, document),
    )


def check_masked(draft: PersonDraft) -> None:
    """Refuse a draft in which an identity number stands where none belongs.

    Raises:
        NumberNotMasked: in the name or the phone.
    """
    if any(map(masking.looks_like_an_id_number, (draft.name, draft.phone or ""))):
        raise NumberNotMasked


def values(draft: PersonDraft, document: Document) -> dict[str, Any]:
    """Return the columns of a person that a draft states, or its document says.

    Raises:
        DocumentDisagrees: the stated sex or birth date contradicts the number.
    """
    return {
        "name": name_of(draft.name),
        "registered_under_id": draft.registered_under_id,
        "phone": draft.phone,
        "phone_digits": likeness.digits(draft.phone) if draft.phone else None,
        "compared_at": None,
        "education": draft.education,
        "sex": agreeing.agreed(draft.sex, document.sex, "sex", "性别"),
        "birth_on": agreeing.agreed(draft.birth_on, document.birth_on, "birth date", "出生日期"),
    }
