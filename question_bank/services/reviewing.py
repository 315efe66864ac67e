"""Statistics for authors and reviewers: of questions and banks, and what to look at (统计查询)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from question_bank.flagging import Flag
from question_bank.models import (
    Question,
    QuestionBank,
    QuestionFlag,
    QuestionStatistics,
    QuestionVersion,
)
from question_bank.services import banks, finding
from server.audit import services as audit
from server.db import db
from server.errors import NotFound
from server.paging import Page, page
from server.policy import Identity, Permission
from server.scopes import Scope

#: Bars of a chart.
BARS = 20


@dataclass(frozen=True, kw_only=True)
class Range:
    """Ends of a figure, both included; None is open."""

    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A bank at a glance: how many versions lie where, and what is to be looked at."""

    version_count: int
    response_count: int
    #: Versions by twentieths of facility, from 0 to 1.
    facility: Sequence[int]
    #: Versions by twentieths of discrimination, from −100 to 100.
    discrimination: Sequence[int]
    #: Open flags by kind.
    flags: dict[Flag, int]


def of_question(question_id: UUID, *, scope: Scope) -> list[QuestionStatistics]:
    """Return the figures of every version of a question that was asked, the newest last.

    Raises:
        NotFound: there is no such question within the scope.
    """
    finding.get(question_id, scope=scope)
    statement = _shown().where(QuestionStatistics.question_id == question_id)
    ordered = statement.order_by(QuestionVersion.number, QuestionStatistics.qualification)
    return list(db.session.execute(ordered).scalars())


def of_bank(
    bank_id: UUID,
    *,
    scope: Scope,
    qualification: str | None = None,
    flag: Flag | None = None,
    facility: Range | None = None,
    discrimination: Range | None = None,
    responses_from: int | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the figures of a bank's versions.

    Raises:
        NotFound: there is no such bank within the scope.
    """
    banks.get(bank_id, scope=scope)
    statement = _shown().where(Question.bank_id == bank_id)
    if qualification is not None:
        statement = statement.where(QuestionStatistics.qualification == qualification)
    if responses_from is not None:
        statement = statement.where(QuestionStatistics.response_count >= responses_from)
    if flag is not None:
        open_ones = select(QuestionFlag.version_id).where(
            QuestionFlag.flag == flag, QuestionFlag.settled_at.is_(None)
        )
        statement = statement.where(QuestionStatistics.version_id.in_(open_ones))
    for column, ends in (
        (QuestionStatistics.facility, facility or Range()),
        (QuestionStatistics.discrimination, discrimination or Range()),
    ):
        if ends.least is not None:
            statement = statement.where(column >= ends.least)
        if ends.most is not None:
            statement = statement.where(column <= ends.most)
    keys = [QuestionStatistics.version_id, QuestionStatistics.qualification]
    return page(statement, keys, cursor=cursor, limit=limit)


def summary(bank_id: UUID, *, scope: Scope) -> Summary:
    """Return a bank at a glance, for charts.

    Raises:
        NotFound: there is no such bank within the scope.
    """
    banks.get(bank_id, scope=scope)
    rows = db.session.execute(
        select(
            QuestionStatistics.facility,
            QuestionStatistics.discrimination,
            QuestionStatistics.response_count,
        )
        .join(Question, Question.id == QuestionStatistics.question_id)
        .where(Question.bank_id == bank_id)
    ).all()
    flags = (
        select(QuestionFlag.flag, func.count())
        .join(QuestionVersion, QuestionVersion.id == QuestionFlag.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.bank_id == bank_id, QuestionFlag.settled_at.is_(None))
        .group_by(QuestionFlag.flag)
    )
    return Summary(
        version_count=len(rows),
        response_count=sum(row.response_count for row in rows),
        facility=_bars([row.facility for row in rows], 0, 1),
        discrimination=_bars([row.discrimination for row in rows], -100, 100),
        flags=dict(db.session.execute(flags).all()),
    )


def flags(
    scope: Scope,
    *,
    bank_id: UUID | None = None,
    flag: Flag | None = None,
    settled: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of what somebody should look at, or of what was looked at; the newest first."""
    statement = _flags().where(banks.owned_within(scope))
    if bank_id is not None:
        statement = statement.where(Question.bank_id == bank_id)
    if flag is not None:
        statement = statement.where(QuestionFlag.flag == flag)
    over = QuestionFlag.settled_at.is_not(None)
    statement = statement.where(over if settled else ~over)
    keys = [QuestionFlag.raised_at, QuestionFlag.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def settle(flag_id: UUID, *, reason: str, by: Identity, at: datetime) -> QuestionFlag:
    """Write down what a reviewer found; a suspended version may then be drawn again.

    The first word stands: settling again changes nothing. A question that turned out bad is
    retired or revised, which is another move.

    Raises:
        NotFound: there is no such flag within the reviewer's scope.
    """
    scope = by.scope(Permission.REVIEW_QUESTIONS)
    statement = _flags().where(QuestionFlag.id == flag_id, banks.owned_within(scope))
    found = db.session.execute(statement.with_for_update(of=QuestionFlag)).scalar_one_or_none()
    if found is None:
        raise NotFound
    if found.settled_at is None:
        found.settled_at, found.settled_by_id, found.reason = at, by.person_id, reason
        db.session.flush()
        audit.append(
            "question_flag_settled",
            by=by,
            at=at,
            subject_kind="question",
            subject_id=found.version.question_id,
            after={"flag": found.flag.value, "version_id": str(found.version_id)},
            reason=reason,
        )
    return found


def _shown() -> Select[QuestionStatistics]:
    return (
        select(QuestionStatistics)
        .join(QuestionVersion, QuestionVersion.id == QuestionStatistics.version_id)
        .join(Question, Question.id == QuestionStatistics.question_id)
        .options(contains_eager(QuestionStatistics.version))
    )


def _flags() -> Select[QuestionFlag]:
    return (
        select(QuestionFlag)
        .join(QuestionVersion, QuestionVersion.id == QuestionFlag.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .join(QuestionBank, QuestionBank.id == Question.bank_id)
        .options(contains_eager(QuestionFlag.version))
    )


def _bars(values: Sequence[float | None], low: float, high: float) -> list[int]:
    bars = [0] * BARS
    for value in values:
        if value is not None:
            bars[min(BARS - 1, max(0, int((value - low) / (high - low) * BARS)))] += 1
    return bars
