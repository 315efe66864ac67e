"""Score sheets of practical exams: what they promise, what two examiners make of them (实操评分).

A sheet has subjects with weights (科目), each with items of which one is drawn (试题); an item has
steps worth points and veto items (否决项), one of which failed fails the whole practical whatever
the score. All of it is exact: points and scores are fractions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from exams import dice

#: What the weights of the subjects add up to, and what a practical is worth.
WHOLE = 100


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that is watched and earns points (评分步骤)."""

    code: str
    text: str
    points: Fraction


@dataclass(frozen=True, kw_only=True)
class Veto:
    """One thing that fails the whole practical where it is done wrong (否决项)."""

    code: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Item:
    """One task of a subject (试题)."""

    code: str
    name: str
    steps: tuple[Step, ...]
    vetoes: tuple[Veto, ...] = ()

    @property
    def points(self) -> Fraction:
        """What its steps are worth together."""
        return sum((step.points for step in self.steps), Fraction())


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A part of the practical (科目) with its weight, in hundredths of the whole."""

    code: str
    name: str
    weight: Fraction
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What a practical is scored by."""

    subjects: tuple[Subject, ...]
    #: The pass mark, in hundredths of the whole.
    pass_percent: int
    #: Points of the whole by which two examiners may differ, and still the rule decides.
    tolerance: Fraction


@dataclass(frozen=True, kw_only=True)
class Scores:
    """What one examiner saw: points by step, and the vetoes that were failed."""

    marks: Mapping[str, Fraction]
    failed_vetoes: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a practical is worth."""

    score: Fraction
    passed: bool
    failed_vetoes: frozenset[str]
    #: Points by step, as they count.
    marks: Mapping[str, Fraction]
    #: Subjects that the candidate did not go through.
    missed: frozenset[str] = frozenset()


def faults(subjects: Sequence[Subject]) -> Iterator[str]:
    """Return what makes a sheet one that nobody could be scored by."""
    if not subjects:
        yield "no_subject"
    elif sum((one.weight for one in subjects), Fraction()) != WHOLE:
        yield "weights_do_not_add_up"
    if any(one.weight <= 0 for one in subjects):
        yield "weight_not_positive"
    items = [item for one in subjects for item in one.items]
    if any(not one.items for one in subjects):
        yield "subject_without_item"
    if any(not item.steps for item in items):
        yield "item_without_step"
    steps = [step for item in items for step in item.steps]
    if any(step.points <= 0 for step in steps):
        yield "points_not_positive"
    codes = [one.code for one in subjects] + [item.code for item in items]
    codes += [step.code for step in steps] + [veto.code for item in items for veto in item.vetoes]
    if any(count > 1 for count in Counter(codes).values()):
        yield "code_twice"


def draw(subjects: Sequence[Subject], *, seed: bytes) -> tuple[str, ...]:
    """Return the code of the item that is drawn from each subject."""
    numbers = dice.draws(seed, "practical items", len(subjects))
    return tuple(
        one.items[number % len(one.items)].code
        for one, number in zip(subjects, numbers, strict=True)
    )


def drawn(sheet: Sheet, codes: Sequence[str]) -> list[tuple[Subject, Item]]:
    """Return each subject with the item that was drawn from it."""
    wanted = set(codes)
    return [
        (subject, item)
        for subject in sheet.subjects
        for item in subject.items
        if item.code in wanted
    ]


def scale(sheet: Sheet, codes: Sequence[str]) -> dict[str, Fraction | None]:
    """Return everything that is to be scored, with its most points; None for a veto."""
    found: dict[str, Fraction | None] = {}
    for _subject, item in drawn(sheet, codes):
        found |= {step.code: step.points for step in item.steps}
        found |= {veto.code: None for veto in item.vetoes}
    return found


def fits(value: Fraction, most: Fraction | None) -> bool:
    """Say whether a value lies within its scale: 0 to the points of a step; 0 or 1 of a veto."""
    return value in (0, 1) if most is None else 0 <= value <= most


def total(sheet: Sheet, codes: Sequence[str], marks: Mapping[str, Fraction]) -> Fraction:
    """Return what points are worth together; a step without points is worth nothing."""
    found = Fraction()
    for subject, item in drawn(sheet, codes):
        earned = sum((marks.get(step.code, Fraction()) for step in item.steps), Fraction())
        found += subject.weight * earned / item.points
    return found


def verdict(
    sheet: Sheet, codes: Sequence[str], scores: Scores, missed: frozenset[str] = frozenset()
) -> Verdict:
    """Return what scores are worth: a failed veto fails the whole, whatever the score.

    A subject that was missed is worth nothing and fails the whole, too: what somebody can do who
    did not come to protective equipment, nobody knows.
    """
    score = total(sheet, codes, scores.marks)
    reached = score * 100 >= sheet.pass_percent * WHOLE
    return Verdict(
        score=score,
        passed=reached and not scores.failed_vetoes and not missed,
        failed_vetoes=scores.failed_vetoes,
        marks=scores.marks,
        missed=missed,
    )


def disputed(sheet: Sheet, codes: Sequence[str], one: Scores, other: Scores) -> frozenset[str]:
    """Return what a third examiner must decide; nothing where the rule decides by itself.

    The rule decides where both saw the same vetoes, and their totals differ by no more than the
    tolerance, and both would let pass or both would fail.
    """
    vetoes = one.failed_vetoes ^ other.failed_vetoes
    verdicts = [verdict(sheet, codes, each) for each in (one, other)]
    apart = abs(verdicts[0].score - verdicts[1].score) > sheet.tolerance
    flips = verdicts[0].passed != verdicts[1].passed
    if not vetoes and not apart and not flips:
        return frozenset()
    steps = {
        code
        for code, most in scale(sheet, codes).items()
        if most is not None and one.marks.get(code, 0) != other.marks.get(code, 0)
    }
    return vetoes | steps


def mean(one: Scores, other: Scores) -> Scores:
    """Return the exact mean of what two examiners gave; the vetoes that both saw."""
    codes = one.marks.keys() | other.marks.keys()
    marks = {
        code: (one.marks.get(code, Fraction()) + other.marks.get(code, Fraction())) / 2
        for code in codes
    }
    return Scores(marks=marks, failed_vetoes=one.failed_vetoes & other.failed_vetoes)


def ruled(one: Scores, other: Scores, ruling: Scores, on: frozenset[str]) -> Scores:
    """Return what counts where a third examiner has decided what was disputed.

    Args:
        one: what the first examiner gave.
        other: what the second gave.
        ruling: what the third decided.
        on: what was disputed; of everything else the mean stands.
    """
    agreed = mean(one, other)
    marks = dict(agreed.marks) | {code: mark for code, mark in ruling.marks.items() if code in on}
    vetoes = (agreed.failed_vetoes - on) | (ruling.failed_vetoes & on)
    return Scores(marks=marks, failed_vetoes=vetoes)
