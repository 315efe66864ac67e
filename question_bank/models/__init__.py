"""The tables of the question bank, one file for each thing (题库的数据表)."""

from __future__ import annotations

from question_bank.models.files import QuestionImage, QuestionImportFile
from question_bank.models.laws import (
    Law,
    LawArticle,
    LawClearance,
    LawKind,
    LawPhrase,
    LawReliance,
    Origin,
)
from question_bank.models.learning import (
    DailyQuestion,
    PracticeDay,
    PracticeExposure,
    PracticeFavourite,
    PracticeShowing,
)
from question_bank.models.likeness import QuestionPair, QuestionPrint, Standing
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
from question_bank.models.review import (
    BulkAction,
    BulkActionRow,
    BulkOutcome,
    BulkState,
    QuestionComment,
    QuestionUse,
)
from question_bank.models.statistics import QuestionFlag, QuestionStatistics
from question_bank.models.syllabuses import Syllabus, SyllabusTopic
from question_bank.models.texts import QuestionText

__all__ = [
    "BulkAction",
    "BulkActionRow",
    "BulkOutcome",
    "BulkState",
    "DailyQuestion",
    "ImportState",
    "Law",
    "LawArticle",
    "LawClearance",
    "LawKind",
    "LawPhrase",
    "LawReliance",
    "Origin",
    "PracticeDay",
    "PracticeExposure",
    "PracticeFavourite",
    "PracticeResponse",
    "PracticeShowing",
    "PracticeStanding",
    "Question",
    "QuestionBank",
    "QuestionComment",
    "QuestionFlag",
    "QuestionImage",
    "QuestionImport",
    "QuestionImportFile",
    "QuestionImportRow",
    "QuestionPair",
    "QuestionPrint",
    "QuestionStatistics",
    "QuestionTag",
    "QuestionText",
    "QuestionUse",
    "QuestionVersion",
    "Standing",
    "Syllabus",
    "SyllabusTopic",
]
