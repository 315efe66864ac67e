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
from server.regions.errors import (
    DivisionCodeTaken,
    DivisionCodeWrong,
    ReferenceRegion,
    ReformUnfit,
)
from server.regions.models import Region
from server.regions.schemas import (
    AbolitionIn,
    MovingIn,
    RecodingIn,
    RegionHistoryOut,
    RegionIn,
    RegionOut,
    RegionQuery,
)
from server.regions.services.histories import History

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


@views.route("/regions/<uuid:region_id>/history")
@open_to_all
@views.response(200, RegionHistoryOut)
def show_region_history(region_id: UUID) -> History:
    """Show where a region lay, how it was called, and what follows what."""
    return services.history(region_id)


@views.route("/regions/<uuid:region_id>/parent", methods=["PUT"])
@requires(Permission.MANAGE_REGIONS)
@views.arguments(MovingIn)
@views.response(200, RegionOut)
@views.refuses(ReformUnfit)
def move_region(body: dict[str, Any], region_id: UUID) -> Region:
    """Hang a region with all beneath it on another from a day on; earlier days stay as they are."""
    by = identity()
    with transaction():
        return services.move(region_id, **body, by=by, at=clock.now())


@views.route("/regions/<uuid:region_id>/code", methods=["PUT"])
@requires(Permission.MANAGE_REGIONS)
@views.arguments(RecodingIn)
@views.response(200, RegionOut)
@views.refuses(ReformUnfit, DivisionCodeTaken)
def recode_region(body: dict[str, Any], region_id: UUID) -> Region:
    """Give a region another code and name from a day on; no series breaks."""
    by = identity()
    with transaction():
        return services.recode(region_id, **body, by=by, at=clock.now())


@views.route("/regions/<uuid:region_id>/abolition", methods=["PUT"])
@requires(Permission.MANAGE_REGIONS)
@views.arguments(AbolitionIn)
@views.response(200, RegionOut)
@views.refuses(ReformUnfit)
def abolish_region(body: dict[str, Any], region_id: UUID) -> Region:
    """Abolish a region from a day on and name what follows it; its history stays."""
    by = identity()
    with transaction():
        return services.abolish(region_id, **body, by=by, at=clock.now())
