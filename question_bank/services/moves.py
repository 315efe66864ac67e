"""Moves of questions through their life, one or many at once (试题流转)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Update, func, select, update
from sqlalchemy.orm import aliased

from question_bank.errors import MoveNotOpen, ReviewerIsAuthor
from question_bank.lifecycle import DONE, Move, State, after, is_done
from question_bank.models import Question, QuestionImportRow, QuestionVersion
from question_bank.services import banks, finding, imports, likenesses
from question_bank.services.questions import shown
from server.audit import services as audit
from server.db import db
from server.errors import DomainError, NotFound
from server.policy import Identity, Permission
from server.scopes import Scope

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

    def as_json(self) -> dict[str, str]:
        """Return the refusal as it is stored."""
        return {"code": self.code, "zh": self.zh, "en": self.en}


@dataclass(kw_only=True)
class Moved:
    """What a bulk move did."""

    moved_count: int = 0
    #: Questions that were there already.
    unchanged_count: int = 0
    refused: list[Refused] = field(default_factory=list)


def move(
    question_id: UUID, what: Move, *, reason: str | None = None, by: Identity, at: datetime
) -> Question:
    """Make one move with one question. Making it again changes nothing.

    Raises:
        NotFound: the question lies outside the asker's scope.
        MoveNotOpen: it cannot be made from the state of the question.
        ReviewerIsAuthor: who wrote the newest version would publish it.
    """
    question = finding.locked(question_id, scope=by.scope(PERMISSIONS[what]))
    if not is_done(question.state, what):
        before = shown(question)
        newest = question.newest_version
        authors = _authors([question.id]).get(question.id, set())
        _checked(question.state, what, author_ids=authors, by=by)
        _move_rows([question.id], [newest.id], what, by=by, at=at)
        question = finding.get(question_id)
        audit.append(
            f"question_{_PAST[what]}",
            by=by,
            at=at,
            subject_kind="question",
            subject_id=question.id,
            before=before,
            after=shown(question),
            reason=reason,
        )
    return question


def move_many(question_ids: Sequence[UUID], what: Move, *, by: Identity, at: datetime) -> Moved:
    """Make one move with many questions; those that cannot are told, the others are moved.

    What lies outside the asker's scope is refused as `not_found`.
    """
    result = Moved()
    scope = by.scope(PERMISSIONS[what])
    for some in _in_parts(list(dict.fromkeys(question_ids))):
        known = _locked_many(some, scope, what)
        moved = [one for one in some if _may_move(known.get(one), one, what, result, by)]
        if moved:
            newest = [known[question_id].version_id for question_id in moved]
            _move_rows(moved, newest, what, by=by, at=at)
            _tell_many(moved, what, by=by, at=at)
    return result


def foresee(
    question_ids: Sequence[UUID],
    what: Move,
    before: Mapping[UUID, dict[str, Any]],
    *,
    by: Identity,
) -> tuple[dict[UUID, Refused], dict[UUID, dict[str, Any]]]:
    """Return what a move of many would refuse, and how the others would stand (see `snapshots`)."""
    result, after = Moved(), dict(before)
    scope = by.scope(PERMISSIONS[what])
    for some in _in_parts(list(dict.fromkeys(question_ids))):
        known = _locked_many(some, scope, what)
        for one in some:
            if _may_move(known.get(one), one, what, result, by):
                after[one] = {**before[one], "state": DONE[what].value}
                if what in (Move.PUBLISH, Move.RETIRE):
                    version_id = str(known[one].version_id) if what is Move.PUBLISH else None
                    after[one]["in_use"] = version_id
    return {one.question_id: one for one in result.refused}, after


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


class _Standing(NamedTuple):
    """As much of a question as a move needs to know."""

    state: State
    version_id: UUID
    #: Who wrote the newest version, or a draft of it since the last one in use.
    author_ids: frozenset[UUID]


def _tell_many(moved: Sequence[UUID], what: Move, *, by: Identity, at: datetime) -> None:
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


def _locked_many(ids: Sequence[UUID], scope: Scope, what: Move) -> dict[UUID, _Standing]:
    columns = (Question.id, Question.state, QuestionVersion.id)
    statement = (
        finding.with_newest()
        .with_only_columns(*columns, maintain_column_froms=True)
        .where(Question.id.in_(ids), banks.held_within(scope))
        .with_for_update(of=Question)
    )
    rows: Sequence[Any] = db.session.execute(statement).all()
    authors = _authors(ids) if what is Move.PUBLISH else {}
    return {
        question_id: _Standing(state, version_id, frozenset(authors.get(question_id, ())))
        for question_id, state, version_id in rows
    }


def _authors(question_ids: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    """Return who wrote what a publication would put to use: every draft since the last one.

    Else somebody could publish their own words after a colleague has added a comma.
    """
    version, earlier = QuestionVersion, aliased(QuestionVersion)
    last = (
        select(func.coalesce(func.max(earlier.number), 0))
        .where(earlier.question_id == version.question_id, earlier.published_at.is_not(None))
        .scalar_subquery()
    )
    statement = select(version.question_id, version.author_id).where(
        version.question_id.in_(question_ids), version.number > last
    )
    found: dict[UUID, set[UUID]] = {}
    for question_id, author_id in db.session.execute(statement):
        found.setdefault(question_id, set()).add(author_id)
    return found


def _may_move(
    standing: _Standing | None, question_id: UUID, what: Move, result: Moved, by: Identity
) -> bool:
    """Say whether one of many is to be moved, and keep the count."""
    if standing is not None and is_done(standing.state, what):
        result.unchanged_count += 1
        return False
    try:
        if standing is None:
            raise NotFound
        _checked(standing.state, what, author_ids=standing.author_ids, by=by)
    except (NotFound, MoveNotOpen, ReviewerIsAuthor) as refusal:
        result.refused.append(Refused(question_id=question_id, refusal=refusal))
        return False
    result.moved_count += 1
    return True


def _checked(state: State, what: Move, *, author_ids: Collection[UUID], by: Identity) -> State:
    """Return the state after a move; a second pair of eyes publishes (命题与审题分离).

    Raises:
        MoveNotOpen: the move cannot be made from this state.
        ReviewerIsAuthor: the author would publish.
    """
    next_state = after(state, what)
    if next_state is None:
        raise MoveNotOpen(state=state.value, move=what.value)
    if what is Move.PUBLISH and by.person_id in author_ids:
        raise ReviewerIsAuthor
    return next_state


def _move_rows(
    question_ids: Sequence[UUID],
    newest: Sequence[UUID],
    what: Move,
    *,
    by: Identity,
    at: datetime,
) -> None:
    """Write one move of many questions, the same few statements for any number."""
    version = QuestionVersion
    in_use = (version.published_at.is_not(None), version.withdrawn_at.is_(None))
    if what in (Move.PUBLISH, Move.RETIRE):
        # What was asked until now is asked no more: another version takes its place, or none.
        ended = update(version).where(version.question_id.in_(question_ids), *in_use)
        _write(ended.values(withdrawn_at=at))
    if what is Move.PUBLISH:
        begun = update(version).where(version.id.in_(newest))
        _write(begun.values(published_at=at, reviewer_id=by.person_id))
    moved = update(Question).where(Question.id.in_(question_ids))
    _write(moved.values(state=DONE[what]))
    if what in (Move.SUBMIT, Move.PUBLISH):
        likenesses.look(question_ids, at=at, final=what is Move.PUBLISH)


def _write(statement: Update) -> None:
    # What the session holds is read again where it is needed, so nothing is matched in memory.
    db.session.execute(statement.execution_options(synchronize_session=False))
