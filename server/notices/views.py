"""Addresses of the state and of notices, and the page for everybody (运行状态接口与页面)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, current_app, jsonify, render_template

from server import clock, queues
from server.access import identity, open_to_all, requires
from server.audit.errors import NumberNotMasked
from server.audit.schemas import WhyIn
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.notices import services as notices
from server.notices.errors import NoticeEnds
from server.notices.models import Notice
from server.notices.schemas import NoticeIn, NoticeOut, NoticeQuery, StatusOut
from server.paging import Page
from server.policy import Permission

views = Part("notices", "运行状态与公告 · How the platform is doing, and notices.")
page_views = Part("notice_pages", "运行状态页面 · The page of it.", prefix="")

#: A crowd that looks is answered by the proxy most of the time.
CACHED = "public, max-age=10"


@views.route("/status")
@open_to_all
@views.response(200, StatusOut)
def show_status() -> Response:
    """Say whether exams can go on, and what who runs the platform tells."""
    writer = queues.writer(current_app)
    found = notices.status(is_troubled=writer.was_troubled(), at=clock.now())
    response: Response = jsonify(StatusOut().dump(found))
    response.headers["Cache-Control"] = CACHED
    return response


@views.route("/notices/<uuid:notice_id>", methods=["PUT"])
@requires(Permission.RUN_PLATFORM)
@views.arguments(NoticeIn)
@views.response(200, NoticeOut)
@views.refuses(NoticeEnds, IdTaken)
def publish_notice(body: dict[str, Any], notice_id: UUID) -> Notice:
    """Tell everybody something for a while."""
    by = identity()
    with transaction():
        return notices.publish(notice_id, **body, by=by, at=clock.now())


@views.route("/notices/<uuid:notice_id>/withdrawal", methods=["PUT"])
@requires(Permission.RUN_PLATFORM)
@views.arguments(WhyIn, required=False)
@views.response(200, NoticeOut)
@views.refuses(NumberNotMasked)
def withdraw_notice(body: dict[str, Any], notice_id: UUID) -> Notice:
    """Show a notice no more; the audit keeps why."""
    by = identity()
    with transaction():
        return notices.withdraw(notice_id, **body, by=by, at=clock.now())


@views.route("/notices")
@requires(Permission.RUN_PLATFORM)
@views.arguments(NoticeQuery, location="query")
@views.page(NoticeOut)
def list_notices(query: dict[str, Any]) -> Page:
    """List all notices there ever were, the newest first."""
    return notices.listed(**query)


@page_views.route("/status", methods=["GET"])
@open_to_all
@page_views.response(200, {"type": "string"}, content_type="text/html")
def show_status_page() -> Response:
    """Show the state to people; the page goes on telling what it knows when nobody answers."""
    response = Response(render_template("status.html"), content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


VIEWS = (views, page_views)
