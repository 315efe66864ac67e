"""People who do not exist and the posts they hold; their numbers have valid check digits.

The numbers begin with 100000, a division that was never given out.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from uuid import UUID, uuid4

from server.db import db
from server.organisations.models import Organisation
from server.people import documents
from server.people.documents import DocumentType
from server.people.models import Person, Post
from server.people.roster import PostRole
from server.people.services import numbers
from server.policy import Grant, Identity, Role
from server.scopes import EVERYWHERE, Scope
from tests.factories.organisations import an_organisation
from tests.moments import NOON

_numbers = count(1)

TODAY = NOON.date()


def a_number(birth_on: date | None = None, *, sequence: int | None = None) -> str:
    """Return a resident identity number that nobody has; an odd sequence is a man's."""
    days, running = divmod(next(_numbers), 999)
    # A birthday that is asked for is that day, however many numbers there were before.
    birth_on = birth_on or date(1990, 3, 7) + timedelta(days=days)
    first_17 = f"100000{birth_on:%Y%m%d}{sequence or running + 1:03d}"
    return first_17 + documents.check_digit(first_17)


def a_person(
    under: Organisation | None = None, *, name: str = "张伟", number: str | None = None
) -> Person:
    """Store a person registered under an organisation."""
    person_id, number = uuid4(), number or a_number()
    document = documents.read(DocumentType.RESIDENT_IDENTITY_CARD, number, on=TODAY)
    person = Person(
        id=person_id,
        name=name,
        sex=document.sex,
        birth_on=document.birth_on,
        document_type=document.type,
        document_masked=document.masked,
        registered_under_id=(under or an_organisation()).id,
        registered_at=NOON,
        **numbers.closed(person_id, document.type, document.number),
    )
    db.session.add(person)
    db.session.flush()
    return person


def a_post(
    person: Person | None = None,
    at: Organisation | None = None,
    *,
    role: PostRole = PostRole.EMPLOYEE,
    items: tuple[str, ...] = (),
    from_on: date = TODAY - timedelta(days=100),
    until_on: date | None = None,
) -> Post:
    """Store a post."""
    at = at or an_organisation()
    post = Post(
        person_id=(person or a_person(at)).id,
        organisation_id=at.id,
        role=role,
        items=list(items),
        from_on=from_on,
        until_on=until_on,
        recorded_at=NOON,
    )
    db.session.add(post)
    db.session.flush()
    return post


def who(*roles: Role, scope: Scope = EVERYWHERE, account_id: UUID | None = None) -> Identity:
    """Return somebody who asks, with roles that hold in the scope."""
    return Identity(
        account_id=account_id or uuid4(),
        person_id=uuid4(),
        grants=tuple(Grant(role=role, scope=scope) for role in roles),
    )


def beneath(organisation: Organisation) -> Scope:
    """Return the scope of an organisation and everything beneath it."""
    return Scope(organisation_paths=(organisation.path,))
