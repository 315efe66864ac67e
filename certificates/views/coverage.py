"""Addresses of coverage: figures, who is missing, the catalogue of indicators (覆盖率接口)."""

from __future__ import annotations

from typing import Any

from certificates.errors import UnitNeeded
from certificates.schemas.coverage import (
    CoverageOut,
    CoverageQuery,
    IndicatorListOut,
    MissingOut,
    MissingQuery,
)
from certificates.services import behind, figures, indicators, units
from certificates.services.units import Unit
from server import clock
from server.access import identity, open_to_all, requires
from server.http import Part
from server.paging import Page
from server.policy import Permission

views = Part("coverage", "Of those who must, who does: figures against the plans 覆盖率")


@views.route("/coverage")
@requires(Permission.SEE_COVERAGE)
@views.arguments(CoverageQuery, location="query")
@views.response(200, CoverageOut)
@views.refuses(UnitNeeded)
def show_coverage(query: dict[str, Any]) -> dict[str, Any]:
    """Show the figures of a region or an organisation, with all beneath it, on any day."""
    unit, on = _unit(query), query["on"] or clock.today()
    if query["indicator"] is not None:
        return {"items": [figures.figure(query["indicator"], unit, on=on)]}
    return {"items": figures.figures(unit, on=on, plan=query["plan"])}


@views.route("/coverage/<string:indicator>/missing")
@requires(Permission.SEE_COVERAGE)
@views.arguments(MissingQuery, location="query")
@views.page(MissingOut)
@views.refuses(UnitNeeded)
def list_missing(query: dict[str, Any], indicator: str) -> Page:
    """List who is missing in a figure, and why."""
    unit, on = _unit(query), query["on"] or clock.today()
    cursor, limit = query["cursor"], query["limit"]
    return behind.behind(indicator, unit, on=on, cursor=cursor, limit=limit)


@views.route("/indicators")
@open_to_all
@views.response(200, IndicatorListOut)
def list_indicators() -> dict[str, Any]:
    """List the indicators of the plans, in the words of the plans."""
    return {"items": indicators.listed()}


def _unit(query: dict[str, Any]) -> Unit:
    return units.unit(
        region_id=query["region_id"],
        organisation_id=query["organisation_id"],
        scope=identity().scope(Permission.SEE_COVERAGE),
    )
