"""Consents: whom a person lets read their file, why, what of it, and until when (查阅授权)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from server import days
from server.audit import masking
from server.audit import services as audit
from server.audit.errors import NumberNotMasked
from server.db import db
from server.errors import IdTaken, NotFound
from server.organisations import services as organisations
from server.organisations.models import Organisation, within
from server.paging import Page, page
from server.people.models import Person
from server.policy import Identity
from server.records.errors import ConsentOver
from server.records.models import FileConsent
from server.scopes import Scope

#: How far ahead a consent may end.
_LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True, kw_only=True)
class ConsentDraft:
    """What a person consents to."""

    organisation_id: UUID
    purpose: str
    until_on: date
    #: Kinds of lines; empty for all.
    kinds: tuple[str, ...] = ()


def give(consent_id: UUID, draft: ConsentDraft, *, by: Identity, at: datetime) -> FileConsent:
    """Let an organisation read one's own file. Sending the same twice is harmless.

    Raises:
        NotFound: there is no such organisation.
        ConsentOver: it would end before today, or in more than three years.
        IdTaken: another consent stands under this id.
        NumberNotMasked: an identity number stands in the purpose.
    """
    today = days.civil_day(at)
    place = organisations.get(draft.organisation_id)
    values = {
        "person_id": by.person_id,
        "organisation_id": place.id,
        "purpose": draft.purpose,
        "kinds": sorted(draft.kinds),
        "until_on": draft.until_on,
    }
    known = db.session.get(FileConsent, consent_id)
    if known is not None:
        if any(getattr(known, name) != value for name, value in values.items()):
            raise IdTaken
        return known
    if not today <= draft.until_on <= today + _LONGEST:
        raise ConsentOver
    if masking.looks_like_an_id_number(draft.purpose):
        raise NumberNotMasked
    made = FileConsent(id=consent_id, given_at=at, **values)
    db.session.add(made)
    db.session.flush()
    _tell("file_consent_given", made, place, by=by, at=at)
    return made


def withdraw(consent_id: UUID, *, by: Identity, at: datetime) -> FileConsent:
    """Take one's own consent back; what was read stays written down.

    Raises:
        NotFound: there is none of one's own under this id.
    """
    found = db.session.get(FileConsent, consent_id)
    if found is None or found.person_id != by.person_id:
        raise NotFound
    if found.withdrawn_at is None:
        found.withdrawn_at = at
        db.session.flush()
        place = db.session.get_one(Organisation, found.organisation_id)
        _tell("file_consent_withdrawn", found, place, by=by, at=at)
    return found


def of(person_id: UUID, *, cursor: str | None = None, limit: int = 50) -> Page:
    """Return a page of the consents that a person gave, the newest first."""
    statement = select(FileConsent).where(FileConsent.person_id == person_id)
    keys = [FileConsent.given_at, FileConsent.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def standing(person_id: UUID, *, scope: Scope, on: date) -> FileConsent | None:
    """Return the consent to an organisation of the scope that reaches furthest, or None."""
    statement = (
        select(FileConsent)
        .join(Organisation, Organisation.id == FileConsent.organisation_id)
        .where(
            or_(
                FileConsent.person_id == person_id,
                FileConsent.person_id.in_(
                    select(Person.merged_into_id).where(Person.id == person_id)
                ),
            ),
            FileConsent.withdrawn_at.is_(None),
            FileConsent.until_on >= on,
            within(scope),
        )
    )
    found = db.session.execute(statement).scalars().all()
    return min(found, key=lambda one: (bool(one.kinds), -len(one.kinds)), default=None)


def _tell(
    action: str, consent: FileConsent, place: Organisation, *, by: Identity, at: datetime
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="person",
        subject_id=consent.person_id,
        after={
            "consent_id": consent.id,
            "organisation_id": place.id,
            "purpose": consent.purpose,
            "kinds": consent.kinds,
            "until_on": consent.until_on,
        },
        organisation_path=place.path,
        region_path=organisations.region_path_of(place),
    )
