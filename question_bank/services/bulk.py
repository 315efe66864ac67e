"""Actions upon many questions (批量操作): foreseen first, then done, and undone the same day.

What an action did is kept question by question, before and after. Undoing puts back what is still
as the action left it, and leaves alone what somebody changed since. It is open until the end of
the day, for papers draw the pool as it stood at the end of a day, and no day that is gone changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from question_bank.lifecycle import Move
from question_bank.models import (
    BulkAction,
    BulkActionRow,
    BulkOutcome,
    BulkState,
    Question,
    QuestionBank,
    QuestionVersion,
)
from question_bank.review_errors import BulkActionOver, UndoTooLate
from question_bank.services import banks, finding, moves, snapshots
from question_bank.services.finding import Wanted
from question_bank.services.moves import Refused
from question_bank.services.snapshots import Places
from server import days
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.paging import Page, page
from server.policy import Identity, Permission

#: Questions of one action.
MOST = 5000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is to be done with which questions: a move, or another place."""

    move: Move | None = None
    places: Places | None = None
    question_ids: tuple[UUID, ...] = ()
    #: Instead of ids: everything that a search finds, at most `MOST`.
    wanted: Wanted | None = None

    @property
    def permission(self) -> Permission:
        """What one must be allowed for it."""
        return Permission.WRITE_QUESTIONS if self.move is None else moves.PERMISSIONS[self.move]

    def as_json(self, question_ids: Sequence[UUID]) -> dict[str, Any]:
        """Return it as it is stored, with the questions that were meant."""
        return {
            "move": None if self.move is None else self.move.value,
            "places": None if self.places is None else self.places.as_json(),
            "question_ids": [str(one) for one in question_ids],
        }


def preview(action_id: UUID, asked: Asked, *, by: Identity, at: datetime) -> BulkAction:
    """Say what an action would do to each question, and do nothing yet.

    Raises:
        IdTaken: another action stands under this id.
    """
    ids = list(asked.question_ids)
    if asked.wanted is not None:
        ids = _sought(asked, by, on=days.civil_day(at))
    wanted = asked.as_json(ids)
    known = db.session.get(BulkAction, action_id)
    if known is not None:
        if (known.asked_by_id, known.wanted) != (by.person_id, wanted):
            raise IdTaken
        return known
    rows = _foreseen(action_id, asked, ids, by)
    action = BulkAction(
        id=action_id,
        asked_by_id=by.person_id,
        wanted=wanted,
        state=BulkState.PREVIEWED,
        counts=dict(Counter(row["outcome"].value for row in rows)),
        previewed_at=at,
        left_count=0,
    )
    db.session.add(action)
    db.session.flush()
    if rows:
        db.session.execute(insert(BulkActionRow), rows)
    return action


def execute(
    action_id: UUID, *, reason: str | None = None, by: Identity, at: datetime
) -> BulkAction:
    """Do what was foreseen; each question is looked at once more. Doing it again changes nothing.

    Raises:
        NotFound: somebody else asked for the action, or nobody.
        BulkActionOver: it was undone.
    """
    action = get(action_id, by=by, lock=True)
    if action.state is BulkState.UNDONE:
        raise BulkActionOver
    if action.state is BulkState.DONE:
        return action
    asked = _asked(action)
    ids = list(asked.question_ids)
    scope = by.scope(asked.permission)
    before = snapshots.of(ids, scope=scope)
    if asked.move is not None:
        moved = moves.move_many(ids, asked.move, by=by, at=at)
        refused = {one.question_id: one for one in moved.refused}
    else:
        refused = snapshots.put(ids, asked.places or Places(), by=by, at=at)
    after = snapshots.of(ids, scope=scope)
    rows = _rows(action_id, ids, refused, before, after)
    _write_rows(action_id, rows)
    action.state, action.done_at = BulkState.DONE, at
    action.counts = dict(Counter(row["outcome"].value for row in rows))
    _tell("question_bulk_action_done", action, by=by, at=at, reason=reason)
    return action


def undo(action_id: UUID, *, by: Identity, at: datetime) -> BulkAction:
    """Put back what the action changed and nobody changed since; again changes nothing.

    Raises:
        NotFound: somebody else asked for the action, or nobody.
        BulkActionOver: it was never done.
        UndoTooLate: the day of the action is over.
    """
    action = get(action_id, by=by, lock=True)
    if action.state is BulkState.UNDONE:
        return action
    if action.state is BulkState.PREVIEWED or action.done_at is None:
        raise BulkActionOver
    if days.civil_day(at) != days.civil_day(action.done_at):
        raise UndoTooLate
    changed = select(BulkActionRow).where(
        BulkActionRow.action_id == action_id, BulkActionRow.outcome == BulkOutcome.CHANGES
    )
    rows = db.session.execute(changed).scalars().all()
    put_back = snapshots.put_back(
        [(row.question_id, row.before or {}, row.after or {}) for row in rows],
        scope=by.scope(_asked(action).permission),
        since=action.done_at,
    )
    action.state, action.undone_at = BulkState.UNDONE, at
    action.left_count = len(rows) - put_back
    _tell("question_bulk_action_undone", action, by=by, at=at)
    return action


def get(action_id: UUID, *, by: Identity, lock: bool = False) -> BulkAction:
    """Return one's own action.

    Raises:
        NotFound: somebody else asked for it, or nobody.
    """
    statement = select(BulkAction).where(
        BulkAction.id == action_id, BulkAction.asked_by_id == by.person_id
    )
    found = db.session.execute(
        statement.with_for_update() if lock else statement
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def rows_of(
    action_id: UUID,
    *,
    by: Identity,
    outcome: BulkOutcome | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of what an action does to each question.

    Raises:
        NotFound: somebody else asked for it, or nobody.
    """
    get(action_id, by=by)
    statement = select(BulkActionRow).where(BulkActionRow.action_id == action_id)
    if outcome is not None:
        statement = statement.where(BulkActionRow.outcome == outcome)
    return page(statement, [BulkActionRow.question_id], cursor=cursor, limit=limit)


def _sought(asked: Asked, by: Identity, *, on: date) -> list[UUID]:
    statement = (
        select(Question.id)
        .join(QuestionBank, QuestionBank.id == Question.bank_id)
        .join(
            QuestionVersion,
            (QuestionVersion.question_id == Question.id)
            & (QuestionVersion.number == Question.newest),
        )
        .where(
            banks.owned_within(by.scope(asked.permission)),
            *finding.conditions(asked.wanted or Wanted(), on=on),
        )
    )
    return list(db.session.execute(statement.order_by(Question.id).limit(MOST)).scalars())


def _foreseen(
    action_id: UUID, asked: Asked, ids: Sequence[UUID], by: Identity
) -> list[dict[str, Any]]:
    scope = by.scope(asked.permission)
    before = snapshots.of(ids, scope=scope)
    if asked.move is not None:
        refused, after = moves.foresee(ids, asked.move, before, by=by)
    else:
        places = asked.places or Places()
        refused, after = snapshots.foresee(ids, places, before)
    return _rows(action_id, ids, refused, before, after)


def _rows(
    action_id: UUID,
    ids: Sequence[UUID],
    refused: dict[UUID, Refused],
    before: dict[UUID, dict[str, Any]],
    after: dict[UUID, dict[str, Any]],
) -> list[dict[str, Any]]:
    return [
        {
            "action_id": action_id,
            "question_id": one,
            "outcome": _outcome(one, refused, before, after),
            "refusal": refused[one].as_json() if one in refused else None,
            "before": before.get(one),
            "after": after.get(one),
        }
        for one in dict.fromkeys(ids)
    ]


def _outcome(
    one: UUID,
    refused: dict[UUID, Refused],
    before: dict[UUID, dict[str, Any]],
    after: dict[UUID, dict[str, Any]],
) -> BulkOutcome:
    if one in refused:
        return BulkOutcome.REFUSED
    return BulkOutcome.UNCHANGED if before.get(one) == after.get(one) else BulkOutcome.CHANGES


def _write_rows(action_id: UUID, rows: Sequence[dict[str, Any]]) -> None:
    db.session.execute(delete(BulkActionRow).where(BulkActionRow.action_id == action_id))
    if rows:
        db.session.execute(insert(BulkActionRow), rows)


def _asked(action: BulkAction) -> Asked:
    wanted = action.wanted
    return Asked(
        move=None if wanted["move"] is None else Move(wanted["move"]),
        places=None if wanted["places"] is None else Places.of_json(wanted["places"]),
        question_ids=tuple(UUID(one) for one in wanted["question_ids"]),
    )


def _tell(
    action: str, found: BulkAction, *, by: Identity, at: datetime, reason: str | None = None
) -> None:
    db.session.flush()
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="question_bulk_action",
        subject_id=found.id,
        after={
            "move": found.wanted["move"],
            "places": found.wanted["places"],
            "counts": found.counts,
            "left": found.left_count,
        },
        reason=reason,
    )
