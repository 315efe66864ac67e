"""The front page, and the files that pages load: all from this server (首页与静态文件)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Response, render_template, send_from_directory

from server.access import open_to_all
from server.http import Part

STATIC = Path(__file__).parent / "static"

#: How long a browser may keep a file before it asks again; it asks by ETag, so a change shows.
KEPT_FOR = timedelta(minutes=5)

views = Part("pages", "给人看的页面 · Pages for people.", prefix="")


@views.route("/", methods=["GET"])
@open_to_all
@views.response(200, {"type": "string"}, content_type="text/html")
def show_front_page() -> Response:
    """Show where to go."""
    return Response(render_template("front.html"), content_type="text/html; charset=utf-8")


@views.route("/web/<path:name>", methods=["GET"])
@open_to_all
@views.response(200, {"type": "string"}, content_type="*/*")
def show_asset(name: str) -> Response:
    """Send a file that a page loads."""
    response = send_from_directory(STATIC, name, max_age=int(KEPT_FOR.total_seconds()))
    response.headers["Cache-Control"] = f"public, max-age={int(KEPT_FOR.total_seconds())}"
    return response
