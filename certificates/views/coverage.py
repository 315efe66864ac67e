"""Addresses of coverage: figures, who is behind them, parts, trends, changes (覆盖率接口)."""

from __future__ import annotations

from typing import Any

from certificates.errors import NotKnownThen, TrendTooLong, UnitNeeded
from certificates.models import CoverageCheck
from certificates.schemas.coverage import (
    BehindOut,
    BehindQuery,
    CoverageCheckOut,
    CoverageOut,
    CoverageQuery,
    MissingOut,
    MissingQuery,
)
from certificates.schemas.drilling import (
    ChangeOut,
    ChangeQuery,
    CliffOut,
    ExcludedListOut,
    ExclusionsQuery,
    ExpiringListOut,
    ExpiringQuery,
    PartListOut,
    PartsQuery,
    TrendOut,
    TrendQuery,
)
from certificates.services import (
    behind,
    bridging,
    cliff,
    drilling,
    excluding,
    expiring,
    figures,
    indicators,
    units,
)
from certificates.services.counts import asking, latest
from certificates.services.counts.asking import Asked, Filter
from certificates.services.units import Unit
from server import clock
from server.access import identity, requires
from server.errors import NotFound
from server.http import Part
from server.paging import Page
from server.policy import Permission
from server.replica import may_lag

views = Part("coverage", "Of those who must, who does: figures against the plans 覆盖率")


@views.route("/coverage")
@requires(Permission.SEE_COVERAGE)
@may_lag
@views.arguments(CoverageQuery, location="query")
@views.response(200, CoverageOut)
@views.refuses(UnitNeeded, NotKnownThen)
def show_coverage(query: dict[str, Any]) -> dict[str, Any]:
    """Show the figures of a region or an organisation, with all beneath it, on any day."""
    asked = asked_by(query)
    key, plan = query["indicator"], query["plan"]
    every = indicators.listed(plan=plan) if key is None else [indicators.get(key)]
    items = figures.figures_of(every, asked, today=clock.today())
    parts = drilling.beneath(every, asked, today=clock.today()) if query["with_parts"] else []
    return {"items": items, "parts": parts, "freshness": figures.freshness()}


@views.route("/coverage/<string:indicator>/missing")
@requires(Permission.SEE_COVERAGE)
@may_lag
@views.arguments(MissingQuery, location="query")
@views.page(MissingOut)
@views.refuses(UnitNeeded, NotKnownThen)
def list_missing(query: dict[str, Any], indicator: str) -> Page:
    """List who is missing in a figure, and why.

    A page looks through a bounded number of regions: it may hold fewer than asked for, or nobody,
    and still name a next one. The list ends where `next_cursor` is null.
    """
    cursor, limit, reason = query["cursor"], query["limit"], query["reason"]
    return behind.page_of(indicator, asked_by(query), reason=reason, cursor=cursor, limit=limit)


@views.route("/coverage/<string:indicator>/people")
@requires(Permission.SEE_COVERAGE)
@may_lag
@views.arguments(BehindQuery, location="query")
@views.page(BehindOut)
@views.refuses(UnitNeeded, NotKnownThen)
def list_people_behind(query: dict[str, Any], indicator: str) -> Page:
    """List the people behind a figure: covered, missing and why, or not due yet.

    A page may hold fewer than asked for, or nobody, and still name a next one, as `/missing`.
    """
    wanted = {name: query[name] for name in ("standing", "reason", "cursor", "limit")}
    return behind.page_of(indicator, asked_by(query), **wanted)


@views.route("/coverage/<string:indicator>/parts")
@requires(Permission.SEE_COVERAGE)
@may_lag
@views.arguments(PartsQuery, location="query")
@views.response(200, PartListOut)
@views.refuses(UnitNeeded, NotKnownThen)
def list_parts(query: dict[str, Any], indicator: str) -> dict[str, Any]:
    """Take a figure apart by region, organisation, role, item, section, class or provider."""
    found = drilling.parts(indicator, asked_by(query), query["by"], today=clock.today())
    return {"items": found}


@views.route("/coverage/<string:indicator>/exclusions")
@requires(Permission.SEE_COVERAGE)
@may_lag
@views.arguments(ExclusionsQuery, location="query")
@views.response(200, ExcludedListOut)
@views.refuses(UnitNeeded, NotKnownThen)
def list_exclusions(query: dict[str, Any], indicator: str) -> dict[str, Any]:
    """Say how many a figure leaves out: not due yet, gone, still to come, free of training."""
    return {"items": excluding.exclusions(indicator, asked_by(query), since=query["since"])}


@views.route("/coverage/<string:indicator>/trend")
@requires(Permission.SEE_COVERAGE)
@may_lag
@views.arguments(TrendQuery, location="query")
@views.response(200, TrendOut)
@views.refuses(UnitNeeded, NotKnownThen, TrendTooLong)
def show_trend(query: dict[str, Any], indicator: str) -> dict[str, Any]:
    """Show how a figure went, day by day, month by month or quarter by quarter."""
    asked = asked_by(query)
    found = drilling.trend(indicator, asked, from_on=query["from_on"], every=query["every"])
    return {"items": found}


@views.route("/coverage/<string:indicator>/expiring")
@requires(Permission.SEE_COVERAGE)
@may_lag
@views.arguments(ExpiringQuery, location="query")
@views.response(200, ExpiringListOut)
@views.refuses(UnitNeeded, NotKnownThen)
def list_expiring(query: dict[str, Any], indicator: str) -> dict[str, Any]:
    """List what expires ahead if nobody renews, by month, region and item."""
    return {"items": expiring.expiring(indicator, asked_by(query), until=query["until"])}


@views.route("/coverage/<string:indicator>/cliff")
@requires(Permission.SEE_COVERAGE)
@may_lag
@views.arguments(ExpiringQuery, location="query")
@views.response(200, CliffOut)
@views.refuses(UnitNeeded, NotKnownThen)
def show_cliff(query: dict[str, Any], indicator: str) -> dict[str, Any]:
    """Show what expires ahead against the seats of the sittings that are planned."""
    return {"items": cliff.against_seats(indicator, asked_by(query), until=query["until"])}


@views.route("/coverage/<string:indicator>/change")
@requires(Permission.SEE_COVERAGE)
@may_lag
@views.arguments(ChangeQuery, location="query")
@views.response(200, ChangeOut)
@views.refuses(UnitNeeded, NotKnownThen)
def explain_change(query: dict[str, Any], indicator: str) -> bridging.Bridge:
    """Explain why a figure changed between two days, by named causes with nothing left over."""
    known_from = asking.seq_at(query["known_from"])
    asked = asked_by(query)
    return bridging.bridge(indicator, asked, from_on=query["from_on"], known_from=known_from)


@views.route("/coverage-checks/last")
@requires(Permission.RUN_PLATFORM)
@views.response(200, CoverageCheckOut)
def show_last_check() -> CoverageCheck:
    """Show what the last full count found: the cells that differ, by region, indicator and day."""
    found = latest.check()
    if found is None:
        raise NotFound
    return found


def asked_by(query: dict[str, Any]) -> Asked:
    """Return what a query asks about, within the scope of who asks."""
    on = query["on"] or clock.today()
    names = ("role", "item", "section", "high_risk", "size", "provider_id")
    wanted = {name: query[name] for name in names}
    return Asked(
        unit=_unit(query, min(on, query.get("from_on") or on)),
        on=on,
        known_seq=asking.seq_at(query["known_at"]),
        borders_on=query["borders_on"],
        filter=Filter(**wanted, organisation_id=query["department_id"]),
    )


def _unit(query: dict[str, Any], on: Any) -> Unit:
    return units.unit(
        region_id=query["region_id"],
        organisation_id=query["organisation_id"],
        scope=identity().scope(Permission.SEE_COVERAGE),
        on=on,
    )
