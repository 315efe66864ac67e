"""What an export writes: questions with or without keys, and who it was made for (导出内容)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from question_bank.content import Content
from question_bank.markup import Markup, Passage, passage
from question_bank.pictures import Picture


@dataclass(frozen=True, kw_only=True)
class Export:
    """A file to write."""

    questions: Sequence[Content]
    #: The images that the questions show, by hash.
    images: Mapping[str, Picture] = field(default_factory=dict)
    #: Whether keys, explanations and difficulties are written.
    with_keys: bool
    #: Who asked for it, when and what for: stands in every file (水印).
    watermark: str


def passages_of(content: Content) -> tuple[Passage, tuple[Passage, ...], Passage | None]:
    """Return stem, options and explanation with their dress."""
    dressed = content.markup
    if dressed is None:
        said = None if content.explanation is None else Passage(content.explanation)
        return Passage(content.stem), tuple(map(Passage, content.options)), said
    said = None if dressed.explanation is None else passage(dressed.explanation)
    return passage(dressed.stem), tuple(map(passage, dressed.options)), said


def markup_of(content: Content) -> Markup:
    """Return the texts of a question as markup, dressed or not."""
    stem, options, explanation = passages_of(content)
    return Markup(
        stem=stem.markup,
        options=tuple(one.markup for one in options),
        explanation=None if explanation is None else explanation.markup,
    )


def difficulty_of(content: Content) -> str | None:
    """Return the difficulty as text."""
    return None if content.difficulty is None else f"{content.difficulty:f}"
