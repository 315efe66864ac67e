"""Whatever a file keeps by a code is printed as a word."""

from __future__ import annotations

from enum import StrEnum

import pytest

from certificates.models import EventKind
from server.people.documents import DocumentType
from server.people.drafts import Education
from server.people.roster import PostRole
from server.records.copies import CopyKind
from server.records.entries import InductionLevel, TrainingPurpose
from server.records.words import word

KEPT: list[type[StrEnum]] = [
    EventKind,
    DocumentType,
    Education,
    PostRole,
    CopyKind,
    InductionLevel,
    TrainingPurpose,
]


@pytest.mark.parametrize("kind", KEPT, ids=lambda kind: kind.__name__)
def test_every_code_has_a_word(kind: type[StrEnum]) -> None:
    assert [one.value for one in kind if word(one.value) == one.value] == []


def test_what_is_no_code_is_said_as_it_stands_and_nothing_as_a_dash() -> None:
    assert (word("某企业"), word(None)) == ("某企业", "—")
