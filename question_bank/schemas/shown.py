"""Texts of questions as they are shown: plain, and dressed where they are (试题文本的展示)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from question_bank.markup import rendered


def shown_html(name: str) -> fields.Function:
    """A text as a browser shows it: images by address, formulas as MathML; null where plain."""

    def shown(thing: Any) -> str | None:
        kept = thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)
        return None if kept is None else rendered(kept)

    return fields.Function(shown, metadata={"type": ["string", "null"]})


def source_of_markup() -> fields.Function:
    """Stem, options and explanation as `format: html` writes them; null where they are plain."""
    return fields.Function(
        _source,
        metadata={
            "type": ["object", "null"],
            "description": "Stem, options and explanation as `format: html` writes them; null "
            "where they are plain.",
        },
    )


def _source(version: Any) -> dict[str, Any] | None:
    if version.stem_html is None:
        return None
    return {
        "stem": version.stem_html,
        "options": [option["html"] for option in version.options],
        "explanation": version.explanation_html,
    }


class QuestionOptionOut(Schema):
    """One option."""

    label = fields.String(required=True)
    text = fields.String(required=True)
    html = shown_html("html")
