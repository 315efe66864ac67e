"""The unit a figure speaks of: a region or an organisation, with all beneath it (统计单元)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from certificates.errors import UnitNeeded
from server.errors import NotFound
from server.organisations import services as organisations
from server.regions import services as regions
from server.regions.models import Region
from server.regions.tree import lineage
from server.scopes import Scope


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A region or an organisation, as somebody with a certain scope sees it."""

    id: UUID
    kind: str
    name: str
    path: str
    #: The scope of who asks: it stands in every query, beside the unit itself.
    scope: Scope
    #: The level of a region, 1 for a province; 0 for an organisation.
    level: int = 0


def unit(
    *,
    region_id: UUID | None,
    organisation_id: UUID | None,
    scope: Scope,
    on: date | None = None,
) -> Unit:
    """Return the unit that is asked about.

    Args:
        region_id: a region, with all beneath it.
        organisation_id: or an organisation, with all beneath it.
        scope: where the asker may see coverage.
        on: the day by whose borders the unit must lie in the scope; None for today's.

    Raises:
        UnitNeeded: neither or both are named.
        NotFound: it lies outside the scope.
    """
    if (region_id is None) == (organisation_id is None):
        raise UnitNeeded
    if organisation_id is not None:
        found = organisations.get(organisation_id, scope=scope)
        return Unit(id=found.id, kind="organisation", name=found.name, path=found.path, scope=scope)
    assert region_id is not None  # noqa: S101  # one of the two is given
    region = regions.get(region_id)
    if not _is_within(scope, region, on):
        raise NotFound
    return Unit(
        id=region.id,
        kind="region",
        name=region.name,
        path=region.path,
        scope=scope,
        level=region.level,
    )


def _is_within(scope: Scope, region: Region, on: date | None) -> bool:
    if scope.everywhere:
        return True
    lays = regions.paths([region.id])[region.id]
    path = next((lay.path for lay in lays if on is not None and on < lay.until_on), region.path)
    roots = {lineage(root)[-1] for root in scope.region_paths}
    return not roots.isdisjoint(lineage(path))
