"""Somebody signed in: a person with an account, a device, and roles that hold somewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from server import days, tokens
from server.auth.models import Account, RoleGrant, SignedInDevice
from server.config import Config
from server.db import db
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.people.documents import DocumentType
from server.people.models import Person
from server.people.services import numbers
from server.policy import Role
from server.regions.models import Region
from tests.factories.phones import PHONE


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """Who is signed in, and the headers that say so."""

    account_id: UUID
    person_id: UUID
    #: The sign-in, `sid` of the token.
    device_id: UUID
    headers: dict[str, str]


def sign_in(
    *roles: Role,
    person_id: UUID | None,
    organisation_id: UUID | None,
    region_id: UUID | None,
    config: Config,
    at: datetime,
    phone: UUID = PHONE,
) -> SignedIn:
    """Store an account with these roles, and return its access token as headers.

    The roles hold beneath the organisation or the region; everywhere where neither is given.
    """
    person_id = person_id or _somebody(at)
    account = an_account(person_id, at)
    device = _a_device(account.id, phone, at)
    db.session.add_all([account, device])
    db.session.flush()
    for role in roles:
        db.session.add(
            RoleGrant(
                account_id=account.id,
                role=role,
                organisation_id=organisation_id,
                region_id=region_id,
                from_on=days.civil_day(at) - timedelta(days=365),
                granted_at=at,
            )
        )
    db.session.flush()
    return SignedIn(
        account_id=account.id,
        person_id=person_id,
        device_id=device.id,
        headers=_headers(device, config, at),
    )


def sign_in_on(phone: UUID, somebody: SignedIn, *, config: Config, at: datetime) -> SignedIn:
    """Sign somebody in on another phone beside the first, or again on the same."""
    device = _a_device(somebody.account_id, phone, at)
    db.session.add(device)
    db.session.flush()
    return replace(somebody, device_id=device.id, headers=_headers(device, config, at))


def _headers(device: SignedInDevice, config: Config, at: datetime) -> dict[str, str]:
    token = tokens.sign(
        device.account_id,
        device.id,
        keyring=tokens.Keyring.of(config.token_secret),
        at=at,
        lifetime=config.access_token_lifetime,
    )
    return {"Authorization": f"Bearer {token}"}


def an_account(person_id: UUID, at: datetime) -> Account:
    account_id = uuid4()
    return Account(
        id=account_id,
        person_id=person_id,
        sign_in_name=f"somebody-{account_id.hex}",
        password_digest="no password signs in here",
        password_checked_for=0,
        password_set_at=at,
        created_at=at,
    )


def _a_device(account_id: UUID, phone: UUID, at: datetime) -> SignedInDevice:
    return SignedInDevice(
        id=uuid4(),
        account_id=account_id,
        device_id=phone,
        name="a phone",
        place="127.0.0.1",
        signed_in_at=at,
        family_key=b"",
        token_number=0,
        token_digest="",
        rotated_at=at,
        expires_at=at + timedelta(days=365),
    )


def _somebody(at: datetime) -> UUID:
    """Store a person in an organisation of a province of their own, and return the id."""
    region, organisation, person = uuid4(), uuid4(), uuid4()
    code, path = region.hex[:12], f"/{region}/"
    db.session.add(Region(id=region, code=code, name="某省", level=1, path=path))
    db.session.flush()
    db.session.add(
        Organisation(
            id=organisation,
            kind=OrganisationKind.ENTERPRISE,
            name="某企业",
            region_id=region,
            path=f"/{organisation}/",
            registered_at=at,
        )
    )
    db.session.flush()
    db.session.add(
        Person(
            id=person,
            name="某人",
            document_type=DocumentType.PASSPORT,
            **numbers.closed(person, DocumentType.PASSPORT, person.hex),
            document_masked="E*******0",
            registered_under_id=organisation,
            registered_at=at,
        )
    )
    db.session.flush()
    return person
