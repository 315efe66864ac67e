"""What follows from content that was just written (试题写入后的整理)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from question_bank.models import Question, QuestionVersion
from question_bank.services import reliances
from server.db import db


def settle(question_ids: Sequence[UUID]) -> None:
    """Settle what follows from the newest versions of these questions, the same few statements.

    Whoever writes questions or versions calls it in the same transaction.
    """
    reliances.settle(_newest(question_ids))


def _newest(question_ids: Sequence[UUID]) -> list[UUID]:
    found: list[UUID] = []
    for start in range(0, len(question_ids), 500):
        statement = (
            select(QuestionVersion.id)
            .join(Question, Question.id == QuestionVersion.question_id)
            .where(
                Question.id.in_(question_ids[start : start + 500]),
                QuestionVersion.number == Question.newest,
            )
        )
        found += db.session.execute(statement).scalars()
    return found
