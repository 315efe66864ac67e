"""Letting go of what the law no longer asks for: listed first, held where need be (到期销毁)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from server.audit import services as audit
from server.db import db
from server.errors import NotFound
from server.lots import lots
from server.paging import Page, page
from server.people.models import Person, Post, within
from server.people.services import people
from server.policy import Identity, Permission
from server.records import plain_file, retention
from server.records.models import Record, RetiredRecord
from server.records.retention import Retention
from server.records.services import files, ledger
from server.scopes import Scope

#: People whose entries are listed, and entries let go of, in one turn.
_PEOPLE, _ENTRIES = 200, 500

#: People whose roles are asked for in one statement.
_AT_ONCE = 2_000


def announce(*, at: datetime, on: date) -> int:
    """List the entries whose years are over; return how many were added to the list.

    Only people who hold no post any more are looked at: the years begin when they left the last.
    """
    added = people_count = 0
    for person_id, rule in _due(on):
        before = added
        for record in _going(person_id, on, rule.years):
            db.session.add(_announced(record, rule, at=at, on=on))
            added += 1
        people_count += added > before
        if people_count == _PEOPLE:
            break
    db.session.flush()
    return added


def _announced(record: Record, rule: Retention, *, at: datetime, on: date) -> RetiredRecord:
    line = next(files.lines_of([ledger.row_of(record)]))
    return RetiredRecord(
        record_id=record.id,
        person_id=record.person_id,
        kind=record.kind,
        happened_on=record.happened_on,
        rule=rule.code,
        line_hash=plain_file.hash_of(plain_file.line_told(line)),
        announced_at=at,
        due_on=on + retention.NOTICE,
    )


def let_go(*, at: datetime, on: date) -> int:
    """Let go of what was listed long enough and is not held; return how many entries went.

    An entry that something else rests on stays.
    """
    statement = (
        select(RetiredRecord)
        .where(
            RetiredRecord.due_on <= on,
            RetiredRecord.retired_at.is_(None),
            RetiredRecord.held_reason.is_(None),
        )
        .order_by(RetiredRecord.due_on, RetiredRecord.record_id)
        .limit(_ENTRIES)
    )
    listed = {one.record_id: one for one in db.session.execute(statement).scalars()}
    gone = 0
    # A correction goes before what it corrects.
    newest_first = (
        select(Record.id).where(Record.id.in_(listed)).order_by(Record.recorded_at.desc())
    )
    for record_id in db.session.execute(newest_first).scalars().all():
        if _delete(record_id):
            listed[record_id].retired_at = at
            gone += 1
        else:
            listed[record_id].held_reason = "仍被其他记录引用 something else rests on it"
    if gone:
        audit.append(
            "file_entries_retired",
            by=None,
            at=at,
            subject_kind="retention",
            subject_id=next(iter(listed)),
            after={"count": gone},
        )
    db.session.flush()
    return gone


def listed(scope: Scope, *, cursor: str | None = None, limit: int = 50) -> Page:
    """Return a page of what is to be let go of, of people within the scope, the next first."""
    statement = (
        select(RetiredRecord)
        .join(Person, Person.id == RetiredRecord.person_id)
        .where(RetiredRecord.retired_at.is_(None), within(scope))
    )
    keys = [RetiredRecord.due_on, RetiredRecord.record_id]
    return page(statement, keys, cursor=cursor, limit=limit)


def hold(record_id: UUID, *, reason: str, by: Identity, at: datetime) -> RetiredRecord:
    """Keep an entry in spite of its years: a dispute, an inquiry.

    Raises:
        NotFound: it is not on the list, is gone, or its person is outside the asker's scope.
    """
    found = db.session.get(RetiredRecord, record_id)
    if found is None or found.retired_at is not None:
        raise NotFound
    person = people.get(found.person_id, scope=by.scope(Permission.WRITE_FILES))
    if found.held_reason != reason:
        found.held_reason = reason
        after = {"record_id": record_id}
        people.tell("file_entry_held", person, by=by, at=at, after=after, reason=reason)
        db.session.flush()
    return found


def _due(on: date) -> Iterator[tuple[UUID, Retention]]:
    """Yield who left the last post long enough ago, with the rule that says so."""
    for some in lots(_gone(on), _AT_ONCE):
        roles = _roles([person_id for person_id, _ in some])
        for person_id, left_on in some:
            rule = retention.rule_for(frozenset(roles.get(person_id, ())), on=on)
            if rule is not None and retention.kept_until(left_on, rule.years) < on:
                yield person_id, rule


def _gone(on: date) -> list[tuple[UUID, date]]:
    """Return who holds no post any more and has entries that go, and when they left the last."""
    # One pass over the posts, then their files one by one: held against each other as two lists,
    # a million posts would keep the database busy for hours.
    latest = on - retention.shortest(on=on)
    left = (
        select(Post.person_id, func.max(Post.until_on).label("left_on"))
        .group_by(Post.person_id)
        .having(
            func.count() == func.count(Post.until_on),
            func.max(Post.until_on) < latest,
        )
        .subquery()
    )
    listed = select(RetiredRecord.record_id).where(RetiredRecord.record_id == Record.id)
    waiting = select(Record.id).where(
        Record.person_id == left.c.person_id,
        Record.kind.in_(retention.GOES),
        Record.happened_on < latest,
        ~listed.exists(),
    )
    first = (
        select(left.c.person_id, left.c.left_on)
        .where(waiting.exists())
        .order_by(left.c.left_on, left.c.person_id)
    )
    return [(person_id, left_on) for person_id, left_on in db.session.execute(first)]


def _roles(person_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    statement = select(Post.person_id, Post.role).where(Post.person_id.in_(person_ids))
    for person_id, role in db.session.execute(statement):
        found.setdefault(person_id, set()).add(role.value)
    return found


def _going(person_id: UUID, on: date, years: int) -> Iterator[Record]:
    known = set(
        db.session.execute(
            select(RetiredRecord.record_id).where(RetiredRecord.person_id == person_id)
        ).scalars()
    )
    for record in ledger.of(person_id):
        over = retention.kept_until(record.happened_on, years) < on
        if record.kind in retention.GOES and over and record.id not in known:
            yield record


def _delete(record_id: UUID) -> bool:
    # The ledger refuses to forget through the session; only this room may, and past it.
    table = Record.__table__
    try:
        with db.session.begin_nested():
            db.session.execute(delete(table).where(table.c.id == record_id))  # type: ignore[arg-type]  # a Table
    except IntegrityError:
        return False
    return True
