"""Evaluations of a plan, mid-term and final: issued, run again, revised (规划评估报告)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import false, func, or_, select

from certificates import plans
from certificates.coverage import decimal, ratio, shown
from certificates.models import CoverageBatch, Indicator, PlanReport, ReportKind
from certificates.services import bridging, drilling, figures, indicators, units
from certificates.services.counts.asking import Asked
from certificates.services.drilling import By, Every
from certificates.services.figures import Figure
from certificates.services.targets import Target
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.paging import Page, narrowed, page
from server.policy import Identity, Permission
from server.regions import services as regions
from server.regions.models import Region, beneath
from server.scopes import EVERYWHERE, Scope

#: The job that prints an evaluation.
PRINT = "plan_report_files"


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A figure of a report that is known otherwise since: old, new, and why."""

    indicator: str
    on: date
    old: str
    new: str
    #: Causes by name, and how many people each concerns.
    reasons: Mapping[str, int]


def issue(
    report_id: UUID,
    *,
    plan: str,
    kind: ReportKind,
    region_id: UUID | None,
    on: date | None,
    by: Identity,
    at: datetime,
) -> PlanReport:
    """Issue an evaluation of a plan: what the figures are, from what is known now.

    The manifest keeps the day, the last batch known, and the versions and targets it rests on:
    whoever runs it again gets the same, whatever is learned since.

    Args:
        report_id: the id the client made.
        plan: which plan.
        kind: mid-term or final.
        region_id: a region within the plan's; left out: the plan's own.
        on: the day it speaks of; left out: the plan's last day, or the end of its half.
        by: who issues it.
        at: the moment.

    Raises:
        NotFound: there is no such plan, or the region lies outside the asker's scope.
        IdTaken: another report stands under this id.
    """
    known = db.session.get(PlanReport, report_id)
    if known is not None:
        if (known.plan, known.kind) != (plan, kind):
            raise IdTaken
        return known
    of_plan = plans.every().get(plan)
    if of_plan is None:
        raise NotFound
    region_id = region_id or regions.id_of(of_plan.division_code)
    default = of_plan.until_on if kind is ReportKind.FINAL else of_plan.mid_term_on
    unit = units.unit(
        region_id=region_id, organisation_id=None, scope=by.scope(Permission.SEE_COVERAGE)
    )
    newest = db.session.execute(select(func.max(CoverageBatch.seq))).scalar_one() or 0
    asked = Asked(unit=replace(unit, scope=EVERYWHERE), on=on or default, known_seq=newest)
    every = indicators.listed(plan=plan)
    first = figures.figures_of(every, asked, today=None)
    manifest = {
        "versions": {each.indicator.key: str(each.indicator.id) for each in first},
        "targets": {each.indicator.key: _told(each.target) for each in first},
    }
    report = PlanReport(
        id=report_id,
        plan=plan,
        kind=kind,
        region_id=region_id,
        on=asked.on,
        known_seq=newest,
        manifest=manifest,
        content={},
        fingerprint="",
        issued_at=at,
        issued_by_id=by.account_id,
    )
    report.content = content_of(report)
    report.fingerprint = hashlib.sha256(rfc8785.dumps(report.content)).hexdigest()
    db.session.add(report)
    db.session.flush()
    audit.append(
        "plan_report_issued",
        by=by,
        at=at,
        subject_kind="plan_report",
        subject_id=report_id,
        before=None,
        after={"plan": plan, "kind": kind.value, "fingerprint": report.fingerprint},
        region_path=unit.path,
    )
    return report


def content_of(report: PlanReport, *, known_now: bool = False) -> dict[str, Any]:
    """Run a report by its manifest and return what it says.

    Args:
        report: with its manifest.
        known_now: by all that is known now, instead of what was known to it.
    """
    of_plan = plans.every()[report.plan]
    asked = _asked(report, known_now=known_now)
    final = report.kind is ReportKind.FINAL
    return {
        "plan": {"key": of_plan.key, "name_zh": of_plan.name_zh, "name_en": of_plan.name_en},
        "kind": report.kind.value,
        "kind_zh": "终期考核" if final else "中期评估",
        "region": asked.unit.name,
        "on": report.on.isoformat(),
        "from_on": of_plan.from_on.isoformat(),
        "indicators": [_row(each, asked, of_plan.from_on) for each in _figures(report, asked)],
    }


def revisions(report: PlanReport) -> list[Revision]:
    """Return the figures of a report that are known otherwise since, each with the reasons."""
    then, now = _asked(report, known_now=False), _asked(report, known_now=True)
    found = []
    pairs = zip(_figures(report, then), _figures(report, now), strict=True)
    for old, new in pairs:
        if _counts(old) == _counts(new):
            continue
        key = old.indicator.key
        told = bridging.bridge(key, now, from_on=report.on, known_from=report.known_seq)
        reasons = {each.cause: each.people_count for each in told.causes}
        found.append(
            Revision(
                indicator=key, on=report.on, old=_told_as(old), new=_told_as(new), reasons=reasons
            )
        )
    return found


def get(report_id: UUID, *, scope: Scope) -> PlanReport:
    """Return a report.

    Raises:
        NotFound: there is none within the scope.
    """
    found = db.session.get(PlanReport, report_id)
    if found is None:
        raise NotFound
    units.unit(region_id=found.region_id, organisation_id=None, scope=scope)
    return found


def listed(
    scope: Scope,
    *,
    plan: str | None = None,
    kind: ReportKind | None = None,
    region_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the reports of regions within the scope, the latest first."""
    statement = select(PlanReport).join(Region, Region.id == PlanReport.region_id)
    statement = narrowed(statement, {PlanReport.plan: plan, PlanReport.kind: kind})
    if region_id is not None:
        statement = statement.where(beneath(Region.path, regions.get(region_id).path))
    if not scope.everywhere:
        held = (beneath(Region.path, root) for root in scope.region_paths)
        statement = statement.where(or_(false(), *held))
    order = [PlanReport.issued_at, PlanReport.id]
    return page(statement, order, cursor=cursor, limit=limit, descending=True)


def _asked(report: PlanReport, *, known_now: bool) -> Asked:
    unit = units.unit(region_id=report.region_id, organisation_id=None, scope=EVERYWHERE)
    return Asked(unit=unit, on=report.on, known_seq=None if known_now else report.known_seq)


def _figures(report: PlanReport, asked: Asked) -> list[Figure]:
    """Return the figures by the versions and targets of the manifest."""
    versions = report.manifest["versions"]
    every = [db.session.get_one(Indicator, UUID(one)) for _, one in sorted(versions.items())]
    found = figures.figures_of(every, asked, today=None)
    return [
        figures.with_target(each, _target(report.manifest["targets"][each.indicator.key]))
        for each in found
    ]


def _row(figure: Figure, asked: Asked, from_on: date) -> dict[str, Any]:
    indicator, said = figure.indicator, figure.definition
    parts = drilling.parts(indicator.key, asked, By.REGION)
    trend = drilling.trend(indicator.key, asked, from_on=from_on, every=Every.QUARTER)
    return {
        "key": indicator.key,
        "quote": indicator.quote,
        "population_zh": "、".join(each.zh for each in figure.question.populations),
        "unit": indicator.unit,
        "target": figure.target.target,
        "deadline": figure.target.deadline.isoformat() if figure.target.deadline else None,
        "required": figure.required_count,
        "covered": figure.covered_count,
        "missing": figure.missing_count,
        "excluded": figure.excluded_count,
        "ratio": figure.ratio_decimal,
        "shown": figure.shown,
        "gap": figure.gap,
        "reached": figure.reached,
        "numerator_zh": said.numerator_zh,
        "denominator_zh": said.denominator_zh,
        "excluded_zh": said.excluded_zh,
        "parts": [
            {
                "name": part.name,
                "required": part.figure.required_count,
                "covered": part.figure.covered_count,
                "ratio": part.figure.ratio_decimal,
                "shown": part.figure.shown,
            }
            for part in parts
            if part.figure.required_count or part.figure.covered_count
        ],
        "trend": [
            {
                "on": point.on.isoformat(),
                "covered": point.covered_count,
                "required": point.required_count,
                "ratio": decimal(ratio(point.covered_count, point.required_count)),
                "shown": shown(ratio(point.covered_count, point.required_count)),
            }
            for point in trend
        ],
    }


def _counts(figure: Figure) -> tuple[int | None, int]:
    return figure.required_count, figure.covered_count


def _told_as(figure: Figure) -> str:
    if figure.required_count is None:
        return str(figure.covered_count)
    return f"{figure.covered_count}/{figure.required_count}"


def _told(target: Target) -> dict[str, Any]:
    return {
        "target": target.target,
        "deadline": target.deadline.isoformat() if target.deadline else None,
        "region_id": str(target.region_id) if target.region_id else None,
    }


def _target(told: Mapping[str, Any]) -> Target:
    return Target(
        target=told["target"],
        deadline=date.fromisoformat(told["deadline"]) if told["deadline"] else None,
        region_id=UUID(told["region_id"]) if told["region_id"] else None,
    )
