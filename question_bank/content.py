"""The content of a question as a person writes it, and the rules it must keep (试题内容)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from question_bank.errors import QuestionUnsound
from question_bank.fingerprint import fingerprint, folded
from question_bank.kinds import FEWEST_OPTIONS, LABELS, TRUE_FALSE_OPTIONS, Kind
from question_bank.markup import Markup, Passage, passage, together, worded
from question_bank.wording import normalised
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
    #: The texts with their dress (see `question_bank.markup`); None where they are plain.
    markup: Markup | None = None

    @property
    def fingerprint(self) -> str:
        """The fingerprint of what is asked and what is right."""
        if self.markup is not None:
            return fingerprint(self.kind, self.markup.stem, self.markup.options, self.key)
        return fingerprint(self.kind, self.stem, self.options, self.key)


def sound(content: Content) -> Content:
    """Return the content in its usual form: key sorted, true-false options as everywhere.

    Raises:
        QuestionUnsound: stem, options or key contradict each other or the kind.
    """
    stem, options, explanation = passages(content)
    if content.kind is Kind.TRUE_FALSE and not options:
        options = tuple(map(Passage, TRUE_FALSE_OPTIONS))
    key = tuple(sorted(set(content.key)))
    for field, message in _contradictions(content.kind, stem, options, key):
        raise QuestionUnsound(field, message)
    return Content(
        kind=content.kind,
        stem=stem.text,
        options=tuple(one.text for one in options),
        key=key,
        explanation=None if explanation is None else explanation.text,
        topic=_canonical(content.topic),
        difficulty=content.difficulty,
        law_citation=_canonical(content.law_citation),
        markup=together(stem, options, explanation),
    )


def passages(content: Content) -> tuple[Passage, tuple[Passage, ...], Passage | None]:
    """Return stem, options and explanation in canonical form, dressed where they are."""
    dressed = content.markup
    if dressed is not None:
        said = None if dressed.explanation is None else passage(dressed.explanation)
        return passage(dressed.stem), tuple(map(passage, dressed.options)), said
    said = None if content.explanation is None else worded(content.explanation)
    return worded(content.stem), tuple(map(worded, content.options)), said


def _canonical(text: str | None) -> str | None:
    return None if text is None else normalised(text) or None


def _contradictions(
    kind: Kind, stem: Passage, options: Sequence[Passage], key: Sequence[str]
) -> Iterator[tuple[str, Message]]:
    texts = [one.markup for one in options]
    if stem.is_empty:
        yield "stem", Message(en="There is no stem.", zh="没有题干。")
    if kind is Kind.TRUE_FALSE and tuple(texts) != TRUE_FALSE_OPTIONS:
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
    yield from _key_contradictions(kind, key, len(texts))


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
