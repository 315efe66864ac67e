"""Moves of questions through their life, one or many at once (试题流转)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import select, update

from question_bank.errors import MoveNotOpen, ReviewerIsAuthor
from question_bank.lifecycle import Move, after, is_done
from question_bank.models import Question, QuestionImportRow, QuestionVersion
from question_bank.services import banks, finding, imports
from question_bank.services.questions import shown
from server.audit import services as audit
from server.db import db
from server.errors import DomainError, NotFound
from server.policy import Identity, Permission, Scope

#: Who may do which move; the move to review is the author's.
PERMISSIONS = {
    Move.SUBMIT: Permission.WRITE_QUESTIONS,
    Move.SEND_BACK: Permission.REVIEW_QUESTIONS,
    Move.PUBLISH: Permission.REVIEW_QUESTIONS,
    Move.RETIRE: Permission.REVIEW_QUESTIONS,
}

#: Questions read in one statement; below the least number of variables a database takes.
_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A question that a bulk move left where it was, and why."""

    question_id: UUID
    refusal: DomainError

    @property
    def code(self) -> str:
        """The stable code of the refusal."""
        return self.refusal.code

    @property
    def en(self) -> str:
        """The refusal in English."""
        return self.refusal.message.en

    @property
    def zh(self) -> str:
        """The refusal in Chinese."""
        return self.refusal.message.zh


@dataclass(kw_only=True)
class Moved:
    """What a bulk move did."""

    moved_count: int = 0
    #: Questions that were there already.
    unchanged_count: int = 0
    refused: list[Refused] = field(default_factory=list)


def move(question_id: UUID, what: Move, *, by: Identity, at: datetime) -> Question:
    """Make one move with one question. Making it again changes nothing.

    Raises:
        NotFound: the question lies outside the asker's scope.
        MoveNotOpen: it cannot be made from the state of the question.
        ReviewerIsAuthor: who wrote the newest version would publish it.
    """
    question = finding.locked(question_id, scope=by.scope(PERMISSIONS[what]))
    if not is_done(question.state, what):
        before = shown(question)
        _moved(question, what, by=by, at=at)
        _withdraw([question.id], besides=[question.newest_version.id], what=what, at=at)
        db.session.flush()
        audit.append(
            f"question_{_PAST[what]}",
            by=by,
            at=at,
            subject_kind="question",
            subject_id=question.id,
            before=before,
            after=shown(question),
        )
    return question


def move_many(question_ids: Sequence[UUID], what: Move, *, by: Identity, at: datetime) -> Moved:
    """Make one move with many questions; those that cannot are told, the others are moved.

    What lies outside the asker's scope is refused as `not_found`.
    """
    result = Moved()
    scope = by.scope(PERMISSIONS[what])
    for some in _in_parts(list(dict.fromkeys(question_ids))):
        known = {question.id: question for question in _locked_many(some, scope)}
        moved = [
            question.id
            for question_id in some
            if (question := _try(known.get(question_id), question_id, what, result, by, at))
            is not None
        ]
        newest = [known[question_id].newest_version.id for question_id in moved]
        _withdraw(moved, besides=newest, what=what, at=at)
        db.session.flush()
        _tell_many(moved, what, by=by, at=at)
    return result


def move_import(import_id: UUID, what: Move, *, by: Identity, at: datetime) -> Moved:
    """Make one move with every question that an import created.

    Raises:
        NotFound: the import lies outside the asker's scope.
    """
    imports.get(import_id, scope=by.scope(PERMISSIONS[what]))
    created = select(QuestionImportRow.question_id).where(
        QuestionImportRow.import_id == import_id,
        QuestionImportRow.question_id.is_not(None),
        QuestionImportRow.outcome.in_(imports.CREATING),
    )
    ids = db.session.execute(created.order_by(QuestionImportRow.place)).scalars().all()
    return move_many([one for one in ids if one is not None], what, by=by, at=at)


_PAST = {
    Move.SUBMIT: "submitted",
    Move.SEND_BACK: "sent_back",
    Move.PUBLISH: "published",
    Move.RETIRE: "retired",
}


def _tell_many(moved: Sequence[UUID], what: Move, *, by: Identity, at: datetime) -> None:
    if moved:
        audit.append(
            f"questions_{_PAST[what]}",
            by=by,
            at=at,
            subject_kind="questions",
            subject_id=moved[0],
            after={"count": len(moved), "question_ids": [str(one) for one in moved]},
        )


def _in_parts(ids: Sequence[UUID]) -> Iterator[list[UUID]]:
    left = iter(ids)
    while some := list(islice(left, _AT_ONCE)):
        yield some


def _locked_many(ids: Sequence[UUID], scope: Scope) -> Sequence[Question]:
    statement = finding.with_newest().where(Question.id.in_(ids), banks.owned_within(scope))
    return (
        db.session.execute(
            statement.with_for_update(of=Question).execution_options(populate_existing=True)
        )
        .scalars()
        .all()
    )


def _try(
    question: Question | None,
    question_id: UUID,
    what: Move,
    result: Moved,
    by: Identity,
    at: datetime,
) -> Question | None:
    """Move one of many; return it if it moved, and keep the count."""
    if question is None:
        result.refused.append(Refused(question_id=question_id, refusal=NotFound()))
        return None
    if is_done(question.state, what):
        result.unchanged_count += 1
        return None
    try:
        _moved(question, what, by=by, at=at)
    except (MoveNotOpen, ReviewerIsAuthor) as refusal:
        result.refused.append(Refused(question_id=question_id, refusal=refusal))
        return None
    result.moved_count += 1
    return question


def _moved(question: Question, what: Move, *, by: Identity, at: datetime) -> None:
    state = after(question.state, what)
    if state is None:
        raise MoveNotOpen(state=question.state.value, move=what.value)
    if what is Move.PUBLISH:
        _publish(question.newest_version, by=by, at=at)
    question.state = state


def _publish(version: QuestionVersion, *, by: Identity, at: datetime) -> None:
    """Put a version to use: a second pair of eyes is the rule (命题与审题分离)."""
    if version.author_id == by.person_id:
        raise ReviewerIsAuthor
    version.reviewer_id, version.published_at = by.person_id, at


def _withdraw(
    question_ids: Sequence[UUID], *, besides: Sequence[UUID], what: Move, at: datetime
) -> None:
    """End the use of earlier versions (publishing) or of all versions (retiring)."""
    if what not in (Move.PUBLISH, Move.RETIRE) or not question_ids:
        return
    db.session.flush()
    statement = update(QuestionVersion).where(
        QuestionVersion.question_id.in_(question_ids),
        QuestionVersion.published_at.is_not(None),
        QuestionVersion.withdrawn_at.is_(None),
    )
    if what is Move.PUBLISH:
        statement = statement.where(QuestionVersion.id.not_in(besides))
    db.session.execute(statement.values(withdrawn_at=at))
