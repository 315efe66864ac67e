"""The tables of the question bank, one file for each thing (题库的数据表)."""

from __future__ import annotations

from question_bank.models.questions import (
    ImportState,
    PracticeResponse,
    PracticeStanding,
    Question,
    QuestionBank,
    QuestionImport,
    QuestionImportRow,
    QuestionTag,
    QuestionVersion,
)

__all__ = [
    "ImportState",
    "PracticeResponse",
    "PracticeStanding",
    "Question",
    "QuestionBank",
    "QuestionImport",
    "QuestionImportRow",
    "QuestionTag",
    "QuestionVersion",
]
