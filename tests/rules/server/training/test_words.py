"""Whatever a class keeps by a code is printed as a word."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import pytest

from server.training.kinds import LessonKind, Mode, Subject, TrainingType
from server.training.words import LESSON_KINDS, MODES, SUBJECTS, TYPES


@pytest.mark.parametrize(
    ("kind", "words"),
    [(TrainingType, TYPES), (Mode, MODES), (Subject, SUBJECTS), (LessonKind, LESSON_KINDS)],
    ids=["types", "modes", "subjects", "kinds of lessons"],
)
def test_every_code_has_a_word_of_its_own(
    kind: type[StrEnum], words: Mapping[StrEnum, str]
) -> None:
    assert set(words) == set(kind)
    assert len(set(words.values())) == len(words)
