"""Where a learner stands after one more response, and when it comes again (练习记录)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from question_bank.models import PracticeStanding
from question_bank.practising import Standing, after
from question_bank.repetition import FIRST_EASE, Recall, Schedule
from question_bank.repetition import after as after_recall
from server.days import civil_day
from server.db import db


def settle(
    learner_id: UUID, question_id: UUID, *, correct: bool, recall: Recall, at: datetime
) -> PracticeStanding:
    """Write down where a learner stands after one more response, and when it comes again."""
    kept = db.session.get(PracticeStanding, (learner_id, question_id), with_for_update=True)
    before = Standing()
    if kept is None:
        kept = PracticeStanding(learner_id=learner_id, question_id=question_id)
        db.session.add(kept)
    else:
        before = Standing(
            answered_count=kept.answered_count,
            wrong_count=kept.wrong_count,
            right_in_a_row=kept.right_in_a_row,
            in_wrong_book=kept.in_wrong_book,
        )
    now = after(before, correct=correct)
    kept.answered_count, kept.wrong_count = now.answered_count, now.wrong_count
    kept.right_in_a_row, kept.in_wrong_book = now.right_in_a_row, now.in_wrong_book
    kept.last_answered_at = at
    _schedule(kept, correct=correct, recall=recall, on=civil_day(at))
    return kept


def _schedule(kept: PracticeStanding, *, correct: bool, recall: Recall, on: date) -> None:
    before = Schedule(
        repetitions=kept.repetitions or 0,
        ease=kept.ease or FIRST_EASE,
        interval_days=kept.interval_days or 0,
        due_on=kept.due_on,
    )
    now = after_recall(before, correct=correct, recall=recall, on=on)
    kept.repetitions, kept.ease = now.repetitions, now.ease
    kept.interval_days, kept.due_on = now.interval_days, now.due_on
