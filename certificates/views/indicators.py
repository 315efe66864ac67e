"""Addresses of indicators, targets and rankings (指标、目标与排名接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from certificates.errors import DefinitionUnfit, NotKnownThen, UnitNeeded
from certificates.models import CoverageTarget, Indicator
from certificates.schemas.coverage import IndicatorListOut
from certificates.schemas.drilling import PartsQuery
from certificates.schemas.indicators import (
    CoverageTargetIn,
    CoverageTargetOut,
    CoverageTargetQuery,
    IndicatorIn,
    IndicatorPreviewIn,
    IndicatorPreviewOut,
    IndicatorQuery,
    IndicatorVersionListOut,
    IndicatorVersionOut,
    RankingOut,
)
from certificates.services import indicators, ranking, revising, targets, units
from certificates.services.revising import Draft, Preview
from certificates.views.coverage import asked_by, views
from server import clock
from server.access import identity, open_to_all, requires
from server.db import snapshot, transaction
from server.errors import IdTaken
from server.paging import Page
from server.policy import Permission
from server.replica import may_lag


@views.route("/indicators")
@open_to_all
@may_lag
@views.arguments(IndicatorQuery, location="query")
@views.response(200, IndicatorListOut)
def list_indicators(query: dict[str, Any]) -> dict[str, Any]:
    """List the indicators of the plans, in the words of the plans."""
    return {"items": indicators.listed(**query)}


@views.route("/indicators/<string:indicator>/versions")
@open_to_all
@may_lag
@views.response(200, IndicatorVersionListOut)
def list_indicator_versions(indicator: str) -> dict[str, Any]:
    """List every version of an indicator: what it counted from which day on."""
    indicators.get(indicator)
    return {"items": indicators.versions(indicator)}


@views.route("/indicator-versions/<uuid:version_id>", methods=["PUT"])
@requires(Permission.MANAGE_INDICATORS)
@views.arguments(IndicatorIn)
@views.response(200, IndicatorVersionOut)
@views.refuses(DefinitionUnfit, IdTaken)
def write_indicator(draft: Draft, version_id: UUID) -> Indicator:
    """Make an indicator or a further version of it, under the id given; earlier days may stay."""
    by = identity()
    with transaction():
        return revising.write(version_id, draft, by=by, at=clock.now())


@views.route("/indicator-preview", methods=["POST"])
@requires(Permission.MANAGE_INDICATORS)
@views.arguments(IndicatorPreviewIn)
@views.response(200, IndicatorPreviewOut)
@views.refuses(DefinitionUnfit)
def preview_indicator(body: dict[str, Any]) -> Preview:
    """Say what a definition would give for a region, for how many people; nothing is kept."""
    on = body["on"] or clock.today()
    scope = identity().scope(Permission.MANAGE_INDICATORS)
    with snapshot():
        unit = units.unit(region_id=body["region_id"], organisation_id=None, scope=scope, on=on)
        return revising.preview(body["draft"], unit, on=on)


@views.route("/coverage-targets")
@requires(Permission.SEE_COVERAGE)
@views.arguments(CoverageTargetQuery, location="query")
@views.page(CoverageTargetOut)
def list_targets(query: dict[str, Any]) -> Page:
    """List the targets that regions have set for themselves, the latest first."""
    return targets.listed(identity().scope(Permission.SEE_COVERAGE), **query)


@views.route("/coverage-targets/<uuid:target_id>", methods=["PUT"])
@requires(Permission.MANAGE_INDICATORS)
@views.arguments(CoverageTargetIn)
@views.response(200, CoverageTargetOut)
@views.refuses(IdTaken)
def set_target(body: dict[str, Any], target_id: UUID) -> CoverageTarget:
    """Set what a region wants to reach from a day on; earlier days keep their target."""
    by = identity()
    with transaction():
        return targets.set_target(target_id, **body, by=by, at=clock.now())


@views.route("/coverage/<string:indicator>/ranking")
@requires(Permission.SEE_COVERAGE)
@may_lag
@views.arguments(PartsQuery, location="query")
@views.response(200, RankingOut)
@views.refuses(UnitNeeded, NotKnownThen)
def rank_parts(query: dict[str, Any], indicator: str) -> dict[str, Any]:
    """Rank the parts of a figure, each with its confidence interval and the places it may have."""
    found = ranking.ranked(indicator, asked_by(query), query["by"], today=clock.today())
    return {"items": found}
