"""Addresses of evaluations of plans (规划评估报告接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from certificates.models import PlanReport
from certificates.schemas.reports import (
    PlanReportIn,
    PlanReportOut,
    PlanReportQuery,
    WholePlanReportOut,
)
from certificates.services import evaluating
from certificates.views.coverage import views
from server import clock
from server.access import identity, requires
from server.db import transaction
from server.errors import IdTaken
from server.jobs import services as jobs
from server.jobs.errors import TooManyJobs
from server.jobs.models import Job
from server.jobs.schemas import JobOut
from server.paging import Page
from server.policy import Permission


@views.route("/plan-reports")
@requires(Permission.SEE_COVERAGE)
@views.arguments(PlanReportQuery, location="query")
@views.page(PlanReportOut)
def list_plan_reports(query: dict[str, Any]) -> Page:
    """List the evaluations that were issued, the latest first."""
    return evaluating.listed(identity().scope(Permission.SEE_COVERAGE), **query)


@views.route("/plan-reports/<uuid:report_id>", methods=["PUT"])
@requires(Permission.SEE_COVERAGE)
@views.arguments(PlanReportIn)
@views.response(200, PlanReportOut)
@views.refuses(IdTaken)
def issue_plan_report(body: dict[str, Any], report_id: UUID) -> PlanReport:
    """Issue an evaluation of a plan, mid-term or final, from what is known now."""
    by = identity()
    with transaction():
        return evaluating.issue(report_id, **body, by=by, at=clock.now())


@views.route("/plan-reports/<uuid:report_id>")
@requires(Permission.SEE_COVERAGE)
@views.response(200, WholePlanReportOut)
def show_plan_report(report_id: UUID) -> dict[str, Any]:
    """Show an evaluation, and the figures that are known otherwise since, with the reasons."""
    found = evaluating.get(report_id, scope=identity().scope(Permission.SEE_COVERAGE))
    names = WholePlanReportOut().fields.keys() - {"revisions"}
    return {name: getattr(found, name) for name in names} | {
        "revisions": evaluating.revisions(found)
    }


@views.route("/plan-reports/<uuid:report_id>/files/<uuid:job_id>", methods=["PUT"])
@requires(Permission.SEE_COVERAGE)
@views.response(200, JobOut)
@views.refuses(IdTaken, TooManyJobs)
def print_plan_report(report_id: UUID, job_id: UUID) -> Job:
    """Have an evaluation printed as PDF and as a workbook: a job with two files."""
    by = identity()
    with transaction():
        evaluating.get(report_id, scope=by.scope(Permission.SEE_COVERAGE))
        wanted = {"report_id": str(report_id)}
        return jobs.ask(job_id, evaluating.PRINT, wanted, by=by, at=clock.now())
