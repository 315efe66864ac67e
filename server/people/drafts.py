"""Pure: what is said of a person or a post when it is entered (登记内容)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from server.people.documents import DocumentType, Sex
from server.people.roster import Holding, PostRole


class Education(StrEnum):
    """The highest schooling completed (文化程度)."""

    PRIMARY = "primary"
    #: 初中
    JUNIOR_SECONDARY = "junior_secondary"
    #: 高中
    SENIOR_SECONDARY = "senior_secondary"
    #: 中专、技校
    VOCATIONAL_SECONDARY = "vocational_secondary"
    #: 大专
    COLLEGE = "college"
    #: 本科
    BACHELOR = "bachelor"
    #: 研究生
    POSTGRADUATE = "postgraduate"


@dataclass(frozen=True, kw_only=True)
class PersonDraft:
    """What is said of a person."""

    name: str
    registered_under_id: UUID
    document_type: DocumentType
    #: The number as typed; None leaves a number registered before as it is.
    document_number: str | None = field(default=None, repr=False)
    #: None takes what the document says, where it says it.
    sex: Sex | None = None
    birth_on: date | None = None
    phone: str | None = field(default=None, repr=False)
    education: Education | None = None


@dataclass(frozen=True, kw_only=True)
class PostDraft:
    """What is said of a post."""

    person_id: UUID
    organisation_id: UUID
    role: PostRole
    items: Sequence[str] = ()
    from_on: date
    until_on: date | None = None

    @property
    def holding(self) -> Holding:
        """The post as the rules see it."""
        return Holding(
            role=self.role,
            items=frozenset(self.items),
            from_on=self.from_on,
            until_on=self.until_on,
        )


def name_of(text: str) -> str:
    """Return a name in the form in which names are kept and compared: no stray spaces."""
    joined = " ".join(unicodedata.normalize("NFKC", text).split())
    # A space inside a Chinese name is lay-out (张 三), between Latin words it belongs to the name.
    return re.sub(r"(?<=[㐀-鿿]) (?=[㐀-鿿])", "", joined)
