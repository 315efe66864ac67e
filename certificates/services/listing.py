"""The public list of broken trust: announced, appealed against, decided by another (失信名单)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from certificates.acting_errors import (
    AppealDecided,
    AppealMissing,
    ListedByOneself,
    ListingUnfit,
)
from certificates.models import CreditListing
from certificates.services import following_up, units
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, Message, NotFound
from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.paging import Page, page
from server.people.models import Person
from server.people.services import people
from server.policy import Identity, Permission
from server.regions.models import Region


@dataclass(frozen=True, kw_only=True)
class Listed:
    """An entry as everybody may read it: of people, only the first sign of the name."""

    id: UUID
    #: `organisation` or `person`.
    subject: str
    name: str
    region: str
    ground: str
    from_on: date
    until_on: date
    appealed: bool


def enter(
    listing_id: UUID,
    *,
    organisation_id: UUID | None,
    person_id: UUID | None,
    region_id: UUID,
    ground: str,
    from_on: date,
    until_on: date,
    by: Identity,
    at: datetime,
    on: date,
) -> CreditListing:
    """Announce that an enterprise or a person will stand on the list; again changes nothing.

    It becomes public on its first day, which lies ahead: until then it can be appealed against.

    Raises:
        NotFound: the region, the enterprise or the person lies outside the asker's scope.
        IdTaken: another entry stands under this id.
        ListingUnfit: it names both or neither, is public at once, or ends before it begins.
    """
    scope = by.scope(Permission.ACT_ON_COVERAGE)
    unit = units.unit(region_id=region_id, organisation_id=None, scope=scope)
    values = {
        "organisation_id": organisation_id,
        "person_id": person_id,
        "region_id": region_id,
        "ground": ground,
        "from_on": from_on,
        "until_on": until_on,
    }
    known = db.session.get(CreditListing, listing_id)
    if known is not None:
        if any(getattr(known, name) != value for name, value in values.items()):
            raise IdTaken
        return known
    if (organisation_id is None) == (person_id is None) or not on < from_on < until_on:
        raise ListingUnfit
    if organisation_id is not None:
        organisations.get(organisation_id, scope=scope)
    if person_id is not None:
        people.get(person_id, scope=scope)
    made = CreditListing(id=listing_id, **values, listed_at=at, listed_by_id=by.account_id)
    db.session.add(made)
    db.session.flush()
    _tell("credit_listing_entered", made, unit.path, {"ground": ground}, by=by, at=at)
    words = Message(
        zh=f"拟自 {from_on} 起公布：{ground}。如有异议，请在公布前申诉。",
        en=f"It is to be public from {from_on} on: {ground}. You may appeal before.",
    )
    following_up.tell_of_listing(made, "announced", words, at=at)
    return made


def appeal(listing_id: UUID, *, words: str, by: Identity, at: datetime) -> CreditListing:
    """Appeal against an entry: the person themselves, or who answers for the enterprise.

    Raises:
        NotFound: it is neither their own nor of an enterprise in their scope.
        AppealDecided: an appeal was decided already.
    """
    found = db.session.get(CreditListing, listing_id)
    if found is None or not _concerns(found, by):
        raise NotFound
    if found.decided_at is not None:
        raise AppealDecided
    found.appeal, found.appealed_at, found.appealed_by_id = words, at, by.account_id
    db.session.flush()
    _tell("credit_listing_appealed", found, _path(found), {"appeal": words}, by=by, at=at)
    return found


def decide(
    listing_id: UUID, *, removed: bool, words: str, by: Identity, at: datetime
) -> CreditListing:
    """Decide an appeal: somebody else than who entered it.

    Raises:
        NotFound: the entry lies outside the asker's scope.
        AppealMissing: nobody has appealed.
        AppealDecided: it was decided otherwise.
        ListedByOneself: who entered it does not decide.
    """
    found = db.session.get(CreditListing, listing_id)
    if found is None:
        raise NotFound
    scope = by.scope(Permission.ACT_ON_COVERAGE)
    units.unit(region_id=found.region_id, organisation_id=None, scope=scope)
    if found.appealed_at is None:
        raise AppealMissing
    if found.listed_by_id == by.account_id:
        raise ListedByOneself
    if found.decided_at is not None:
        if (found.removed, found.decision) != (removed, words):
            raise AppealDecided
        return found
    found.removed, found.decision = removed, words
    found.decided_at, found.decided_by_id = at, by.account_id
    db.session.flush()
    _tell("credit_listing_decided", found, _path(found), {"removed": removed}, by=by, at=at)
    said = Message(
        zh=f"申诉{'成立，不予公布' if removed else '不成立'}：{words}",
        en=f"Your appeal was {'followed' if removed else 'not followed'}: {words}",
    )
    following_up.tell_of_listing(found, "decided", said, at=at)
    return found


def public(*, on: date, cursor: str | None = None, limit: int = 50) -> Page:
    """Return a page of the entries that everybody may read on a day."""
    entry = CreditListing
    statement = select(entry).where(
        entry.from_on <= on,
        entry.until_on > on,
        or_(entry.removed.is_(None), entry.removed.is_(False)),
    )
    found = page(statement, [entry.from_on, entry.id], cursor=cursor, limit=limit)
    return Page(items=[_shown(each) for each in found.items], next_cursor=found.next_cursor)


def masked(name: str) -> str:
    """Return a person's name as the public may read it: 王某某."""
    return name[:1] + "某" * (len(name) - 1)


def _shown(entry: CreditListing) -> Listed:
    if entry.organisation_id is not None:
        subject, name = "organisation", db.session.get_one(Organisation, entry.organisation_id).name
    else:
        subject, name = "person", masked(db.session.get_one(Person, entry.person_id).name)
    return Listed(
        id=entry.id,
        subject=subject,
        name=name,
        region=db.session.get_one(Region, entry.region_id).name,
        ground=entry.ground,
        from_on=entry.from_on,
        until_on=entry.until_on,
        appealed=entry.appealed_at is not None,
    )


def _concerns(entry: CreditListing, by: Identity) -> bool:
    if entry.person_id is not None:
        return entry.person_id == by.person_id
    place = db.session.get_one(Organisation, entry.organisation_id)
    region_path = organisations.region_path_of(place)
    scope = by.scope(Permission.SEE_COVERAGE)
    return scope.holds(organisation_path=place.path, region_path=region_path)


def _path(entry: CreditListing) -> str:
    return db.session.get_one(Region, entry.region_id).path


def _tell(
    action: str,
    entry: CreditListing,
    region_path: str,
    after: dict[str, object],
    *,
    by: Identity,
    at: datetime,
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="credit_listing",
        subject_id=entry.id,
        before=None,
        after=after,
        region_path=region_path,
    )
