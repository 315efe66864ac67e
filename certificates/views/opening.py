"""The public page of progress, and the same as open data (公开进展页面与开放数据)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Response, render_template, request

from certificates import plans
from certificates.schemas.opening import EditionListOut, EditionQuery
from certificates.services import opening
from certificates.views.coverage import views
from certificates.views.parts import page_views
from server.access import open_to_all
from server.replica import may_lag

_STYLE = Path(__file__).parent.parent / "web" / "progress.css"

#: How long a page or a file may be kept: it changes once a month.
CACHED = "public, max-age=3600"


@page_views.route("/progress", methods=["GET"])
@open_to_all
@page_views.response(200, {"type": "string"}, content_type="text/html")
def show_progress() -> Response:
    """Show everybody how far the plans are, with small numbers hidden."""
    page = render_template("progress.html", editions=opening.editions(), names=plans.every())
    return _kept(Response(page, content_type="text/html; charset=utf-8"))


@page_views.route("/progress/files/progress.css", methods=["GET"])
@open_to_all
@page_views.response(200, {"type": "string"}, content_type="text/css")
def show_progress_style() -> Response:
    """Send the style of the page."""
    return _kept(Response(_STYLE.read_bytes(), mimetype="text/css"))


@views.route("/open-data/coverage")
@open_to_all
@may_lag
@views.arguments(EditionQuery, location="query")
@views.response(200, EditionListOut)
def show_open_data(query: dict[str, Any]) -> dict[str, Any]:
    """Return the published figures of the plans: of all, or of one in all months."""
    return {"items": _editions(query)}


@views.route("/open-data/coverage.csv")
@open_to_all
@may_lag
@views.arguments(EditionQuery, location="query")
@views.response(200, {"type": "string"}, content_type="text/csv")
def show_open_table(query: dict[str, Any]) -> Response:
    """Return the published figures as a table for spreadsheets."""
    words = opening.as_csv(_editions(query))
    return _kept(Response(words, content_type="text/csv; charset=utf-8"))


def _editions(query: dict[str, Any]) -> list[Any]:
    plan, month = query["plan"], query["month"]
    return opening.of(plan, month) if plan is not None else opening.editions()


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = CACHED
    response.add_etag()
    response.make_conditional(request)
    return response
