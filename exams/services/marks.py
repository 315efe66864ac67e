"""Marking whole papers quickly: what each choice in each place is worth, computed once (快速评分).

Ten thousand candidates hand in the same paper in the same minute, and choose among a few options.
So what a choice is worth is remembered, and grading is a sum. The rules are those of
`exams.regrading` and `exams.grading`; a property holds both ways against each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from itertools import repeat
from uuid import UUID

from sqlalchemy import Connection, func, select

from exams import grading, regrading, sync
from exams.errors import ExamNotPublished
from exams.models import Exam, ExamStandard, Paper, PaperSpecification
from exams.regrading import Keyed
from exams.services import forms
from exams.services.shelves import Shelf
from question_bank.kinds import LABELS


@dataclass(frozen=True, kw_only=True)
class Sum:
    """What an attempt is worth."""

    score: Fraction
    max_score: Fraction
    passed: bool


@dataclass(frozen=True, kw_only=True)
class MarkSheet:
    """All that grading a paper depends on: its keys, and the standard of its exam."""

    worth: Worth = field(repr=False)
    max_score: Fraction
    pass_percent: int
    #: When outcomes are shown; None for at once.
    release_at: datetime | None

    def grade(self, chosen: Mapping[int, int]) -> Sum:
        """Return what choices are worth together.

        Args:
            chosen: the chosen bits that count, by slot; a slot without is worth nothing.
        """
        slots = self.worth.slots
        choices = zip(slots, map(chosen.get, slots, repeat(0)), strict=True)
        score = Fraction(sum(map(self.worth.__getitem__, choices)))
        passed = grading.passes(score, self.max_score, pass_percent=self.pass_percent)
        return Sum(score=score, max_score=self.max_score, passed=passed)


class Worth(dict[tuple[int, int], "int | Fraction"]):
    """What a choice is worth, by slot and chosen bits: computed when it is first made."""

    def __init__(self, places: Sequence[Keyed], *, partial_credit: bool) -> None:
        super().__init__()
        self.slots = tuple(place.slot for place in places)
        self._places = {place.slot: place for place in places}
        self._partial_credit = partial_credit

    def __missing__(self, choice: tuple[int, int]) -> int | Fraction:
        """Mark a choice and remember it."""
        slot, chosen = choice
        place = self._places[slot]
        labels = [LABELS[option] for option in sync.options(chosen)]
        share = regrading.share(place, labels, partial_credit=self._partial_credit)
        exact = share * regrading.worth(place)
        # Whole numbers are added ten times as quickly as fractions.
        self[choice] = worth = exact.numerator if exact.denominator == 1 else exact
        return worth


def sheet(connection: Connection, paper_id: UUID) -> MarkSheet:
    """Return the mark sheet of a published paper. Never leaves the server.

    Raises:
        ExamNotPublished: the exam of the paper is still being planned.
    """
    return _SHEETS.take(connection, paper_id)


def forget_keys() -> None:
    """Work the sheets out anew: a key was corrected."""
    forms.forget_keys()
    _SHEETS.clear()


def _read(connection: Connection, paper_id: UUID) -> MarkSheet:
    row = connection.execute(
        select(
            func.coalesce(PaperSpecification.partial_credit, ExamStandard.partial_credit),
            ExamStandard.pass_percent,
            Exam.release_at,
        )
        .select_from(Paper)
        .join(Exam, Exam.id == Paper.exam_id)
        .join(ExamStandard, ExamStandard.id == Exam.standard_id)
        .join(PaperSpecification, PaperSpecification.id == Exam.specification_id)
        .where(Paper.id == paper_id)
    ).one_or_none()
    if row is None:
        raise ExamNotPublished
    places = forms.key_sheet(connection, paper_id)
    return MarkSheet(
        worth=Worth(places, partial_credit=bool(row[0])),
        max_score=Fraction(sum(regrading.worth(place) for place in places)),
        pass_percent=row.pass_percent,
        release_at=row.release_at,
    )


_SHEETS = Shelf(_read)
