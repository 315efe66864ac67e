"""What follows from content that was just written (试题写入后的整理)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, select

from question_bank.models import Question, QuestionTag, QuestionText, QuestionVersion
from question_bank.services import reliances, texts
from server.db import db

#: Questions settled together: below the least number of variables a database takes.
_AT_ONCE = 500


def settle(question_ids: Sequence[UUID]) -> None:
    """Settle what follows from the newest versions of these questions, the same few statements.

    Whoever writes questions or versions calls it in the same transaction.
    """
    shelf = reliances.library()
    for start in range(0, len(question_ids), _AT_ONCE):
        newest = _newest(question_ids[start : start + _AT_ONCE])
        texts.settle(newest)
        reliances.settle_versions(newest, shelf)


def unsettled(limit: int) -> list[UUID]:
    """Return questions that searching does not know yet: those from before there was an index."""
    known = exists().where(QuestionText.question_id == Question.id)
    return list(db.session.execute(select(Question.id).where(~known).limit(limit)).scalars())


def count_anew() -> None:
    """Let PostgreSQL count now what it plans searches by, and not when its own rounds come by.

    Of thousands of new questions it knows nothing until then, and looks at every one.
    """
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        for table in (Question, QuestionVersion, QuestionText, QuestionTag):
            connection.exec_driver_sql(f"ANALYZE {table.__tablename__}")


def _newest(question_ids: Sequence[UUID]) -> Sequence[QuestionVersion]:
    statement = (
        select(QuestionVersion)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.id.in_(question_ids), QuestionVersion.number == Question.newest)
    )
    return db.session.execute(statement).scalars().all()
