"""What learners are shown, counted: against the day's allowance, and as exposure (练习曝光与额度).

A question counts once a day, when it is first shown; meeting it again the same day is free. Two
phones of one person share the allowance: the row of the day is locked while it is changed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from question_bank import allowance
from question_bank.errors import MockExamsUsed, PracticeAllowanceUsed
from question_bank.models import PracticeDay, PracticeExposure, PracticeShowing
from server.days import civil_day
from server.db import db, upsert

#: For so long a response to what was shown costs nothing: a phone may have been without network.
REMEMBERED: Final = timedelta(days=7)


def all_seen(learner_id: UUID, version_ids: Collection[UUID], *, at: datetime) -> bool:
    """Say whether everything was shown today already: then nothing is to be written."""
    return _seen_on(learner_id, version_ids, civil_day(at)) >= set(version_ids)


def let_see(learner_id: UUID, version_ids: Sequence[UUID], *, at: datetime) -> set[UUID]:
    """Return which versions may be shown now, and count those that were not shown today.

    Raises:
        PracticeAllowanceUsed: there were some to show, and none of them may be.
    """
    day = civil_day(at)
    counted = _locked(learner_id, day)
    seen = _seen_on(learner_id, version_ids, day)
    most = allowance.on(day).questions_a_day
    room = max(0, most - counted.shown_count)
    new = [one for one in version_ids if one not in seen][:room]
    if version_ids and not new and not seen:
        raise PracticeAllowanceUsed(most=most)
    counted.shown_count += len(new)
    _note(learner_id, new, day)
    return seen | set(new)


def respond_to(learner_id: UUID, version_id: UUID, *, at: datetime) -> None:
    """Count a version that is responded to without having been shown within the week.

    Raises:
        PracticeAllowanceUsed: nothing more may be shown today, neither may its key.
    """
    since = civil_day(at) - REMEMBERED
    shown = select(PracticeShowing.version_id).where(
        PracticeShowing.learner_id == learner_id,
        PracticeShowing.shown_on >= since,
        PracticeShowing.version_id == version_id,
    )
    if db.session.execute(shown.limit(1)).first() is None:
        let_see(learner_id, [version_id], at=at)


def begin_mock_exam(learner_id: UUID, version_ids: Sequence[UUID], *, at: datetime) -> None:
    """Count a mock exam, and that its questions are shown.

    Raises:
        MockExamsUsed: there are no more today.
    """
    day = civil_day(at)
    counted = _locked(learner_id, day)
    most = allowance.on(day).mock_exams_a_day
    if counted.mock_exam_count >= most:
        raise MockExamsUsed(most=most)
    counted.mock_exam_count += 1
    seen = _seen_on(learner_id, version_ids, day)
    _note(learner_id, [one for one in version_ids if one not in seen], day)


def left_today(learner_id: UUID, *, at: datetime) -> tuple[int, int]:
    """Return how many questions, and how many mock exams, a learner may still be shown today."""
    day = civil_day(at)
    rule, used = allowance.on(day), db.session.get(PracticeDay, (learner_id, day))
    shown, mocks = (used.shown_count, used.mock_exam_count) if used else (0, 0)
    return max(0, rule.questions_a_day - shown), max(0, rule.mock_exams_a_day - mocks)


def exposure(version_ids: Collection[UUID]) -> int:
    """Return how often these versions were shown in practice."""
    ids = list(version_ids)
    long_ago = select(func.coalesce(func.sum(PracticeExposure.shown_count), 0)).where(
        PracticeExposure.version_id.in_(ids)
    )
    lately = select(func.count()).where(PracticeShowing.version_id.in_(ids))
    return int(db.session.execute(long_ago).scalar_one() + db.session.execute(lately).scalar_one())


def fold(*, at: datetime) -> int:
    """Add what was shown more than a week ago to the counts, and let go of who saw it."""
    until = civil_day(at) - REMEMBERED
    old = PracticeShowing.shown_on < until
    added = upsert(PracticeExposure).from_select(
        ["version_id", "shown_count"],
        select(PracticeShowing.version_id, func.count())
        .where(old)
        .group_by(PracticeShowing.version_id)
        .order_by(PracticeShowing.version_id),
    )
    db.session.execute(
        added.on_conflict_do_update(
            index_elements=["version_id"],
            set_={"shown_count": PracticeExposure.shown_count + added.excluded.shown_count},
        )
    )
    gone = db.session.execute(delete(PracticeShowing).where(old))
    db.session.execute(delete(PracticeDay).where(PracticeDay.day < until))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # of a DELETE


def _locked(learner_id: UUID, day: date) -> PracticeDay:
    """Return the day of a learner, locked against their other phone."""
    first = {"learner_id": learner_id, "day": day, "shown_count": 0, "mock_exam_count": 0}
    db.session.execute(upsert(PracticeDay).values(first).on_conflict_do_nothing())
    statement = (
        select(PracticeDay)
        .where(PracticeDay.learner_id == learner_id, PracticeDay.day == day)
        .with_for_update()
    )
    return db.session.execute(statement.execution_options(populate_existing=True)).scalar_one()


def _seen_on(learner_id: UUID, version_ids: Collection[UUID], day: date) -> set[UUID]:
    statement = select(PracticeShowing.version_id).where(
        PracticeShowing.learner_id == learner_id,
        PracticeShowing.shown_on == day,
        PracticeShowing.version_id.in_(list(version_ids)),
    )
    return set(db.session.execute(statement).scalars())


def _note(learner_id: UUID, version_ids: Sequence[UUID], day: date) -> None:
    db.session.flush()
    if version_ids:
        rows = [
            {"learner_id": learner_id, "shown_on": day, "version_id": one} for one in version_ids
        ]
        db.session.execute(insert(PracticeShowing), rows)
