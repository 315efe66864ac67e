"""What a line of the training file says, as far as it is counted (覆盖率依据)."""

from __future__ import annotations

from enum import StrEnum


class RecordKind(StrEnum):
    """What a line of the training file says, as far as it is counted."""

    TRAINED = "trained"
    PASSED = "passed"
    FAILED = "failed"
