"""The content of a question as a person writes it, and the rules it must keep (试题内容)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from question_bank.errors import QuestionUnsound
from question_bank.fingerprint import fingerprint, folded
from question_bank.kinds import FEWEST_OPTIONS, LABELS, TRUE_FALSE_OPTIONS, Kind
from server.errors import Message


@dataclass(frozen=True, kw_only=True)
class Content:
    """What one version of a question says. Options are texts in order; labels are their places."""

    kind: Kind
    stem: str
    options: tuple[str, ...]
    key: tuple[str, ...]
    explanation: str | None = None
    topic: str | None = None
    #: The share of candidates expected to answer rightly, 0 to 1.
    difficulty: Decimal | None = None
    law_citation: str | None = None

    @property
    def fingerprint(self) -> str:
        """The fingerprint of what is asked and what is right."""
        return fingerprint(self.kind, self.stem, self.options, self.key)


def sound(content: Content) -> Content:
    """Return the content in its usual form: key sorted, true-false options as everywhere.

    Raises:
        QuestionUnsound: stem, options or key contradict each other or the kind.
    """
    texts = content.options
    if content.kind is Kind.TRUE_FALSE and not texts:
        texts = TRUE_FALSE_OPTIONS
    key = tuple(sorted(set(content.key)))
    for field, message in _contradictions(content, texts, key):
        raise QuestionUnsound(field, message)
    return Content(
        kind=content.kind,
        stem=content.stem.strip(),
        options=tuple(text.strip() for text in texts),
        key=key,
        explanation=content.explanation,
        topic=content.topic,
        difficulty=content.difficulty,
        law_citation=content.law_citation,
    )


def _contradictions(
    content: Content, texts: Sequence[str], key: Sequence[str]
) -> Iterator[tuple[str, Message]]:
    if not content.stem.strip():
        yield "stem", Message(en="There is no stem.", zh="没有题干。")
    if content.kind is Kind.TRUE_FALSE and tuple(texts) != TRUE_FALSE_OPTIONS:
        yield (
            "options",
            Message(
                en="A true-false question has the options 正确 and 错误, or none given.",
                zh="判断题的选项只能是“正确”“错误”，也可以不填。",
            ),
        )
    if not FEWEST_OPTIONS <= len(texts) <= len(LABELS):
        yield (
            "options",
            Message(
                en=f"There must be {FEWEST_OPTIONS} to {len(LABELS)} options.",
                zh=f"选项须为 {FEWEST_OPTIONS} 至 {len(LABELS)} 个。",
            ),
        )
    if len({folded(text) for text in texts} - {""}) < len(texts):
        yield "options", Message(en="Options are empty or alike.", zh="有选项为空或内容相同。")
    yield from _key_contradictions(content.kind, key, len(texts))


def _key_contradictions(
    kind: Kind, key: Sequence[str], option_count: int
) -> Iterator[tuple[str, Message]]:
    if not key:
        yield "key", Message(en="There is no key.", zh="没有答案。")
    if not set(key) <= set(LABELS[:option_count]):
        yield "key", Message(en="The key names no option.", zh="答案不对应任何选项。")
    if kind is not Kind.MULTIPLE_CHOICE and len(key) > 1:
        yield (
            "key",
            Message(en="Only a multiple choice has several keys.", zh="只有多选题可以有多个答案。"),
        )
