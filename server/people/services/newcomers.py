"""People whom nobody has registered before, many at a time, with the posts they take up (批量新增).

An enterprise that brings ten thousand people brings mostly such: to look for each by itself, and
to write each by itself, is nearly all that entering them costs. Nothing is decided otherwise than
for one at a time; whoever is not plainly new is left to that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from server.db import db
from server.errors import DomainError
from server.people.drafts import PersonDraft, PostDraft
from server.people.models import Person, Post
from server.people.services import crowds, drafted, people, posts
from server.policy import Identity


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Somebody who may be new."""

    #: The id under which the person would be registered.
    id: UUID
    draft: PersonDraft
    #: The post they take up, under its id; None for no post.
    post: tuple[UUID, PostDraft] | None = None


def register(asked: Sequence[Newcomer], *, by: Identity, at: datetime) -> set[UUID]:
    """Register those who are plainly new; return their ids.

    Left out are all who are known by id or document, who stand there twice, or whom a rule
    refuses: entered one at a time, each is answered for itself. That the asker may register
    people and assign posts at these places was made sure of before.

    Raises:
        DomainError: another part refuses one of the posts; none of them may be kept then.
        IntegrityError: somebody else registered one of them just now; likewise.
    """
    made: list[tuple[Person, Post | None]] = []
    for one in _unknown(asked):
        try:
            made.append(_made(one, at))
        except DomainError:
            continue
    taken_up = [post for _, post in made if post is not None]
    for things in ([person for person, _ in made], taken_up):
        db.session.add_all(things)
        db.session.flush()
    for person, _ in made:
        after = people.shown(person)
        people.tell("person_registered", person, by=by, at=at, before=None, after=after)
    for post in taken_up:
        posts.announce(post, by=by, at=at)
    return {person.id for person, _ in made}


def _made(one: Newcomer, at: datetime) -> tuple[Person, Post | None]:
    person = drafted.made(one.id, one.draft, at=at)
    if one.post is None:
        return person, None
    post_id, draft = one.post
    return person, posts.made(post_id, person.id, draft, beside=(), at=at)


def _unknown(asked: Sequence[Newcomer]) -> list[Newcomer]:
    """Return those whom neither id nor document finds, the first of each document."""
    first: dict[crowds.Document, Newcomer] = {}
    for one in asked:
        number = one.draft.document_number
        if number is not None:
            first.setdefault((one.draft.document_type, number), one)
    registered: Mapping[crowds.Document, Person] = crowds.by_document(first)
    new = [one for document, one in first.items() if document not in registered]
    taken = _taken(Person.id, [one.id for one in new])
    posts_taken = _taken(Post.id, [one.post[0] for one in new if one.post is not None])
    return [
        one
        for one in new
        if one.id not in taken and (one.post is None or one.post[0] not in posts_taken)
    ]


def _taken(column: InstrumentedAttribute[UUID], ids: Collection[UUID]) -> set[UUID]:
    return set(db.session.scalars(select(column).where(column.in_(ids)))) if ids else set()
