"""People: registering them, finding them, correcting what is known of them (人员登记)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from server import days
from server.audit import services as audit
from server.db import db
from server.errors import Message, NotAllowed, NotFound
from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.organisations.models import within as organisations_within
from server.paging import Page, page
from server.people import ciphers, documents
from server.people.documents import DocumentType
from server.people.drafts import PersonDraft, name_of
from server.people.errors import DocumentTaken
from server.people.models import Person, Post, within
from server.people.services import agreeing, drafted, numbers
from server.policy import Identity, Permission
from server.regions import divisions
from server.regions.models import beneath
from server.scopes import EVERYWHERE, Scope


def get(person_id: UUID, *, scope: Scope = EVERYWHERE) -> Person:
    """Return the person; the id of an entry that was merged answers with the one that goes on.

    Raises:
        NotFound: there is nobody of this id within the scope.
    """
    found = db.session.execute(
        select(Person).where(Person.id == person_id, within(scope))
    ).scalar_one_or_none()
    if found is None or found.merged_into_id is not None:
        found = _gone_on(person_id, scope)
    if found is None:
        raise NotFound
    return found


def _gone_on(person_id: UUID, scope: Scope) -> Person | None:
    """Return the entry that goes on in place of one that was merged, if it is seen."""
    merged = aliased(Person)
    statement = (
        select(Person)
        .join(merged, merged.merged_into_id == Person.id)
        .where(merged.id == person_id, within(scope))
    )
    return db.session.execute(statement).scalar_one_or_none()


def get_proven(person_id: UUID, number: str | None, *, scope: Scope) -> Person:
    """Return a person who is visible, or whose document number the asker knows.

    That is how an organisation takes on somebody registered elsewhere.

    Raises:
        NotFound: the person is neither within the scope nor has that document number.
    """
    if number is None:
        return get(person_id, scope=scope)
    stated = db.session.get(Person, person_id)
    if stated is None:
        raise NotFound
    known = ciphers.current().index(stated.document_type, documents.normalised(number))
    return get(person_id, scope=EVERYWHERE if known == stated.document_index else scope)


def get_kept(person_id: UUID, *, scope: Scope, on: date) -> Person:
    """Return a person whose entry the asker may change.

    It may be changed where the person is registered and where they work on the day; whoever
    employed them once goes on seeing them, and no more.

    Raises:
        NotFound: there is nobody of this id within the scope.
        NotAllowed: the person is visible, and neither registered nor working within the scope.
    """
    person = get(person_id, scope=scope)
    working = and_(Post.from_on <= on, or_(Post.until_on.is_(None), Post.until_on > on))
    places = select(Organisation.id).where(organisations_within(scope))
    kept = select(Person.id).where(
        Person.id == person_id,
        or_(
            Person.registered_under_id.in_(places),
            Person.id.in_(select(Post.person_id).where(Post.organisation_id.in_(places), working)),
        ),
    )
    if db.session.execute(kept).first() is None:
        raise NotAllowed
    return person


def of(person_ids: list[UUID]) -> dict[UUID, Person]:
    """Return people by id; ids of nobody are left out."""
    found = db.session.execute(select(Person).where(Person.id.in_(person_ids))).scalars()
    return {person.id: person for person in found}


def under(organisation_id: UUID) -> list[Person]:
    """Return the people registered under an organisation or anything beneath it, by name.

    Raises:
        NotFound: there is no such organisation.
    """
    path = organisations.get(organisation_id).path
    statement = (
        select(Person)
        .join(Organisation, Organisation.id == Person.registered_under_id)
        .where(beneath(Organisation.path, path))
    )
    return list(db.session.execute(statement.order_by(Person.name, Person.id)).scalars())


def search(kind: DocumentType, number: str, *, name: str | None, scope: Scope) -> list[Person]:
    """Return who has this document, if the asker may know.

    Within the scope the number is enough; beyond it the name must be given, too, and be right.
    """
    person = numbers.find(kind, number)
    if person is None:
        return []
    knows_both = name is not None and name_of(name) == person.name
    try:
        return [get(person.id, scope=EVERYWHERE if knows_both else scope)]
    except NotFound:
        return []


def listed(
    scope: Scope,
    *,
    name: str | None = None,
    organisation_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the people within the scope, by name.

    Args:
        scope: where the asker may see people.
        name: how the name begins.
        organisation_id: only those registered or ever holding a post there or beneath.
        cursor: where the page begins.
        limit: people on the page.

    Raises:
        NotFound: there is no such organisation.
    """
    statement = select(Person).where(within(scope), Person.merged_into_id.is_(None))
    if name is not None:
        statement = statement.where(Person.name.startswith(name_of(name), autoescape=True))
    if organisation_id is not None:
        path = organisations.get(organisation_id).path
        statement = statement.where(within(Scope(organisation_paths=(path,))))
    return page(statement, [Person.name, Person.id], cursor=cursor, limit=limit)


def register(person_id: UUID, draft: PersonDraft, *, by: Identity, at: datetime) -> Person:
    """Register a person under the id given, or correct what is registered there.

    Raises:
        NotFound: the person, or the organisation to register under, is outside the asker's scope.
        NotAllowed: the person is visible, and not the asker's to change.
        Invalid: there is no number yet, and none is given.
        DocumentNumberWrong, CheckDigitWrong, BirthDateImpossible: about the number.
        DocumentDisagrees: the stated sex or birth date contradicts the number.
        DocumentTaken: somebody else is registered with this document.
        NumberNotMasked: an identity number stands in the name or the phone.
    """
    scope = by.scope(Permission.MANAGE_PEOPLE)
    known = db.session.get(Person, person_id)
    if known is not None:
        known = get_kept(person_id, scope=scope, on=days.civil_day(at))
        person_id = known.id
    if known is None or known.registered_under_id != draft.registered_under_id:
        organisations.get(draft.registered_under_id, scope=scope)
    if known is not None:
        values = _values(person_id, known, draft, on=days.civil_day(at))
        return _correct(known, values, by=by, at=at)
    person = drafted.made(person_id, draft, at=at)
    if _holder(person.document_index) is not None:
        raise DocumentTaken
    db.session.add(person)
    db.session.flush()
    tell("person_registered", person, by=by, at=at, before=None, after=shown(person))
    return person


def document_warnings(person: Person, *, on: date) -> tuple[Message, ...]:
    """Return what is odd about the person's document number, and yet no reason to refuse it."""
    number = numbers.opened(person)
    return documents.read(
        person.document_type, number, on=on, divisions=divisions.known_codes()
    ).warnings


def shown(person: Person) -> dict[str, Any]:
    """Return what the audit keeps of a person: nothing in clear."""
    return {
        "name": person.name,
        "sex": person.sex,
        "birth_on": person.birth_on,
        "education": person.education,
        "document_type": person.document_type,
        "document_masked": person.document_masked,
        "registered_under_id": person.registered_under_id,
    }


def tell(
    action: str,
    person: Person,
    *,
    by: Identity | None,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Write into the audit what was done to a person, where those who may audit them see it."""
    home = db.session.get_one(Organisation, person.registered_under_id)
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="person",
        subject_id=person.id,
        before=before,
        after=after,
        reason=reason,
        organisation_path=home.path,
        region_path=organisations.region_path_of(home),
    )


def _values(person_id: UUID, known: Person, draft: PersonDraft, *, on: date) -> dict[str, Any]:
    drafted.check_masked(draft)
    document = agreeing.document_of(known, draft, on=on)
    values = drafted.values(draft, document)
    holder = numbers.find(document.type, document.number)
    if holder is not None and holder.id != person_id:
        raise DocumentTaken
    if holder is None:
        values |= numbers.closed(person_id, document.type, document.number)
        values |= {"document_type": document.type, "document_masked": document.masked}
    return values


def _holder(index: str) -> UUID | None:
    """Return who is registered with a document already."""
    holder = select(Person.id).where(Person.document_index == index)
    return db.session.execute(holder).scalar_one_or_none()


def _correct(known: Person, values: dict[str, Any], *, by: Identity, at: datetime) -> Person:
    before = shown(known) | {"phone": known.phone}
    for name, value in values.items():
        setattr(known, name, value)
    db.session.flush()
    after = shown(known) | {"phone": known.phone}
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        before["phone"] = after["phone"] = "***"
        tell(
            "person_corrected",
            known,
            by=by,
            at=at,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return known
