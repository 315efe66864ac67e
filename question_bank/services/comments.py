"""Comments on questions (审题意见), and what differs between two versions (版本对比)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from question_bank import differences
from question_bank.differences import FieldDifference
from question_bank.models import Question, QuestionBank, QuestionComment
from question_bank.services import banks, finding
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.policy import Identity, Permission
from server.scopes import EVERYWHERE, Scope


def of(question_id: UUID, *, scope: Scope = EVERYWHERE) -> list[QuestionComment]:
    """Return the comments on a question, the oldest first.

    Raises:
        NotFound: the question lies outside the scope.
    """
    finding.get(question_id, scope=scope)
    statement = select(QuestionComment).where(QuestionComment.question_id == question_id)
    keys = (QuestionComment.written_at, QuestionComment.id)
    return list(db.session.execute(statement.order_by(*keys)).scalars())


def say(
    question_id: UUID, comment_id: UUID, *, text: str, by: Identity, at: datetime
) -> QuestionComment:
    """Comment on the newest version of a question, under the id given.

    Raises:
        NotFound: the question lies outside the asker's scope.
        IdTaken: something else was said under this id.
    """
    question = finding.get(question_id, scope=by.scope(Permission.SEE_QUESTIONS))
    known = db.session.get(QuestionComment, comment_id)
    if known is not None:
        said = (known.question_id, known.author_id, known.text)
        if said != (question_id, by.person_id, text):
            raise IdTaken
        return known
    comment = QuestionComment(
        id=comment_id,
        question_id=question_id,
        version_id=question.newest_version.id,
        author_id=by.person_id,
        text=text,
        written_at=at,
    )
    db.session.add(comment)
    db.session.flush()
    _tell("question_commented", comment, by=by, at=at)
    return comment


def settle(comment_id: UUID, *, by: Identity, at: datetime) -> QuestionComment:
    """Say that a comment is dealt with; saying it again changes nothing.

    Raises:
        NotFound: the question lies outside the asker's scope.
    """
    statement = (
        select(QuestionComment)
        .join(Question, Question.id == QuestionComment.question_id)
        .join(QuestionBank, QuestionBank.id == Question.bank_id)
        .where(
            QuestionComment.id == comment_id,
            banks.owned_within(by.scope(Permission.SEE_QUESTIONS)),
        )
    )
    comment = db.session.execute(statement).scalar_one_or_none()
    if comment is None:
        raise NotFound
    if comment.settled_at is None:
        comment.settled_by_id, comment.settled_at = by.person_id, at
        db.session.flush()
        _tell("question_comment_settled", comment, by=by, at=at)
    return comment


def compare(
    question_id: UUID, before: int, after: int, *, scope: Scope = EVERYWHERE
) -> list[FieldDifference]:
    """Return what differs between two versions of a question, by their numbers.

    Raises:
        NotFound: the question lies outside the scope, or has no such version.
    """
    versions = {one.number: one for one in finding.versions_of(question_id, scope=scope)}
    if before not in versions or after not in versions:
        raise NotFound
    return differences.between(versions[before], versions[after])


def _tell(action: str, comment: QuestionComment, *, by: Identity, at: datetime) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="question",
        subject_id=comment.question_id,
        after={"comment_id": str(comment.id), "version_id": str(comment.version_id)},
    )
