"""Questions from programs (QTI, Moodle, GIFT, our own exports): taken as they are, or refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from question_bank.fingerprint import folded
from question_bank.importing.drafts import Draft
from question_bank.importing.kind_names import are_true_and_false, verdict
from question_bank.importing.reasons import Reason, RowRefused, reason
from question_bank.kinds import FEWEST_OPTIONS, LABELS, TRUE_FALSE_OPTIONS, Kind
from question_bank.markup import Passage, together
from question_bank.wording import normalised

#: Characters that a passage may hold; a question is a page at most.
LONGEST_CELL = 4000


@dataclass(frozen=True, kw_only=True)
class Given:
    """One question as a program wrote it."""

    #: Number that the file gives to it, from 1.
    number: int
    kind: Kind
    stem: Passage
    options: tuple[Passage, ...] = ()
    #: Places of the right options, from 0.
    right: tuple[int, ...] = ()
    explanation: Passage | None = None
    topic: str | None = None
    difficulty: str | None = None
    law_citation: str | None = None
    #: Whether the program that wrote it is this one, which never means true-false by a choice.
    ours: bool = False
    #: Why it cannot be taken, where that is known before its texts are looked at.
    refused: Reason | None = None


@dataclass(frozen=True)
class Book:
    """The questions of one file, or of one category in it."""

    name: str
    questions: Sequence[Given]


def read(given: Given) -> tuple[Draft | None, tuple[Reason, ...]]:
    """Return the draft and what was done to get it, or None and why not."""
    said: list[Reason] = []
    try:
        draft = _draft(given, said)
    except RowRefused as refusal:
        return None, (*said, refusal.because)
    return draft, tuple(said)


def _draft(given: Given, said: list[Reason]) -> Draft:
    if given.refused is not None:
        raise RowRefused(given.refused)
    for because in _unsound(given):
        raise RowRefused(because)
    kind, options, right = given.kind, given.options, given.right
    texts = tuple(option.text for option in options)
    if not given.ours and kind is not Kind.MULTIPLE_CHOICE and are_true_and_false(texts):
        is_right = verdict(texts[right[0]])
        if texts != TRUE_FALSE_OPTIONS:
            said.append(reason("true_false_wording"))
        kind, right = Kind.TRUE_FALSE, (0 if is_right else 1,)
    if kind is Kind.TRUE_FALSE:
        options = tuple(map(Passage, TRUE_FALSE_OPTIONS))
    return Draft(
        kind=kind,
        stem=given.stem.text,
        options=tuple(option.text for option in options),
        key=tuple(sorted(LABELS[place] for place in set(right))),
        explanation=given.explanation.text if given.explanation else None,
        topic=_short(given.topic, 200),
        difficulty=_difficulty(given.difficulty, said),
        law_citation=_short(given.law_citation, 500),
        markup=together(given.stem, options, given.explanation),
    )


def _unsound(given: Given) -> Iterator[Reason]:
    """Yield why the question cannot be taken, the weightiest first."""
    if given.stem.is_empty:
        yield reason("stem_missing")
    for passage in (given.stem, *given.options, given.explanation or Passage("")):
        if len(passage.markup) > LONGEST_CELL * 2 or len(passage.text) > LONGEST_CELL:
            yield reason("cell_too_long", column="text", most=LONGEST_CELL)
    if given.kind is not Kind.TRUE_FALSE:
        yield from unsound_options([option.markup for option in given.options])
    yield from _unsound_key(given)


def unsound_options(texts: Sequence[str]) -> Iterator[Reason]:
    """Yield why these options leave no choice; their markup where they are dressed."""
    if not texts:
        yield reason("options_missing")
    if len(texts) < FEWEST_OPTIONS:
        yield reason("too_few_options")
    if len(texts) > len(LABELS):
        yield reason("too_many_options", most=len(LABELS))
    empty = [LABELS[place] for place, text in enumerate(texts) if not text]
    if empty:
        yield reason("option_empty", labels="".join(empty))
    same = [folded(text) for text in texts]
    alike = [LABELS[place] for place, text in enumerate(same) if same.count(text) > 1]
    if alike:
        yield reason("options_alike", labels="".join(alike))


def _unsound_key(given: Given) -> Iterator[Reason]:
    count = 2 if given.kind is Kind.TRUE_FALSE else len(given.options)
    if not given.right:
        yield reason("key_missing")
    if not all(0 <= place < count for place in given.right):
        yield reason("key_names_no_option", key=",".join(map(str, given.right)))
    if len(set(given.right)) > 1 and given.kind is not Kind.MULTIPLE_CHOICE:
        key = "".join(LABELS[place] for place in sorted(set(given.right)))
        yield reason("single_choice_with_several_keys", key=key)


def _short(text: str | None, most: int) -> str | None:
    return (normalised(text or "")[:most]).strip() or None


def _difficulty(text: str | None, said: list[Reason]) -> Decimal | None:
    if not (text or "").strip():
        return None
    try:
        value = Decimal(str(text).strip())
    except InvalidOperation:
        value = Decimal(-1)
    if value.is_finite() and 0 <= value <= 1:
        return value
    said.append(reason("difficulty_unreadable", value=text))
    return None
