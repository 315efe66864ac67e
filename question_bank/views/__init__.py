"""Addresses of the question bank (题库接口): banks and questions, imports, practice."""

from __future__ import annotations

from question_bank.views import (
    exporting,
    images,
    importing,
    law_deliveries,
    laws,
    pairs,
    practising,
    questions,
    reviewing_questions,
    statistics,
    syllabuses,
)

#: The parts of the API that the question bank brings.
PARTS = (
    questions.views,
    images.views,
    reviewing_questions.views,
    importing.views,
    exporting.views,
    practising.views,
    laws.views,
    law_deliveries.views,
    pairs.views,
    statistics.views,
    syllabuses.views,
)
