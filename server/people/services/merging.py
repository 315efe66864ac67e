"""Two entries of one human being become one file, and two again if that was wrong (档案合并).

Everything that names the merged entry is moved to the one that goes on, row by row, and written
down. Both entries keep what they say of themselves: documents, names, photos. The merged id goes
on answering with the other. An undo moves back exactly what was moved, so that nothing is lost.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, or_, select

from server.db import db
from server.errors import IdTaken, NotFound
from server.events import publish
from server.paging import Page, page
from server.people.errors import MergeCovered, MergedAlready, MergeUndone, OwnEntry
from server.people.events import PeopleMerged, PeopleMerging
from server.people.models import DoubleRuling, MergeMove, Person, PersonMerge, within
from server.people.services import doubles, people, references
from server.policy import Identity, Permission
from server.scopes import Scope


def merge(
    merge_id: UUID, *, kept_id: UUID, merged_id: UUID, reason: str, by: Identity, at: datetime
) -> PersonMerge:
    """Merge one entry into another. Sending the same twice is harmless.

    Args:
        merge_id: made by who asks.
        kept_id: the entry that goes on.
        merged_id: the entry that answers with it from now on.
        reason: on what it rests that both are one human being.
        by: who decides; both entries must be within their reach.
        at: the moment.

    Raises:
        NotFound: one of the entries is outside the asker's scope.
        IdTaken: another merge stands under this id.
        MergeUndone: this merge was taken back.
        MergedAlready: one of the two was merged before, or both are the same.
        OwnEntry: one of them is the asker's.
    """
    known = db.session.get(PersonMerge, merge_id)
    if known is not None:
        return _same(known, kept_id, merged_id, reason)
    kept, merged = _both(kept_id, merged_id, by)
    publish(PeopleMerging(kept_id=kept_id, merged_id=merged_id, at=at))
    made = PersonMerge(
        id=merge_id,
        kept_id=kept_id,
        merged_id=merged_id,
        reason=reason,
        merged_at=at,
        merged_by_id=by.account_id,
    )
    db.session.add(made)
    db.session.flush()
    made.moved_count, made.stayed_count = _move(made)
    merged.merged_into_id = kept_id
    doubles.rule_pair(kept_id, merged_id, DoubleRuling.SAME, by=by, at=at)
    db.session.flush()
    _tell("people_merged", kept, merged, made, by=by, at=at, reason=reason)
    db.session.expire_all()
    publish(PeopleMerged(kept_id=kept_id, merged_id=merged_id, at=at))
    return made


def undo(merge_id: UUID, *, reason: str, by: Identity, at: datetime) -> PersonMerge:
    """Take a merge back: every row that it moved is the first person's again.

    What was entered for the one that went on since then stays there: nobody can say whose it is.

    Raises:
        NotFound: there is no such merge within the asker's scope.
        MergeCovered: the entry was merged into another since.
        OwnEntry: one of them is the asker's.
    """
    made = get(merge_id, scope=by.scope(Permission.MERGE_PEOPLE))
    if made.undone_at is not None:
        return made
    kept = db.session.get_one(Person, made.kept_id)
    merged = db.session.get_one(Person, made.merged_id)
    if by.person_id in (kept.id, merged.id):
        raise OwnEntry
    if kept.merged_into_id is not None:
        raise MergeCovered
    publish(PeopleMerging(kept_id=kept.id, merged_id=merged.id, at=at))
    merged.merged_into_id = None
    made.undone_at, made.undone_by_id, made.undo_reason = at, by.account_id, reason
    doubles.rule_pair(kept.id, merged.id, DoubleRuling.DIFFERENT, by=by, at=at)
    db.session.flush()
    _move_back(made)
    _tell("merge_undone", kept, merged, made, by=by, at=at, reason=reason)
    db.session.expire_all()
    publish(PeopleMerged(kept_id=made.kept_id, merged_id=made.merged_id, at=at))
    return made


def gather() -> int:
    """Move what was written under a merged entry since, by whoever still knew its old id."""
    done = 0
    standing = select(PersonMerge).where(PersonMerge.undone_at.is_(None))
    for made in db.session.execute(standing).scalars().all():
        moved, _ = _move(made)
        made.moved_count += moved
        done += moved
    if done:
        db.session.flush()
        db.session.expire_all()
    return done


def get(merge_id: UUID, *, scope: Scope) -> PersonMerge:
    """Return a merge.

    Raises:
        NotFound: there is none, or its people lie outside the scope.
    """
    found = db.session.get(PersonMerge, merge_id)
    if found is None:
        raise NotFound
    people.get(found.kept_id, scope=scope)
    return found


def listed(
    scope: Scope,
    *,
    undone: bool | None = None,
    name: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the merges of people within the scope, the newest first.

    Args:
        scope: where the asker decides.
        undone: only those that were taken back, or that stand.
        name: a part of the name of either entry.
        cursor: where the page begins.
        limit: merges on the page.
    """
    statement = select(PersonMerge)
    if not scope.everywhere:
        seen = select(Person.id).where(within(scope))
        statement = statement.where(PersonMerge.kept_id.in_(seen))
    if undone is not None:
        statement = statement.where(PersonMerge.undone_at.is_not(None) == undone)
    if name is not None:
        named = select(Person.id).where(Person.name.contains(name, autoescape=True))
        either = or_(PersonMerge.kept_id.in_(named), PersonMerge.merged_id.in_(named))
        statement = statement.where(either)
    order = [PersonMerge.merged_at, PersonMerge.id]
    return page(statement, order, cursor=cursor, limit=limit, descending=True)


def _both(kept_id: UUID, merged_id: UUID, by: Identity) -> tuple[Person, Person]:
    scope = by.scope(Permission.MERGE_PEOPLE)
    for each in (kept_id, merged_id):
        people.get(each, scope=scope)
    if by.person_id in (kept_id, merged_id):
        raise OwnEntry
    rows = select(Person).where(Person.id.in_([kept_id, merged_id])).order_by(Person.id)
    locked = rows.with_for_update().execution_options(populate_existing=True)
    both = {person.id: person for person in db.session.execute(locked).scalars()}
    if len(both) < 2 or any(person.merged_into_id is not None for person in both.values()):
        raise MergedAlready
    return both[kept_id], both[merged_id]


def _move(made: PersonMerge) -> tuple[int, int]:
    """Move every row; return how many moved and how many stayed."""
    connection = db.session.connection()
    moved_count = stayed_count = 0
    for reference in references.references():
        moved, stayed = references.move(
            connection, reference, from_id=made.merged_id, to_id=made.kept_id
        )
        stayed_count += stayed
        moved_count += len(moved)
        if moved:
            rows = [{"merge_id": made.id, "place": reference.place, "key": key} for key in moved]
            db.session.execute(insert(MergeMove), rows)
    return moved_count, stayed_count


def _move_back(made: PersonMerge) -> None:
    connection = db.session.connection()
    listed = select(MergeMove.place, MergeMove.key).where(MergeMove.merge_id == made.id)
    by_place: dict[str, list[str]] = {}
    for place, key in db.session.execute(listed.order_by(MergeMove.place, MergeMove.key)):
        by_place.setdefault(place, []).append(key)
    for reference in references.references():
        keys = by_place.get(reference.place, [])
        references.move_back(
            connection, reference, keys, from_id=made.kept_id, to_id=made.merged_id
        )


def _same(known: PersonMerge, kept_id: UUID, merged_id: UUID, reason: str) -> PersonMerge:
    if (known.kept_id, known.merged_id, known.reason) != (kept_id, merged_id, reason):
        raise IdTaken
    if known.undone_at is not None:
        raise MergeUndone
    return known


def _tell(
    action: str,
    kept: Person,
    merged: Person,
    made: PersonMerge,
    *,
    by: Identity,
    at: datetime,
    reason: str,
) -> None:
    after = {
        "merge_id": made.id,
        "kept_id": kept.id,
        "merged_id": merged.id,
        "moved_count": made.moved_count,
        "stayed_count": made.stayed_count,
    }
    for person in (kept, merged):
        people.tell(action, person, by=by, at=at, after=after, reason=reason)
