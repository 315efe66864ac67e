"""How questions stand (试题快照): read before and after an action upon many, and put back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, exists, insert, or_, select, update

from question_bank.models import (
    PracticeResponse,
    Question,
    QuestionBank,
    QuestionTag,
    QuestionUse,
    QuestionVersion,
)
from question_bank.services import banks
from question_bank.services.moves import Refused
from question_bank.services.questions import check_items
from question_bank.services.writing import tag_values
from question_bank.tags import Tag
from server import days
from server.audit import services as audit
from server.db import db
from server.errors import NotFound
from server.people.roster import PostRole
from server.policy import Identity, Permission
from server.scopes import Scope

Snapshot = dict[str, Any]

#: Questions in one statement: below the least number of variables a database takes.
_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Places:
    """Whom many questions are to serve or serve no more, and in which pools they are to be."""

    added: tuple[Tag, ...] = ()
    removed: tuple[Tag, ...] = ()
    for_practice: bool | None = None
    for_exams: bool | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {
            "added": [[tag.role.value, tag.operation_item] for tag in self.added],
            "removed": [[tag.role.value, tag.operation_item] for tag in self.removed],
            "for_practice": self.for_practice,
            "for_exams": self.for_exams,
        }

    @classmethod
    def of_json(cls, stored: dict[str, Any]) -> Places:
        """Return what was stored."""
        added, removed = (
            tuple(Tag(PostRole(role), item) for role, item in stored[name])
            for name in ("added", "removed")
        )
        return replace(
            cls(added=added, removed=removed),
            for_practice=stored["for_practice"],
            for_exams=stored["for_exams"],
        )

    def after(self, before: Snapshot) -> Snapshot:
        """Return how a question stands once it was put there."""
        gone = [[tag.role.value, tag.operation_item or ""] for tag in self.removed]
        more = [[tag.role.value, tag.operation_item or ""] for tag in self.added]
        kept = [tag for tag in before["serves"] if tag not in gone]
        pools = {"for_practice": self.for_practice, "for_exams": self.for_exams}
        return {
            **before,
            "serves": sorted([*kept, *(tag for tag in more if tag not in kept)]),
            **{name: value for name, value in pools.items() if value is not None},
        }


def of(question_ids: Sequence[UUID], *, scope: Scope) -> dict[UUID, Snapshot]:
    """Return how these questions stand; what lies outside the scope is left out."""
    found: dict[UUID, Snapshot] = {}
    for some in _in_parts(question_ids):
        found |= _of(some, scope)
    return found


def foresee(
    question_ids: Sequence[UUID], places: Places, before: dict[UUID, Snapshot]
) -> tuple[dict[UUID, Refused], dict[UUID, Snapshot]]:
    """Return what would be refused, and how the others would stand."""
    refused = {
        one: Refused(question_id=one, refusal=NotFound())
        for one in question_ids
        if one not in before
    }
    return refused, {one: places.after(stands) for one, stands in before.items()}


def put(
    question_ids: Sequence[UUID], places: Places, *, by: Identity, at: datetime
) -> dict[UUID, Refused]:
    """Put many questions into other places; return what was refused.

    Raises:
        OperationItemUnknown: the catalogue of the day has no such item.
    """
    check_items(places.added, on=days.civil_day(at))
    before = of(question_ids, scope=by.scope(Permission.WRITE_QUESTIONS))
    refused, after = foresee(question_ids, places, before)
    changed = [one for one, stands in after.items() if stands != before[one]]
    for one in changed:
        _write_places(one, after[one])
    if changed:
        audit.append(
            "questions_placed",
            by=by,
            at=at,
            subject_kind="questions",
            subject_id=changed[0],
            after={**places.as_json(), "question_ids": [str(one) for one in changed]},
        )
    return refused


def put_back(
    rows: Iterable[tuple[UUID, Snapshot, Snapshot]], *, scope: Scope, since: datetime
) -> int:
    """Put questions back as they stood, where they still stand as they were left.

    Args:
        rows: question, how it stood before, and how the action left it.
        scope: whose questions.
        since: when the action was done; what exams or learners met since stays in use.
    """
    wanted = {question_id: (before, after) for question_id, before, after in rows}
    now = of(list(wanted), scope=scope)
    met = _met(list(wanted), since)
    done = 0
    for question_id, (before, after) in wanted.items():
        published = after["in_use"] is not None and after["in_use"] != before["in_use"]
        if now.get(question_id) != after or (published and question_id in met):
            continue
        _write_use(before, after)
        _write_places(question_id, before)
        done += 1
    return done


def _of(question_ids: Sequence[UUID], scope: Scope) -> dict[UUID, Snapshot]:
    version = QuestionVersion
    in_use = and_(
        version.question_id == Question.id,
        version.published_at.is_not(None),
        version.withdrawn_at.is_(None),
    )
    statement = (
        select(
            Question.id,
            Question.state,
            Question.newest,
            Question.for_practice,
            Question.for_exams,
            version.id.label("in_use"),
        )
        .join(QuestionBank, QuestionBank.id == Question.bank_id)
        .outerjoin(version, in_use)
        .where(Question.id.in_(question_ids), banks.owned_within(scope))
    )
    serves: dict[UUID, list[list[str]]] = {}
    tags = select(QuestionTag.question_id, QuestionTag.role, QuestionTag.operation_item)
    for one, role, item in db.session.execute(
        tags.where(QuestionTag.question_id.in_(question_ids))
    ):
        serves.setdefault(one, []).append([role.value, item])
    return {
        row.id: {
            "state": row.state.value,
            "newest": row.newest,
            "for_practice": row.for_practice,
            "for_exams": row.for_exams,
            "in_use": None if row.in_use is None else str(row.in_use),
            "serves": sorted(serves.get(row.id, [])),
        }
        for row in db.session.execute(statement)
    }


def _met(question_ids: Sequence[UUID], since: datetime) -> set[UUID]:
    """Return the questions that an exam or a learner has met since a moment."""
    found: set[UUID] = set()
    for some in _in_parts(question_ids):
        drawn = exists().where(QuestionUse.question_id == Question.id, QuestionUse.used_at >= since)
        practised = exists().where(
            PracticeResponse.question_id == Question.id, PracticeResponse.answered_at >= since
        )
        statement = select(Question.id).where(Question.id.in_(some), or_(drawn, practised))
        found |= set(db.session.execute(statement).scalars())
    return found


def _write_use(before: Snapshot, after: Snapshot) -> None:
    """Put the versions in use back: what the action published, and what it withdrew."""
    if before["in_use"] == after["in_use"]:
        return
    version = QuestionVersion
    if after["in_use"] is not None:
        of_it = update(version).where(version.id == UUID(after["in_use"]))
        _write(of_it.values(published_at=None, reviewer_id=None))
    if before["in_use"] is not None:
        _write(
            update(version).where(version.id == UUID(before["in_use"])).values(withdrawn_at=None)
        )


def _write_places(question_id: UUID, stands: Snapshot) -> None:
    """Write state, pools and tags of one question."""
    values = {name: stands[name] for name in ("state", "for_practice", "for_exams")}
    _write(update(Question).where(Question.id == question_id).values(**values))
    _write(delete(QuestionTag).where(QuestionTag.question_id == question_id))
    tags = [Tag(PostRole(role), item or None) for role, item in stands["serves"]]
    if tags:
        db.session.execute(insert(QuestionTag), tag_values(question_id, tags))


def _write(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))


def _in_parts(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
