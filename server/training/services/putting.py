"""Entering things under ids that clients make, and telling the audit (登记与留痕)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from server.audit import services as audit
from server.db import Base, db
from server.errors import IdTaken
from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.policy import Identity

Thing = TypeVar("Thing", bound=Base)


def known(table: type[Thing], thing_id: UUID, values: Mapping[str, object]) -> Thing | None:
    """Return what stands under an id, if it is what is sent again; None where nothing does.

    Raises:
        IdTaken: something else stands there.
    """
    found = db.session.get(table, thing_id)
    if found is not None and any(getattr(found, name) != value for name, value in values.items()):
        raise IdTaken
    return found


def made(thing: Thing) -> Thing:
    """Store a new thing, and return it."""
    db.session.add(thing)
    db.session.flush()
    return thing


def tell(
    action: str,
    subject_id: UUID,
    place: Organisation,
    *,
    kind: str,
    by: Identity,
    at: datetime,
    after: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Write into the audit what somebody did, at the organisation that it concerns."""
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind=kind,
        subject_id=subject_id,
        after=after,
        reason=reason,
        organisation_path=place.path,
        region_path=organisations.region_path_of(place),
    )
