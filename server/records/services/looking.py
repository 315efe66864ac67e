"""Looking at somebody's file: what one may read, by whose consent, and that one did (查阅档案)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from server.db import db
from server.errors import NotFound
from server.organisations.models import Organisation
from server.paging import Page, page
from server.people.models import Person, Post
from server.people.services import people, posts
from server.policy import Identity, Permission
from server.records import visibility
from server.records.models import FileAccess, FileConsent, Looking
from server.records.services import consents, files
from server.records.services.files import TrainingFile
from server.records.visibility import Viewer
from server.regions.models import Region
from server.scopes import Scope

#: What is written down where nobody says why they look.
USUAL_PURPOSE = "履行安全生产管理职责 performing safety duties"


@dataclass(frozen=True, kw_only=True)
class _Place:
    """An organisation of the viewer's that the file speaks of."""

    id: UUID
    name: str
    #: Whether it is reached by region: then the viewer is a bureau.
    by_region: bool


def look(
    person_id: UUID,
    *,
    by: Identity,
    purpose: str | None = None,
    looking: Looking = Looking.READ,
    permission: Permission = Permission.SEE_FILES,
    at: datetime,
    on: date,
) -> TrainingFile:
    """Return the part of a file that the asker may read, and write down that they did.

    Raises:
        NotFound: there is nobody of this id within the asker's scope, and no consent stands.
    """
    scope = by.scope(permission)
    consent = consents.standing(person_id, scope=scope, on=on)
    try:
        person = people.get(person_id, scope=scope)
    except NotFound:
        if consent is None:
            raise
        person = people.get(person_id)
    held = posts.of(person.id)
    viewer, name = _viewer(person, held, consent, scope)
    whole = files.of(person, held, at=at, on=on)
    found = visibility.shown(whole.lines, viewer)
    db.session.add(
        FileAccess(
            person_id=person.id,
            account_id=by.account_id,
            looking=looking,
            organisation=name,
            purpose=purpose or (consent.purpose if consent else USUAL_PURPOSE),
            consent_id=consent.id if consent else None,
            withheld_count=found.withheld_count,
            at=at,
        )
    )
    db.session.flush()
    return replace(whole, lines=found.lines, withheld_count=found.withheld_count)


def accesses(person_id: UUID, *, cursor: str | None = None, limit: int = 50) -> Page:
    """Return a page of who looked at a file, the newest first."""
    statement = select(FileAccess).where(FileAccess.person_id == person_id)
    keys = [FileAccess.at, FileAccess.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def _viewer(
    person: Person, held: list[Post], consent: FileConsent | None, scope: Scope
) -> tuple[Viewer, str | None]:
    """Return what the asker is to the person, and the name of the organisation they ask for."""
    if scope.everywhere:
        return Viewer(sees_all=True), None
    wanted = {person.registered_under_id, *(post.organisation_id for post in held)}
    wanted |= {consent.organisation_id} if consent else set()
    places = {place.id: place for place in _places(wanted, scope)}
    name = min((place.name for place in places.values()), default=None)
    consented = None if consent is None else tuple(consent.kinds)
    keeps = person.registered_under_id in places
    return (
        Viewer(
            sees_all=keeps or any(place.by_region for place in places.values()),
            organisation_ids=frozenset(_teaching(scope) | {str(one) for one in places}),
            worked=tuple(
                (post.from_on, post.until_on or date.max)
                for post in held
                if post.organisation_id in places
            ),
            consented=consented,
        ),
        name,
    )


def _places(wanted: set[UUID], scope: Scope) -> list[_Place]:
    statement = (
        select(Organisation.id, Organisation.name, Organisation.path, Region.path)
        .join(Region, Region.id == Organisation.region_id)
        .where(Organisation.id.in_(wanted))
    )
    found = []
    for one, name, path, region_path in db.session.execute(statement):
        by_region = scope.holds(organisation_path=None, region_path=region_path)
        if by_region or scope.holds(organisation_path=path, region_path=None):
            found.append(_Place(id=one, name=name, by_region=by_region))
    return found


def _teaching(scope: Scope) -> set[str]:
    """Return the organisations that the scope is rooted in: what they stated is theirs to read."""
    return {path.rstrip("/").rsplit("/", 1)[-1] for path in scope.organisation_paths}
