"""The apps have words in both languages for whatever the platform may say by a value."""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path

import pytest

from certificates.applying import Purpose
from certificates.coverage import Reason
from certificates.validity import Status
from exams.sittings import SittingState
from question_bank.flagging import Flag
from question_bank.kinds import Kind
from question_bank.lifecycle import State
from question_bank.likeness import Relation
from server.organisations.drafts import OrganisationKind
from server.people.roster import PostRole
from server.policy import Role
from server.records.entries import RecordKind
from server.training.kinds import Subject, TrainingType
from server.web import app_files
from tests.house import ROOT

APPS = Path(app_files.__file__).parent / "apps"

WORDS = "console/words.ts"


@pytest.mark.parametrize(
    ("values", "file", "name"),
    [
        (PostRole, WORDS, "POST_ROLES"),
        (PostRole, "phone/pages/today.tsx", "ROLES"),
        (RecordKind, "phone/pages/me.tsx", "KINDS"),
        (Reason, WORDS, "MISSING_REASONS"),
        (Status, WORDS, "CERTIFICATE_STATES"),
        (Purpose, WORDS, "PURPOSES"),
        (OrganisationKind, WORDS, "ORGANISATION_KINDS"),
        (Kind, WORDS, "QUESTION_KINDS"),
        (State, WORDS, "QUESTION_STATES"),
        (Flag, WORDS, "FLAGS"),
        (Relation, WORDS, "RELATIONS"),
        (SittingState, WORDS, "SITTING_STATES"),
        (Subject, WORDS, "SUBJECTS"),
        (TrainingType, WORDS, "TRAINING_TYPES"),
    ],
    ids=lambda one: one if isinstance(one, str) else getattr(one, "__name__", None),
)
def test_every_value_has_its_words(values: type[Enum], file: str, name: str) -> None:
    known = _known(file, name)

    assert {one.value for one in values} - known == set()


def test_every_role_but_the_workers_has_its_words() -> None:
    assert {one.value for one in Role if one is not Role.WORKER} - _known(WORDS, "ROLES") == set()


def test_whatever_the_audit_is_kept_of_has_its_words() -> None:
    parts = ("server", "exams", "question_bank", "certificates")
    sources = [file.read_text("utf-8") for part in parts for file in (ROOT / part).rglob("*.py")]
    kinds = {kind for text in sources for kind in re.findall(r'subject_kind="([a-z_]+)"', text)}

    assert len(kinds) > 10, "it sees what is there"
    assert kinds - _known("console/rooms/audit_words.ts", "SUBJECT_KINDS") == set()


def _known(file: str, name: str) -> set[str]:
    """Return the values for which a table of an app has words."""
    text = (APPS / file).read_text("utf-8")
    table = re.search(rf"const {name}\b[^=]*= {{\n(.*?)\n}};", text, re.DOTALL)
    assert table is not None, (file, name)
    return set(re.findall(r"(?:^|, )\s*([a-z_]+): \[", table[1], re.MULTILINE))
