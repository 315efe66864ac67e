"""Registering the first people from the console, when nobody can sign in yet (初始登记)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from server.db import db
from server.errors import NotFound
from server.organisations import services as organisations
from server.organisations.drafts import Draft, OrganisationKind
from server.organisations.models import Organisation
from server.people.documents import DocumentType
from server.people.drafts import PersonDraft
from server.people.services import people
from server.policy import Grant, Identity, Role
from server.regions import services as regions
from server.scopes import EVERYWHERE

#: Stands in the audit for whoever works at the server's console.
OPERATOR = Identity(
    account_id=UUID(int=0),
    person_id=UUID(int=0),
    grants=(Grant(role=Role.ADMINISTRATOR, scope=EVERYWHERE),),
)


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """A person to register, and the authority they belong to."""

    name: str
    document_type: DocumentType
    document_number: str = field(repr=False)
    #: The authority's name; made in the region where there is none of that name.
    authority: str
    region_code: str


def register(newcomer: Newcomer, *, at: datetime) -> UUID:
    """Register a person, and their authority if there is none yet; return the person's id.

    Raises:
        NotFound: there is no region with this code.
        DocumentTaken, DocumentNumberWrong, CheckDigitWrong, BirthDateImpossible: about the number.
    """
    draft = PersonDraft(
        name=newcomer.name,
        registered_under_id=_authority(newcomer, at=at),
        document_type=newcomer.document_type,
        document_number=newcomer.document_number,
    )
    return people.register(uuid4(), draft, by=OPERATOR, at=at).id


def _authority(newcomer: Newcomer, *, at: datetime) -> UUID:
    region = regions.find(newcomer.region_code)
    if region is None:
        raise NotFound
    found = db.session.execute(
        select(Organisation.id).where(
            Organisation.kind == OrganisationKind.AUTHORITY,
            Organisation.name == newcomer.authority,
            Organisation.region_id == region.id,
        )
    ).scalar()
    if found is not None:
        return found
    draft = Draft(kind=OrganisationKind.AUTHORITY, name=newcomer.authority, region_id=region.id)
    return organisations.register(uuid4(), draft, by=OPERATOR, at=at).id
