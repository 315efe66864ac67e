"""Organisations that do not exist, with valid credit codes."""

from __future__ import annotations

from itertools import count
from typing import Any
from uuid import uuid4

from server.db import db
from server.organisations import credit_code
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.regions.models import Region
from server.regions.tree import path_of
from tests.factories.regions import a_county
from tests.moments import NOON

_numbers = count(1)


def a_credit_code() -> str:
    """Return a valid credit code that no other test object has."""
    first_17 = f"91100000{next(_numbers):09d}"
    return first_17 + credit_code.check_character(first_17)


def an_organisation(
    parent: Organisation | None = None,
    *,
    kind: OrganisationKind = OrganisationKind.ENTERPRISE,
    region: Region | None = None,
    name: str = "某企业",
    **columns: Any,
) -> Organisation:
    """Store an organisation: an enterprise in a county of its own, unless told otherwise."""
    organisation_id = uuid4()
    region_id = parent.region_id if parent else (region or a_county()).id
    organisation = Organisation(
        id=organisation_id,
        kind=kind,
        name=name,
        region_id=region_id,
        parent_id=parent.id if parent else None,
        path=path_of(organisation_id, parent.path if parent else None),
        registered_at=NOON,
        **columns,
    )
    db.session.add(organisation)
    db.session.flush()
    return organisation


def a_department(parent: Organisation, *, name: str = "某部门") -> Organisation:
    """Store a department."""
    return an_organisation(parent, kind=OrganisationKind.DEPARTMENT, name=name)
