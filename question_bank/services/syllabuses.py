"""Syllabuses (考试大纲): trees of topics, and from when they count."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, insert, select

from question_bank.models import Syllabus, SyllabusTopic
from question_bank.review_errors import SyllabusPublished, TopicTreeBroken
from question_bank.services import laws
from question_bank.services.questions import check_items
from question_bank.tags import Tag
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.organisations import services as organisations
from server.paging import Page, page
from server.people.roster import PostRole
from server.policy import Identity, Permission


@dataclass(frozen=True, kw_only=True)
class SyllabusDraft:
    """What a syllabus is for, and from when it is to count."""

    role: PostRole
    operation_item: str
    title: str
    owner_id: UUID
    from_on: date
    source: str


@dataclass(frozen=True, kw_only=True)
class TopicDraft:
    """A topic to stand in the tree; its parent comes before it."""

    id: UUID
    parent_id: UUID | None
    code: str
    name: str
    names: tuple[str, ...] = ()
    law_ids: tuple[UUID, ...] = ()
    article_ids: tuple[UUID, ...] = ()


def get(syllabus_id: UUID) -> Syllabus:
    """Return the syllabus.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(Syllabus, syllabus_id)
    if found is None:
        raise NotFound
    return found


def topics_of(syllabus_id: UUID) -> list[SyllabusTopic]:
    """Return the topics in reading order.

    Raises:
        NotFound: there is no such syllabus.
    """
    get(syllabus_id)
    statement = select(SyllabusTopic).where(SyllabusTopic.syllabus_id == syllabus_id)
    return list(db.session.execute(statement.order_by(SyllabusTopic.place)).scalars())


def listed(
    *,
    role: PostRole | None = None,
    operation_item: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of syllabuses, by the day from which they count."""
    statement = select(Syllabus)
    if role is not None:
        statement = statement.where(Syllabus.role == role)
    if operation_item is not None:
        statement = statement.where(Syllabus.operation_item == operation_item)
    return page(statement, [Syllabus.from_on, Syllabus.id], cursor=cursor, limit=limit)


def in_force(role: PostRole, operation_item: str, *, on: date) -> Syllabus:
    """Return the published syllabus that counts on a day.

    Raises:
        NotFound: none counts yet.
    """
    statement = (
        select(Syllabus)
        .where(
            Syllabus.role == role,
            Syllabus.operation_item == operation_item,
            Syllabus.published_at.is_not(None),
            Syllabus.from_on <= on,
        )
        .order_by(Syllabus.from_on.desc(), Syllabus.published_at.desc())
    )
    found = db.session.execute(statement.limit(1)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def write(syllabus_id: UUID, draft: SyllabusDraft, *, by: Identity, at: datetime) -> Syllabus:
    """Write a syllabus as a draft under the id given, or write it anew.

    Raises:
        NotFound: the owner lies outside the asker's scope.
        OperationItemUnknown: the catalogue of its first day has no such item.
        IdTaken: the one there belongs to somebody else.
        SyllabusPublished: it is in force, and does not change.
    """
    organisations.get(draft.owner_id, scope=by.scope(Permission.WRITE_QUESTIONS))
    known = db.session.get(Syllabus, syllabus_id)
    if known is not None and known.owner_id != draft.owner_id:
        raise IdTaken
    check_items([Tag(draft.role, draft.operation_item or None)], on=draft.from_on)
    values = {name: getattr(draft, name) for name in SyllabusDraft.__dataclass_fields__}
    if known is not None:
        if {name: getattr(known, name) for name in values} == values:
            return known
        _check_draft(known)
    made = known or Syllabus(id=syllabus_id, published_at=None)
    for name, value in values.items():
        setattr(made, name, value)
    made.written_at = at
    db.session.add(made)
    _tell("syllabus_written", made, by=by, at=at)
    return made


def write_topics(
    syllabus_id: UUID, topics: Sequence[TopicDraft], *, by: Identity, at: datetime
) -> list[SyllabusTopic]:
    """Write the whole tree of a draft, in reading order.

    Raises:
        NotFound: syllabus, law or article are not there, or out of the asker's scope.
        SyllabusPublished: it is in force, and does not change.
        TopicTreeBroken: a topic stands twice, or before its parent.
    """
    syllabus = _kept(syllabus_id, Permission.WRITE_QUESTIONS, by)
    _check_draft(syllabus)
    _check_tree(topics)
    for one in topics:
        for law_id in one.law_ids:
            laws.get(law_id)
        for article_id in one.article_ids:
            laws.article(article_id)
    db.session.execute(delete(SyllabusTopic).where(SyllabusTopic.syllabus_id == syllabus_id))
    if topics:
        rows = [_row(syllabus_id, place, one) for place, one in enumerate(topics, 1)]
        db.session.execute(insert(SyllabusTopic), rows)
    _tell("syllabus_topics_written", syllabus, by=by, at=at)
    return topics_of(syllabus_id)


def publish(syllabus_id: UUID, *, by: Identity, at: datetime) -> Syllabus:
    """Put a syllabus in force from its first day; again changes nothing.

    Raises:
        NotFound: it lies outside the asker's scope.
    """
    syllabus = _kept(syllabus_id, Permission.REVIEW_QUESTIONS, by)
    if syllabus.published_at is None:
        syllabus.published_at = at
        _tell("syllabus_published", syllabus, by=by, at=at)
    return syllabus


def _check_tree(topics: Collection[TopicDraft]) -> None:
    seen: set[UUID] = set()
    for one in topics:
        if one.id in seen or (one.parent_id is not None and one.parent_id not in seen):
            raise TopicTreeBroken(code=one.code)
        seen.add(one.id)


def _check_draft(syllabus: Syllabus) -> None:
    if syllabus.published_at is not None:
        raise SyllabusPublished


def _kept(syllabus_id: UUID, permission: Permission, by: Identity) -> Syllabus:
    syllabus = get(syllabus_id)
    organisations.get(syllabus.owner_id, scope=by.scope(permission))
    return syllabus


def _row(syllabus_id: UUID, place: int, one: TopicDraft) -> dict[str, object]:
    return {
        "id": one.id,
        "syllabus_id": syllabus_id,
        "parent_id": one.parent_id,
        "place": place,
        "code": one.code,
        "name": one.name,
        "names": list(one.names),
        "law_ids": [str(law_id) for law_id in one.law_ids],
        "article_ids": [str(article_id) for article_id in one.article_ids],
    }


def _tell(action: str, syllabus: Syllabus, *, by: Identity, at: datetime) -> None:
    db.session.flush()
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="syllabus",
        subject_id=syllabus.id,
        after={
            "title": syllabus.title,
            "role": syllabus.role.value,
            "operation_item": syllabus.operation_item,
            "from_on": syllabus.from_on.isoformat(),
        },
    )
