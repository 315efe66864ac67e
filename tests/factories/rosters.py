"""Regions, organisations, people and posts, each told only what the test is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar
from uuid import uuid4

from server.db import db
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.people.documents import DocumentType
from server.people.models import Person, Post
from server.people.roster import PostRole
from server.regions.models import Region
from tests.moments import NOON

T = TypeVar("T")


def a_region(parent: Region | None = None, *, name: str = "某市") -> Region:
    """Store a region."""
    region_id = uuid4()
    return stored(
        Region(
            id=region_id,
            code=region_id.hex[:12],
            name=name,
            level=parent.level + 1 if parent else 1,
            parent_id=parent.id if parent else None,
            path=f"{parent.path if parent else '/'}{region_id}/",
        )
    )


def an_organisation(
    region: Region | None = None,
    *,
    kind: OrganisationKind = OrganisationKind.ENTERPRISE,
    parent: Organisation | None = None,
    name: str = "某企业",
    industry: str | None = None,
    is_high_risk: bool = False,
) -> Organisation:
    """Store an organisation."""
    organisation_id = uuid4()
    return stored(
        Organisation(
            id=organisation_id,
            kind=kind,
            name=name,
            industry=industry,
            is_high_risk=is_high_risk,
            region_id=(region or a_region()).id,
            parent_id=parent.id if parent else None,
            path=f"{parent.path if parent else '/'}{organisation_id}/",
            registered_at=NOON,
        )
    )


def a_person(under: Organisation | None = None, *, name: str = "王建国") -> Person:
    """Store a person."""
    person_id = uuid4()
    return stored(
        Person(
            id=person_id,
            name=name,
            document_type=DocumentType.PASSPORT,
            document_cipher=b"",
            document_key_id="",
            document_index=person_id.hex,
            document_index_key_id="",
            document_masked="E*******0",
            registered_under_id=(under or an_organisation()).id,
            registered_at=NOON,
        )
    )


def a_post(
    person: Person,
    organisation: Organisation,
    *,
    role: PostRole = PostRole.PRINCIPAL,
    items: Sequence[str] = (),
    from_on: date = date(2020, 1, 1),
    until_on: date | None = None,
) -> Post:
    """Store that somebody holds a post."""
    return stored(
        Post(
            id=uuid4(),
            person_id=person.id,
            organisation_id=organisation.id,
            role=role,
            items=list(items),
            from_on=from_on,
            until_on=until_on,
            recorded_at=NOON,
        )
    )


def stored(thing: T) -> T:
    """Store a thing."""
    db.session.add(thing)
    db.session.flush()
    return thing
