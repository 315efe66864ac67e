"""Who uses a question (使用情况), and deleting one that nobody does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select, update

from question_bank.errors import MoveNotOpen
from question_bank.lifecycle import State
from question_bank.models import (
    LawClearance,
    LawReliance,
    PracticeResponse,
    Question,
    QuestionComment,
    QuestionImportRow,
    QuestionPair,
    QuestionPrint,
    QuestionTag,
    QuestionText,
    QuestionUse,
    QuestionVersion,
)
from question_bank.review_errors import QuestionInUse
from question_bank.services import finding
from question_bank.services.questions import shown
from server.audit import services as audit
from server.db import db
from server.policy import Identity, Permission
from server.scopes import EVERYWHERE, Scope


@dataclass(frozen=True, kw_only=True)
class Uses:
    """Everybody who uses a question."""

    exams: Sequence[QuestionUse]
    #: Responses in practice.
    practice_count: int


def note(version_ids: Collection[UUID], *, exam_id: UUID, exam_name: str, at: datetime) -> None:
    """Note that the papers of an exam ask these versions."""
    wanted = list(dict.fromkeys(version_ids))
    asked = select(QuestionVersion.question_id).where(QuestionVersion.id.in_(wanted))
    known = select(QuestionUse.question_id).where(
        QuestionUse.exam_id == exam_id, QuestionUse.question_id.in_(asked)
    )
    fresh = set(db.session.execute(asked).scalars()) - set(db.session.execute(known).scalars())
    if fresh:
        rows = [
            {"question_id": one, "exam_id": exam_id, "exam_name": exam_name, "used_at": at}
            for one in sorted(fresh)
        ]
        db.session.execute(insert(QuestionUse), rows)


def forget(exam_id: UUID) -> None:
    """Note nothing of an exam any more: its papers were thrown away before it was published."""
    db.session.execute(delete(QuestionUse).where(QuestionUse.exam_id == exam_id))


def of(question_id: UUID, *, scope: Scope = EVERYWHERE) -> Uses:
    """Return who uses a question.

    Raises:
        NotFound: the question lies outside the scope.
    """
    finding.get(question_id, scope=scope)
    exams = select(QuestionUse).where(QuestionUse.question_id == question_id)
    practised = select(func.count()).where(PracticeResponse.question_id == question_id)
    return Uses(
        exams=db.session.execute(exams.order_by(QuestionUse.used_at)).scalars().all(),
        practice_count=db.session.scalars(practised).one(),
    )


def remove(question_id: UUID, *, reason: str | None = None, by: Identity, at: datetime) -> None:
    """Delete a draft or a retired question that no exam and no learner ever met.

    Raises:
        NotFound: the question lies outside the asker's scope.
        MoveNotOpen: it is in review or in use; retire it first.
        QuestionInUse: exams or learners have met it; it can be retired, and stays readable.
    """
    question = finding.locked(question_id, scope=by.scope(Permission.WRITE_QUESTIONS))
    if question.state not in (State.DRAFT, State.RETIRED):
        raise MoveNotOpen(state=question.state.value, move="delete")
    met = of(question_id)
    if met.exams or met.practice_count:
        names = "、".join(one.exam_name for one in met.exams)
        raise QuestionInUse(exams=names or "—", practice_count=met.practice_count)
    before = shown(question)
    db.session.expunge_all()
    _delete_rows(question_id)
    audit.append(
        "question_deleted",
        by=by,
        at=at,
        subject_kind="question",
        subject_id=question_id,
        before=before,
        reason=reason,
    )


def _delete_rows(question_id: UUID) -> None:
    versions = select(QuestionVersion.id).where(QuestionVersion.question_id == question_id)
    pair = QuestionPair
    row = QuestionImportRow
    db.session.execute(update(row).where(row.question_id == question_id).values(question_id=None))
    for statement in (
        delete(pair).where(or_(pair.first_id == question_id, pair.second_id == question_id)),
        delete(LawReliance).where(LawReliance.version_id.in_(versions)),
        delete(LawClearance).where(LawClearance.version_id.in_(versions)),
        *(
            delete(table).where(table.question_id == question_id)
            for table in (QuestionPrint, QuestionText, QuestionComment, QuestionTag)
        ),
        delete(QuestionVersion).where(QuestionVersion.question_id == question_id),
        delete(Question).where(Question.id == question_id),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
