"""What attempts are worth before and after a regrade (重新评分的计算)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from exams import regrading, sync
from exams.grading import Grade
from exams.models import Attempt, Exam, KeyCorrection, Outcome, PaperItem, Regrade
from exams.regrading import Keyed, Remedy
from exams.services import forms, kept
from exams.services.reach import gives_partial_credit, rules_of
from question_bank.models import QuestionVersion
from server.db import db


@dataclass(frozen=True, kw_only=True)
class Judged:
    """An attempt with what it is worth by the keys of before and of now."""

    attempt: Attempt
    outcome: Outcome
    #: By the keys as they were asked, by those without this regrade, and by those with it.
    grades: tuple[Grade, Grade, Grade]

    @property
    def grade(self) -> Grade:
        """What it is worth with the regrade."""
        return self.grades[-1]

    @property
    def is_left(self) -> bool:
        """Whether people have set the outcome: then a regrade leaves it alone, and says so."""
        return not any(self._stands(one) for one in self.grades)

    @property
    def changes(self) -> bool:
        """Whether the outcome would become another."""
        return not self.is_left and not self._stands(self.grade)

    def _stands(self, grade: Grade) -> bool:
        now = (self.outcome.score, self.outcome.max_score, self.outcome.passed)
        return now == (str(grade.score), str(grade.max_score), grade.passed)


def judge(regrade_id: UUID, ids: Sequence[UUID]) -> list[Judged]:
    """Return what attempts are worth with the keys that would count, or count already."""
    regrade = db.session.get_one(Regrade, regrade_id)
    connection = db.session.connection()
    statement = (
        select(Attempt)
        .where(Attempt.id.in_(ids))
        .options(
            joinedload(Attempt.outcome),
            joinedload(Attempt.exam).options(
                joinedload(Exam.standard), joinedload(Exam.specification)
            ),
        )
        .order_by(Attempt.id)
        .with_for_update(of=Attempt)
        .execution_options(populate_existing=True)
    )
    attempts = db.session.execute(statement).scalars().all()
    chosen = kept.chosen(connection, ids)
    sheets = {
        paper_id: _sheets(paper_id, regrade) for paper_id in {one.paper_id for one in attempts}
    }
    return [
        Judged(
            attempt=one,
            outcome=one.outcome,
            grades=_grades(one, sheets[one.paper_id], chosen.get(one.id, {})),
        )
        for one in attempts
        if one.outcome is not None
    ]


def _grades(
    attempt: Attempt, sheets: Sequence[Sequence[Keyed]], chosen: Mapping[int, int]
) -> tuple[Grade, Grade, Grade]:
    labelled = {slot: forms.labels(sync.options(mask)) for slot, mask in chosen.items()}
    asked, without, anew = (
        regrading.grade(
            sheet,
            labelled,
            pass_percent=rules_of(attempt.exam).pass_percent,
            partial_credit=gives_partial_credit(attempt.exam),
        )
        for sheet in sheets
    )
    return asked, without, anew


def _sheets(paper_id: UUID, regrade: Regrade) -> list[Sequence[Keyed]]:
    """Return the keys of a paper as asked, without the regrade, and with it."""
    connection = db.session.connection()
    asked = forms.read_key_sheet(connection, paper_id, corrected=False)
    without = forms.read_key_sheet(connection, paper_id, without=regrade.id)
    if db.session.get(KeyCorrection, regrade.id) is not None:
        return [asked, without, forms.read_key_sheet(connection, paper_id)]
    version = db.session.get_one(QuestionVersion, regrade.version_id)
    statement = select(PaperItem.slot, PaperItem.option_order).where(
        PaperItem.paper_id == paper_id, PaperItem.version_id == regrade.version_id
    )
    orders = {row.slot: row.option_order for row in db.session.execute(statement)}
    anew = [_remedied(place, orders.get(place.slot), version, regrade) for place in without]
    return [asked, without, anew]


def _remedied(
    place: Keyed, order: Sequence[int] | None, version: QuestionVersion, regrade: Regrade
) -> Keyed:
    if order is None:
        return place
    if regrade.remedy is not Remedy.KEY_CORRECTED:
        return replace(place, remedy=regrade.remedy)
    right = [
        at for at, written in enumerate(order) if version.options[written]["label"] in regrade.key
    ]
    return replace(place, remedy=regrade.remedy, key=forms.labels(right))
