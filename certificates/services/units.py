"""The unit a figure speaks of: a region or an organisation, with all beneath it (统计单元)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select

from certificates.errors import UnitNeeded
from server.errors import NotFound
from server.organisations import services as organisations
from server.organisations.models import Organisation, within
from server.policy import Scope
from server.regions import services as regions
from server.regions.models import Region, beneath
from server.regions.tree import lineage


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A region or an organisation, as somebody with a certain scope sees it."""

    id: UUID
    kind: str
    name: str
    path: str
    #: The scope of who asks: it stands in every query, beside the unit itself.
    scope: Scope

    def holds_organisation(self) -> ColumnElement[bool]:
        """Return the condition that an organisation lies in the unit and in the scope."""
        if self.kind == "organisation":
            return beneath(Organisation.path, self.path) & within(self.scope)
        inside = select(Region.id).where(beneath(Region.path, self.path))
        return Organisation.region_id.in_(inside) & within(self.scope)

    @property
    def above(self) -> list[UUID]:
        """The organisations above the unit; none above a region."""
        return lineage(self.path)[:-1] if self.kind == "organisation" else []


def unit(*, region_id: UUID | None, organisation_id: UUID | None, scope: Scope) -> Unit:
    """Return the unit that is asked about.

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
    if not scope.holds(organisation_path=None, region_path=region.path):
        raise NotFound
    return Unit(id=region.id, kind="region", name=region.name, path=region.path, scope=scope)
