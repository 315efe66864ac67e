"""Whatever a class keeps by a code is printed as a word."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import pytest

from server.training.kinds import Mode, Subject, TrainingType
from server.training.words import MODES, SUBJECTS, TYPES


@pytest.mark.parametrize(
    ("kind", "words"),
    [(TrainingType, TYPES), (Mode, MODES), (Subject, SUBJECTS)],
    ids=["types", "modes", "subjects"],
)
def test_every_code_has_a_word_of_its_own(
    kind: type[StrEnum], words: Mapping[StrEnum, str]
) -> None:
    assert set(words) == set(kind)
    assert len(set(words.values())) == len(words)
