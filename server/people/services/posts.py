"""Posts: who holds which, where, from when to when (岗位登记)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from server import catalogue
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.events import publish
from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.organisations.models import within as organisations_within
from server.paging import Page, page
from server.people import roster
from server.people.drafts import PostDraft
from server.people.errors import PostEnded, PostSpanEmpty
from server.people.events import PostAssigned
from server.people.models import Post
from server.people.roster import Holding, PostRole
from server.people.services import people
from server.policy import Identity, Permission
from server.regions.models import beneath
from server.scopes import EVERYWHERE, Scope

#: Whoever is shown a post reads whose it is and where.
_NAMED = (joinedload(Post.person, innerjoin=True), joinedload(Post.organisation, innerjoin=True))


def get(post_id: UUID, *, scope: Scope = EVERYWHERE) -> Post:
    """Return the post.

    Raises:
        NotFound: there is none at an organisation within the scope.
    """
    found = db.session.execute(
        select(Post).where(Post.id == post_id, _within(scope)).options(*_NAMED)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def of(person_id: UUID) -> list[Post]:
    """Return every post the person holds or ever held, the earliest first."""
    statement = select(Post).where(Post.person_id == person_id)
    return list(db.session.execute(statement.order_by(Post.from_on, Post.id)).scalars())


def held(person_id: UUID, *, on: date) -> list[Post]:
    """Return the posts that the person holds on the day."""
    statement = select(Post).where(Post.person_id == person_id, is_held(on))
    return list(db.session.execute(statement.order_by(Post.from_on, Post.id)).scalars())


def under(organisation_id: UUID, *, on: date) -> list[Post]:
    """Return the posts held on the day at an organisation or anything beneath it.

    Raises:
        NotFound: there is no such organisation.
    """
    path = organisations.get(organisation_id).path
    statement = (
        select(Post)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(beneath(Organisation.path, path), is_held(on))
    )
    return list(db.session.execute(statement.order_by(Post.person_id, Post.id)).scalars())


def is_held(on: date) -> ColumnElement[bool]:
    """Return the condition that a post is held on the day."""
    return and_(Post.from_on <= on, or_(Post.until_on.is_(None), Post.until_on > on))


def listed(
    scope: Scope,
    *,
    person_id: UUID | None = None,
    organisation_id: UUID | None = None,
    role: PostRole | None = None,
    on: date | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the posts at organisations within the scope, the earliest first.

    Args:
        scope: where the asker may see people.
        person_id: only posts of this person.
        organisation_id: only posts there or beneath.
        role: only posts of this role.
        on: only posts held on this day; None lists those of any time.
        cursor: where the page begins.
        limit: posts on the page.

    Raises:
        NotFound: there is no such organisation.
    """
    statement = select(Post).where(_within(scope)).options(*_NAMED)
    if person_id is not None:
        statement = statement.where(Post.person_id == person_id)
    if organisation_id is not None:
        path = organisations.get(organisation_id).path
        statement = statement.where(_within(Scope(organisation_paths=(path,))))
    if role is not None:
        statement = statement.where(Post.role == role)
    if on is not None:
        statement = statement.where(is_held(on))
    return page(statement, [Post.from_on, Post.id], cursor=cursor, limit=limit)


def assign(
    post_id: UUID,
    draft: PostDraft,
    *,
    document_number: str | None = None,
    by: Identity,
    at: datetime,
) -> Post:
    """Enter that a person holds a post, under the id given. The same again changes nothing.

    Args:
        post_id: the id the client made.
        draft: who, what, where and when.
        document_number: the person's number, for somebody whom the asker does not see yet.
        by: who asks.
        at: the moment.

    Raises:
        NotFound: the organisation or the person is outside the asker's scope.
        IdTaken: another post stands under this id. A post is not rewritten: end it, enter another.
        PostSpanEmpty, ItemsUnfit, PostOverlaps: the post breaks a rule of the roster.
    """
    scope = by.scope(Permission.MANAGE_POSTS)
    place = organisations.get(draft.organisation_id, scope=scope)
    known = db.session.get(Post, post_id)
    if known is not None:
        return _same(get(post_id), draft)
    person = people.get_proven(draft.person_id, document_number, scope=scope)
    beside = [one.holding for one in of(person.id) if one.organisation_id == place.id]
    post = made(post_id, person.id, draft, beside=beside, at=at)
    db.session.add(post)
    db.session.flush()
    announce(post, by=by, at=at)
    return get(post_id)


def made(
    post_id: UUID, person_id: UUID, draft: PostDraft, *, beside: Sequence[Holding], at: datetime
) -> Post:
    """Return a new post as a draft says, which is not stored yet.

    Args:
        post_id: the id the client made.
        person_id: who holds it.
        draft: what, where and when.
        beside: what the person holds at the same place.
        at: the moment.

    Raises:
        PostSpanEmpty, ItemsUnfit, PostOverlaps: the post breaks a rule of the roster.
    """
    holding = draft.holding
    unknown = catalogue.unknown(draft.items, draft.from_on)
    roster.check(holding, beside=beside, unknown=unknown)
    return Post(
        id=post_id,
        person_id=person_id,
        organisation_id=draft.organisation_id,
        role=draft.role,
        items=sorted(holding.items),
        from_on=draft.from_on,
        until_on=draft.until_on,
        recorded_at=at,
    )


def announce(post: Post, *, by: Identity, at: datetime) -> None:
    """Tell the audit and the other parts of a post that was just stored.

    Raises:
        DomainError: another part refuses it.
    """
    _tell("post_assigned", post, by=by, at=at, before=None)
    publish(
        PostAssigned(
            post_id=post.id,
            person_id=post.person_id,
            organisation_id=post.organisation_id,
            role=post.role.value,
            from_on=post.from_on,
            at=at,
        )
    )


def end(
    post_id: UUID,
    *,
    until_on: date,
    reason: str | None = None,
    on: date,
    by: Identity,
    at: datetime,
) -> Post:
    """End a post: `until_on` is the first day on which it is no longer held.

    A post entered by mistake is ended on the day it began, and then was held on no day. An end
    that has not come yet may be moved.

    Raises:
        NotFound: the post is outside the asker's scope.
        PostSpanEmpty: the end lies before the beginning.
        PostEnded: it ended already, on another day.
    """
    post = get(post_id, scope=by.scope(Permission.MANAGE_POSTS))
    if post.until_on == until_on:
        return post
    if post.until_on is not None and post.until_on <= on:
        raise PostEnded
    if until_on < post.from_on:
        raise PostSpanEmpty
    before = _shown(post)
    post.until_on = until_on
    db.session.flush()
    _tell("post_ended", post, by=by, at=at, before=before, reason=reason)
    return post


def _within(scope: Scope) -> ColumnElement[bool]:
    visible = select(Organisation.id).where(organisations_within(scope))
    return Post.organisation_id.in_(visible)


def _same(known: Post, draft: PostDraft) -> Post:
    same = (
        known.person_id == draft.person_id
        and known.organisation_id == draft.organisation_id
        and known.role is draft.role
        and set(known.items) == set(draft.items)
        and known.from_on == draft.from_on
        # An end entered since then is no reason to refuse the first request sent again.
        and (draft.until_on is None or known.until_on == draft.until_on)
    )
    if not same:
        raise IdTaken
    return known


def _shown(post: Post) -> dict[str, Any]:
    return {
        "person_id": post.person_id,
        "organisation_id": post.organisation_id,
        "role": post.role,
        "items": post.items,
        "from_on": post.from_on,
        "until_on": post.until_on,
    }


def _tell(action: str, post: Post, *, by: Identity, at: datetime, **told: Any) -> None:
    place = db.session.get_one(Organisation, post.organisation_id)
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="post",
        subject_id=post.id,
        after=_shown(post),
        organisation_path=place.path,
        region_path=organisations.region_path_of(place),
        **told,
    )
