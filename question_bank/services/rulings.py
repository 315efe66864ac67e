"""Rulings on pairs (查重裁定): which of two is kept and why, or that they are distinct."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from question_bank import differences
from question_bank.differences import FieldDifference
from question_bank.errors import (
    AlreadyRuled,
    ConflictNeedsWinner,
    KeptIsNotOfPair,
    ReviewerIsAuthor,
)
from question_bank.lifecycle import Move, State
from question_bank.likeness import Relation
from question_bank.models import (
    Question,
    QuestionBank,
    QuestionPair,
    QuestionVersion,
    Standing,
)
from question_bank.services import banks, finding, moves
from question_bank.services.writing import tag_rows
from question_bank.tags import Tag
from server.audit import services as audit
from server.db import db
from server.errors import NotFound
from server.paging import Page, page
from server.policy import Identity, Permission
from server.scopes import EVERYWHERE, Scope


@dataclass(frozen=True, kw_only=True)
class Side:
    """One question of a pair, in the version that was compared, and where it comes from."""

    question: Question
    version: QuestionVersion
    bank: QuestionBank


@dataclass(frozen=True, kw_only=True)
class ShownPair:
    """A pair with both sides beside each other, and what differs."""

    pair: QuestionPair
    first: Side
    second: Side
    differences: Sequence[FieldDifference]


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What somebody decides about a pair."""

    reason: str
    #: The question that stays; the other is retired. None: they are distinct.
    kept_id: UUID | None = None
    #: Whether the kept question serves from now on whom the other one served.
    takes_tags: bool = True


def listed(
    scope: Scope,
    *,
    relation: Relation | None = None,
    standing: Standing | None = Standing.OPEN,
    bank_id: UUID | None = None,
    question_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of pairs of which both questions lie within the scope, the oldest first.

    Open pairs of which one question is retired have nothing left to decide and are left out.
    """
    first, second = aliased(Question), aliased(Question)
    pair = QuestionPair
    statement = (
        select(pair)
        .join(first, first.id == pair.first_id)
        .join(second, second.id == pair.second_id)
        .where(_within(first, scope), _within(second, scope))
    )
    if relation is not None:
        statement = statement.where(pair.relation == relation)
    if standing is not None:
        statement = statement.where(pair.standing == standing)
    if standing is Standing.OPEN:
        statement = statement.where(first.state != State.RETIRED, second.state != State.RETIRED)
    if bank_id is not None:
        statement = statement.where(or_(first.bank_id == bank_id, second.bank_id == bank_id))
    if question_id is not None:
        statement = statement.where(
            or_(pair.first_id == question_id, pair.second_id == question_id)
        )
    found = page(statement, [pair.found_at, pair.id], cursor=cursor, limit=limit)
    return Page(items=_shown(found.items), next_cursor=found.next_cursor)


def get(pair_id: UUID, *, scope: Scope = EVERYWHERE) -> ShownPair:
    """Return the pair with both sides.

    Raises:
        NotFound: there is none, or one of its questions lies outside the scope.
    """
    (shown,) = _shown([_found(pair_id, scope, lock=False)])
    return shown


def rule(pair_id: UUID, ruling: Ruling, *, by: Identity, at: datetime) -> ShownPair:
    """Decide about a pair; saying the same again changes nothing.

    Raises:
        NotFound: one of the questions lies outside the asker's scope.
        AlreadyRuled: something else was decided before.
        KeptIsNotOfPair: the question to keep is another.
        ConflictNeedsWinner: of two keys for one question one is wrong: they are not distinct.
        ReviewerIsAuthor: the asker wrote what is to be kept.
    """
    scope = by.scope(Permission.REVIEW_QUESTIONS)
    pair = _found(pair_id, scope, lock=True)
    if pair.standing is not Standing.OPEN:
        if (pair.kept_id, pair.reason) != (ruling.kept_id, ruling.reason):
            raise AlreadyRuled
        return get(pair_id)
    if ruling.kept_id is None:
        if pair.relation is Relation.CONFLICT:
            raise ConflictNeedsWinner
    else:
        _keep_one(pair, ruling, by=by, at=at)
    pair.standing = Standing.DISTINCT if ruling.kept_id is None else Standing.RULED
    pair.kept_id, pair.reason = ruling.kept_id, ruling.reason
    pair.ruled_by_id, pair.ruled_at = by.person_id, at
    db.session.flush()
    _tell(pair, by=by, at=at)
    return get(pair_id)


def _keep_one(pair: QuestionPair, ruling: Ruling, *, by: Identity, at: datetime) -> None:
    """Retire the loser, and let the winner serve whom it served."""
    if ruling.kept_id not in (pair.first_id, pair.second_id):
        raise KeptIsNotOfPair
    kept_first = ruling.kept_id == pair.first_id
    loser_id = pair.second_id if kept_first else pair.first_id
    kept = finding.locked(ruling.kept_id, scope=by.scope(Permission.REVIEW_QUESTIONS))
    if kept.newest_version.author_id == by.person_id:
        raise ReviewerIsAuthor
    loser = moves.move(loser_id, Move.RETIRE, by=by, at=at)
    if ruling.takes_tags:
        held = {(tag.role, tag.operation_item) for tag in kept.tags}
        more = [tag for tag in loser.tags if (tag.role, tag.operation_item) not in held]
        kept.tags += tag_rows(kept.id, [Tag(one.role, one.operation_item or None) for one in more])
        db.session.flush()


def _found(pair_id: UUID, scope: Scope, *, lock: bool) -> QuestionPair:
    first, second = aliased(Question), aliased(Question)
    pair = QuestionPair
    statement = (
        select(pair)
        .join(first, first.id == pair.first_id)
        .join(second, second.id == pair.second_id)
        .where(pair.id == pair_id, _within(first, scope), _within(second, scope))
    )
    if lock:
        statement = statement.with_for_update(of=pair)
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _within(question: type[Question], scope: Scope) -> ColumnElement[bool]:
    return question.bank_id.in_(select(QuestionBank.id).where(banks.owned_within(scope)))


def _shown(pairs: Sequence[QuestionPair]) -> list[ShownPair]:
    version_ids = [one for p in pairs for one in (p.first_version_id, p.second_version_id)]
    statement = (
        select(QuestionVersion, Question, QuestionBank)
        .join(Question, Question.id == QuestionVersion.question_id)
        .join(QuestionBank, QuestionBank.id == Question.bank_id)
        .where(QuestionVersion.id.in_(version_ids))
    )
    sides = {
        version.id: Side(question=question, version=version, bank=bank)
        for version, question, bank in db.session.execute(statement)
    }
    return [
        ShownPair(
            pair=one,
            first=sides[one.first_version_id],
            second=sides[one.second_version_id],
            differences=differences.between(
                sides[one.first_version_id].version, sides[one.second_version_id].version
            ),
        )
        for one in pairs
    ]


def _tell(pair: QuestionPair, *, by: Identity, at: datetime) -> None:
    audit.append(
        "question_pair_ruled",
        by=by,
        at=at,
        subject_kind="question_pair",
        subject_id=pair.id,
        after={
            "relation": pair.relation.value,
            "first_id": str(pair.first_id),
            "second_id": str(pair.second_id),
            "kept_id": None if pair.kept_id is None else str(pair.kept_id),
        },
        reason=pair.reason,
    )
