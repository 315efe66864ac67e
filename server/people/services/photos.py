"""Photos of people: kept once by their content (照片服务)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, select

from server import days
from server.db import db
from server.errors import NotFound
from server.people import photos
from server.people.models import Person, Photo
from server.people.services import people
from server.policy import Identity, Permission
from server.scopes import Scope


def of(person_id: UUID, *, scope: Scope) -> Photo:
    """Return the person's photo.

    Raises:
        NotFound: the person is outside the scope or has no photo.
    """
    return _of(people.get(person_id, scope=scope))


def keep(person_id: UUID, content: bytes, *, by: Identity, at: datetime) -> Photo:
    """Keep a photo as the person's; one that nobody has any more is forgotten.

    Raises:
        NotFound: the person is outside the asker's scope.
        NotAllowed: the person is visible, and not the asker's to change.
        PhotoRefused: the bytes are no photo that can be kept.
    """
    scope = by.scope(Permission.MANAGE_PEOPLE)
    person = people.get_kept(person_id, scope=scope, on=days.civil_day(at))
    sound = photos.read(content)
    if person.photo_hash == sound.hash:
        return _of(person)
    if db.session.get(Photo, sound.hash) is None:
        kept = Photo(hash=sound.hash, media_type=sound.media_type, content=sound.content)
        db.session.add(kept)
        db.session.flush()
    earlier, person.photo_hash = person.photo_hash, sound.hash
    db.session.flush()
    if earlier is not None:
        still = exists().where(Person.photo_hash == earlier)
        db.session.execute(delete(Photo).where(Photo.hash == earlier, ~still))
    people.tell(
        "photo_kept",
        person,
        by=by,
        at=at,
        before={"photo_hash": earlier},
        after={"photo_hash": sound.hash},
    )
    return _of(person)


def _of(person: Person) -> Photo:
    found = db.session.execute(
        select(Photo).where(Photo.hash == person.photo_hash)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found
