"""Which authority answers for an enterprise (属地监管部门)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from server.db import db
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.regions.models import Region
from server.regions.tree import lineage


def nearest(employers: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the authority that stands nearest above each employer, by region."""
    where = (
        select(Organisation.id, Region.path)
        .join(Region, Region.id == Organisation.region_id)
        .where(Organisation.id.in_(employers))
    )
    paths = {one: lineage(path) for one, path in db.session.execute(where)}
    authorities: dict[UUID, UUID] = {}
    stand = (
        select(Organisation.region_id, Organisation.id)
        .where(
            Organisation.kind == OrganisationKind.AUTHORITY,
            Organisation.region_id.in_({region for path in paths.values() for region in path}),
        )
        .order_by(Organisation.registered_at.desc(), Organisation.id)
    )
    for region_id, one in db.session.execute(stand):
        authorities[region_id] = one
    nearest = {
        employer: next((authorities[r] for r in reversed(path) if r in authorities), None)
        for employer, path in paths.items()
    }
    return {employer: one for employer, one in nearest.items() if one is not None}
