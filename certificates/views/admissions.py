"""Addresses of the admission list of high-risk industries (高危行业准入清单接口)."""

from __future__ import annotations

from typing import Any

from flask import Response

from certificates.errors import UnitNeeded
from certificates.schemas.admissions import (
    IN_A_FILE,
    AdmissionFileQuery,
    AdmissionOut,
    AdmissionQuery,
)
from certificates.services import admitting, units
from certificates.views.coverage import views
from server import clock
from server.access import identity, requires
from server.paging import Page
from server.policy import Permission


@views.route("/admissions")
@requires(Permission.SEE_COVERAGE)
@views.arguments(AdmissionQuery, location="query")
@views.page(AdmissionOut)
@views.refuses(UnitNeeded)
def list_admissions(query: dict[str, Any]) -> Page:
    """List the enterprises in high-risk industries: who may operate, and what the others lack."""
    return _page(query)


@views.route("/admissions.csv")
@requires(Permission.SEE_COVERAGE)
@views.arguments(AdmissionFileQuery, location="query")
@views.response(200, {"type": "string"}, content_type="text/csv")
@views.refuses(UnitNeeded)
def show_admission_table(query: dict[str, Any]) -> Response:
    """Return the list as a table for spreadsheets; `X-Next-Cursor` where there is more of it."""
    found = _page(query | {"limit": IN_A_FILE})
    response = Response(admitting.as_csv(found.items), content_type="text/csv; charset=utf-8")
    if found.next_cursor is not None:
        response.headers["X-Next-Cursor"] = found.next_cursor
    return response


def _page(query: dict[str, Any]) -> Page:
    on = query["on"] or clock.today()
    unit = units.unit(
        region_id=query["region_id"],
        organisation_id=query["organisation_id"],
        scope=identity().scope(Permission.SEE_COVERAGE),
        on=on,
    )
    names = ("branch", "admitted", "cursor", "limit")
    return admitting.listed(unit, on=on, **{name: query[name] for name in names})
