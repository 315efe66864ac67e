"""Addresses of the regions (区划接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server import clock
from server.access import identity, open_to_all, requires
from server.db import transaction
from server.http import Part
from server.paging import Page
from server.policy import Permission
from server.regions import services
from server.regions.errors import DivisionCodeTaken, DivisionCodeWrong, ReferenceRegion
from server.regions.models import Region
from server.regions.schemas import RegionIn, RegionOut, RegionQuery

views = Part("regions", "Regions of the five-level tree 行政区划")


@views.route("/regions")
@open_to_all
@views.arguments(RegionQuery, location="query")
@views.page(RegionOut)
def list_regions(query: dict[str, Any]) -> Page:
    """List regions by code: all, children of one, beneath one, of a level."""
    return services.listed(**query)


@views.route("/regions/<uuid:region_id>")
@open_to_all
@views.response(200, RegionOut)
def show_region(region_id: UUID) -> Region:
    """Show a region."""
    return services.get(region_id)


@views.route("/regions/<uuid:region_id>/ancestors")
@open_to_all
@views.response(200, RegionOut(many=True))
def list_ancestors(region_id: UUID) -> list[Region]:
    """List the regions above one, from the province down."""
    return services.above(services.get(region_id))


@views.route("/regions/<uuid:region_id>", methods=["PUT"])
@requires(Permission.MANAGE_REGIONS)
@views.arguments(RegionIn)
@views.response(200, RegionOut)
@views.refuses(DivisionCodeWrong, DivisionCodeTaken, ReferenceRegion)
def write_region(body: dict[str, Any], region_id: UUID) -> Region:
    """Add a township or village under the id given, or correct its name."""
    by = identity()
    with transaction():
        return services.write(region_id, **body, by=by, at=clock.now())
