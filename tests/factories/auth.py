"""People with accounts, and the places they belong to, as signing in needs them."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TypeVar
from uuid import UUID, uuid4

from server.auth import hashing
from server.auth.models import Account, RoleGrant
from server.auth.services.devices import Arrival
from server.days import civil_day
from server.db import db
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.people.documents import DocumentType
from server.people.models import Person
from server.policy import Grant, Identity, Role
from server.regions.models import Region
from server.scopes import Scope
from tests.moments import NOON

T = TypeVar("T")

PASSWORD = "kestrel over the quarry"
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@cache
def digest(password: str = PASSWORD) -> str:
    """The digest of a password, computed once."""
    return hashing.digest_of(password)


def a_region(parent: Region | None = None) -> Region:
    """Store a region."""
    region_id = uuid4()
    region = Region(
        id=region_id,
        code=region_id.hex[:12],
        name="某地",
        level=parent.level + 1 if parent else 1,
        parent_id=parent.id if parent else None,
        path=f"{parent.path if parent else '/'}{region_id}/",
    )
    return stored(region)


def an_organisation(
    region: Region | None = None, parent: Organisation | None = None
) -> Organisation:
    """Store an organisation."""
    organisation_id = uuid4()
    organisation = Organisation(
        id=organisation_id,
        kind=OrganisationKind.ENTERPRISE,
        name="某企业",
        region_id=(region or a_region()).id,
        parent_id=parent.id if parent else None,
        path=f"{parent.path if parent else '/'}{organisation_id}/",
        registered_at=NOON,
    )
    return stored(organisation)


def a_person(under: Organisation | None = None, name: str = "王建国") -> Person:
    """Store a person."""
    person_id = uuid4()
    person = Person(
        id=person_id,
        name=name,
        phone="13912345678",
        document_type=DocumentType.PASSPORT,
        document_cipher=b"",
        document_key_id="",
        document_index=person_id.hex,
        document_index_key_id="",
        document_masked="E*******0",
        registered_under_id=(under or an_organisation()).id,
        registered_at=NOON,
    )
    return stored(person)


def an_account(
    under: Organisation | None = None,
    *,
    sign_in_name: str = "wang",
    phone: str | None = None,
    password: str = PASSWORD,
    checked_for: int = 10,
    first_for: timedelta | None = None,
) -> Account:
    """Store an account; `first_for` makes its password a one-time one for so long."""
    account = Account(
        id=uuid4(),
        person=a_person(under),
        sign_in_name=sign_in_name,
        phone=phone,
        password_digest=digest(password),
        password_checked_for=checked_for,
        password_set_at=NOON,
        first_password_until=None if first_for is None else NOON + first_for,
        created_at=NOON,
    )
    return stored(account)


def a_grant(
    account: Account,
    role: Role,
    *,
    organisation: Organisation | None = None,
    region: Region | None = None,
    from_days: int = -10,
    until_days: int | None = None,
) -> RoleGrant:
    """Store a grant that begins and ends so many days from today."""
    today = civil_day(NOON)
    grant = RoleGrant(
        id=uuid4(),
        account_id=account.id,
        role=role,
        organisation_id=organisation.id if organisation else None,
        region_id=region.id if region else None,
        from_on=today + timedelta(days=from_days),
        until_on=None if until_days is None else today + timedelta(days=until_days),
        granted_at=NOON,
    )
    return stored(grant)


def somebody(*grants: tuple[Role, Scope]) -> Identity:
    """An identity with these grants that is stored nowhere."""
    held = tuple(Grant(role=role, scope=scope) for role, scope in grants)
    return Identity(account_id=uuid4(), person_id=uuid4(), grants=held, address=HOME)


def an_arrival(device_id: UUID | None = None, address: str = HOME) -> Arrival:
    """Somebody at the door, with a device and an address."""
    return Arrival(device_id=device_id or uuid4(), name="a phone", address=address)


def stored(thing: T) -> T:
    """Store a thing."""
    db.session.add(thing)
    db.session.flush()
    return thing
