"""What coverage says of a place, asked as the services are: figures, counts, who is missing."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from certificates import watching
from certificates.coverage import Reason
from certificates.services import behind, figures, units
from certificates.services.figures import Figure
from server.db import db
from server.organisations.models import Organisation
from server.people.models import Person
from server.people.roster import PostRole
from server.regions.models import Region
from server.scopes import EVERYWHERE, Scope
from tests.factories.certificates import TODAY
from tests.factories.rosters import a_person, a_post

SPECIAL = "shanxi-special-operations-certified"
PRINCIPALS = "pingliang-qualified-principals"
OFFICERS = "linyi-enforcement-certified"


def of(place: Region | Organisation, *, scope: Scope = EVERYWHERE) -> units.Unit:
    """Give the unit a figure of this place is asked of, once everything moved is counted."""
    watching.settle(db.session())
    is_region = isinstance(place, Region)
    return units.unit(
        region_id=place.id if is_region else None,
        organisation_id=None if is_region else place.id,
        scope=scope,
    )


def figure_of(key: str, place: Region | Organisation, *, on: date = TODAY) -> Figure:
    """Give the figure of an indicator."""
    return figures.figure(key, of(place), on=on)


def counts_of(
    key: str, place: Region | Organisation, *, on: date = TODAY
) -> tuple[int | None, int, int | None, int]:
    """Give how many are required, covered, missing and excluded."""
    found = figure_of(key, place, on=on)
    return found.required_count, found.covered_count, found.missing_count, found.excluded_count


def why_missing(key: str, place: Region | Organisation, *, on: date = TODAY) -> dict[UUID, Reason]:
    """Give the reason of each who is missing, by person or organisation."""
    page = behind.behind(key, of(place), on=on, cursor=None, limit=50)
    return {each.subject_id: each.reason for each in page.items}


def a_worker(works: Organisation, *items: str, **post: Any) -> Person:
    """Store an electrician of low voltage, or who does other special operations."""
    person = a_person(works)
    a_post(person, works, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=items or ("1.2",), **post)
    return person


def an_officer(place: Organisation) -> Person:
    """Store an enforcement officer in post."""
    person = a_person(place)
    a_post(person, place, role=PostRole.ENFORCEMENT_OFFICER)
    return person


def region_of(works: Organisation) -> Region:
    """Give the region an organisation lies in."""
    return db.session.get_one(Region, works.region_id)
