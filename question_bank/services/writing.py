"""Rows of questions and versions made from content: used by writing, revising and importing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from question_bank.content import Content
from question_bank.delivery import keeps_order
from question_bank.kinds import LABELS
from question_bank.models import QuestionTag
from question_bank.tags import Tag


def version_values(
    content: Content, *, question_id: UUID, number: int, author_id: UUID, at: datetime
) -> dict[str, Any]:
    """Return the columns of a new version."""
    return {
        "id": uuid4(),
        "question_id": question_id,
        "number": number,
        "kind": content.kind,
        "stem": content.stem,
        "options": [
            {"label": label, "text": text}
            for label, text in zip(LABELS, content.options, strict=False)
        ],
        "key": list(content.key),
        "explanation": content.explanation,
        "topic": content.topic,
        "difficulty": None if content.difficulty is None else f"{content.difficulty:f}",
        "law_citation": content.law_citation,
        "keeps_order": keeps_order(content.kind, content.options),
        "fingerprint": content.fingerprint,
        "author_id": author_id,
        "written_at": at,
        "reviewer_id": None,
        "published_at": None,
        "withdrawn_at": None,
    }


def tag_values(question_id: UUID, tags: Iterable[Tag]) -> list[dict[str, Any]]:
    """Return the columns of the tags of a question, each once."""
    return [
        {"question_id": question_id, "role": role, "operation_item": item or ""}
        for role, item in dict.fromkeys(tags)
    ]


def tag_rows(question_id: UUID, tags: Iterable[Tag]) -> list[QuestionTag]:
    """Return the tags of a question as rows."""
    return [QuestionTag(**values) for values in tag_values(question_id, tags)]
