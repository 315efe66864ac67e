"""The question of the day, days in a row, and levels (每日一题、连续打卡、等级).

The daily question is practised like any other: its response, its repetition and its place in the
wrong-question book are those of practice. Kept is only which question a day had.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, select

from question_bank import levels
from question_bank.delivery import ShownQuestion
from question_bank.errors import NoDailyQuestion
from question_bank.levels import DayState, Level
from question_bank.models import (
    DailyQuestion,
    PracticeResponse,
    PracticeStanding,
    Question,
    QuestionVersion,
)
from question_bank.services import practice, showing
from server.days import beginning_of, civil_day
from server.db import db, upsert

#: Days that are looked back on for days in a row.
LOOKED_BACK: Final = 400

#: No question is the day's again within so many days, where there are others.
NOT_AGAIN: Final = timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class Daily:
    """The question of today, and where one stands."""

    day: date
    question: ShownQuestion
    state: DayState
    responded: bool
    days_in_a_row: int
    #: Wrong ones of earlier days that may still be put right, the oldest first.
    to_put_right: Sequence[ShownQuestion]


@dataclass(frozen=True, kw_only=True)
class Reached:
    """The level of somebody, and the next."""

    mastered_count: int
    level: Level
    next: Level | None


def show(learner_id: UUID, *, at: datetime) -> Daily:
    """Return the question of today, the same for everybody, and one's days in a row.

    Raises:
        NoDailyQuestion: none may be practised by everybody.
        PracticeAllowanceUsed: the day's allowance shows no more.
    """
    today = civil_day(at)
    version_id = _of(today)
    showing.let_see(learner_id, [version_id], at=at)
    days = _days(today)
    responses = _responses(learner_id, days, today)
    rules = levels.on(today)
    states = {
        day: levels.state_of(day, responses.get(each, ()), today=today, grace_days=rules.grace_days)
        for day, each in days.items()
    }
    wrong = [days[day] for day in sorted(states) if states[day] is DayState.OPEN and day < today]
    return Daily(
        day=today,
        question=_shown([version_id], learner_id)[0],
        state=states[today],
        responded=any(when == today for when, _ in responses.get(version_id, ())),
        days_in_a_row=levels.in_a_row(states, today=today),
        to_put_right=_shown(wrong, learner_id),
    )


def level(learner_id: UUID, *, on: date) -> Reached:
    """Return somebody's level: by the questions that spaced repetition says stay in the memory."""
    rules = levels.on(on)
    statement = select(func.count()).where(
        PracticeStanding.learner_id == learner_id,
        PracticeStanding.interval_days >= rules.interval_days,
        PracticeStanding.in_wrong_book.is_(False),
    )
    mastered = int(db.session.execute(statement).scalar_one())
    reached, ahead = levels.reached(mastered, rules)
    return Reached(mastered_count=mastered, level=reached, next=ahead)


def _of(day: date) -> UUID:
    """Return the question of a day; whoever asks first draws it, for all.

    One that is practised no more since, because it was revised or its key overruled, is drawn anew.
    """
    asked = (
        select(DailyQuestion.version_id)
        .join(QuestionVersion, QuestionVersion.id == DailyQuestion.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(DailyQuestion.day == day, practice.in_use())
    )
    found = db.session.execute(asked).scalar_one_or_none()
    if found is None:
        found = _drawn(day)
        drawn = upsert(DailyQuestion).values(day=day, version_id=found)
        again = {"version_id": drawn.excluded.version_id}
        db.session.execute(drawn.on_conflict_do_update(index_elements=["day"], set_=again))
    return found


def _drawn(day: date) -> UUID:
    """Return a question by the day: of those no exam draws and nobody had lately, if there are."""
    lately = select(DailyQuestion.version_id).where(DailyQuestion.day > day - NOT_AGAIN)
    pool = (
        select(QuestionVersion.id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(practice.in_use(), Question.for_exams.is_(False))
    )
    for statement in (pool.where(QuestionVersion.id.not_in(lately)), pool):
        drawn = _at_chance(statement, day)
        if drawn is not None:
            return drawn
    raise NoDailyQuestion


def _at_chance(statement: Select[UUID], day: date) -> UUID | None:
    count = db.session.execute(select(func.count()).select_from(statement.subquery())).scalar_one()
    if not count:
        return None
    dice = int.from_bytes(hashlib.sha256(day.isoformat().encode()).digest()[:8])
    ordered = statement.order_by(QuestionVersion.id).offset(dice % count).limit(1)
    return db.session.execute(ordered).scalar_one()


def _days(today: date) -> dict[date, UUID]:
    since = today - timedelta(days=LOOKED_BACK)
    statement = select(DailyQuestion.day, DailyQuestion.version_id).where(
        DailyQuestion.day > since, DailyQuestion.day <= today
    )
    return {day: version_id for day, version_id in db.session.execute(statement)}


def _responses(
    learner_id: UUID, days: Mapping[date, UUID], today: date
) -> dict[UUID, list[tuple[date, bool]]]:
    """Return the days and verdicts of one's responses to daily questions, in their order."""
    since = beginning_of(today - timedelta(days=LOOKED_BACK))
    statement = (
        select(PracticeResponse.version_id, PracticeResponse.answered_at, PracticeResponse.correct)
        .where(
            PracticeResponse.learner_id == learner_id,
            PracticeResponse.answered_at >= since,
            PracticeResponse.version_id.in_(set(days.values())),
        )
        # Of the same moment the wrong one first: sending both at once is no way to be right.
        .order_by(PracticeResponse.answered_at, PracticeResponse.correct)
    )
    found: defaultdict[UUID, list[tuple[date, bool]]] = defaultdict(list)
    for version_id, answered_at, correct in db.session.execute(statement):
        found[version_id].append((civil_day(answered_at), correct))
    return found


def _shown(version_ids: Sequence[UUID], learner_id: UUID) -> list[ShownQuestion]:
    statement = select(QuestionVersion).where(QuestionVersion.id.in_(version_ids))
    versions = {each.id: each for each in db.session.execute(statement).scalars()}
    return [practice.shown(versions[each], learner_id) for each in version_ids]
