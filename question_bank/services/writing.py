"""Rows of questions and versions made from content: used by writing, revising and importing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from question_bank.content import Content
from question_bank.delivery import keeps_order
from question_bank.kinds import LABELS
from question_bank.markup import Markup
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
        "stem_html": None if content.markup is None else content.markup.stem,
        "options": options_values(content.options, content.markup),
        "key": list(content.key),
        "explanation": content.explanation,
        "explanation_html": None if content.markup is None else content.markup.explanation,
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


def options_values(texts: Sequence[str], markup: Markup | None) -> list[dict[str, str]]:
    """Return options as they are stored: label, text, and markup where the question is dressed."""
    if markup is None:
        return [{"label": label, "text": text} for label, text in zip(LABELS, texts, strict=False)]
    return [
        {"label": label, "text": text, "html": html}
        for label, text, html in zip(LABELS, texts, markup.options, strict=False)
    ]


def markup_of(version: Mapping[str, Any]) -> Markup | None:
    """Return the markup that stored values hold; None where they are plain."""
    if version["stem_html"] is None:
        return None
    return Markup(
        stem=version["stem_html"],
        options=tuple(option["html"] for option in version["options"]),
        explanation=version["explanation_html"],
    )


def tag_values(question_id: UUID, tags: Iterable[Tag]) -> list[dict[str, Any]]:
    """Return the columns of the tags of a question, each once."""
    return [
        {"question_id": question_id, "role": role, "operation_item": item or ""}
        for role, item in dict.fromkeys(tags)
    ]


def tag_rows(question_id: UUID, tags: Iterable[Tag]) -> list[QuestionTag]:
    """Return the tags of a question as rows."""
    return [QuestionTag(**values) for values in tag_values(question_id, tags)]
