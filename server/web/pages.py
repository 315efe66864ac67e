"""The front page, and the files that pages load: all from this server (首页与静态文件)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Response, redirect, render_template, request, send_from_directory

from server.access import open_to_all
from server.http import Part
from server.web import app_files

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


@views.route("/app", methods=["GET"])
@open_to_all
@views.response(302)
def lead_to_phone_app() -> Response:
    """Lead to the phone app."""
    return redirect("/app/")  # type: ignore[return-value]  # werkzeug's own response is one, too


@views.route("/app/", methods=["GET"])
@open_to_all
@views.response(200, {"type": "string"}, content_type="text/html")
def show_phone_app() -> Response:
    """Show the phone app: learning, exams, certificates."""
    return app_files.sent("index.html", request)


@views.route("/app/<path:name>", methods=["GET"])
@open_to_all
@views.response(200, {"type": "string"}, content_type="*/*")
def show_phone_app_file(name: str) -> Response:
    """Send a file of the phone app."""
    return app_files.sent(name, request)


@views.route("/console", methods=["GET"])
@open_to_all
@views.response(302)
def lead_to_console() -> Response:
    """Lead to the console."""
    return redirect("/console/")  # type: ignore[return-value]  # werkzeug's own response is one, too


@views.route("/console/", methods=["GET"])
@open_to_all
@views.response(200, {"type": "string"}, content_type="text/html")
def show_console() -> Response:
    """Show the console: question bank, exams, certificates, coverage, for desks."""
    return app_files.sent("index.html", request, folder=app_files.CONSOLE)


@views.route("/console/<path:name>", methods=["GET"])
@open_to_all
@views.response(200, {"type": "string"}, content_type="*/*")
def show_console_file(name: str) -> Response:
    """Send a file of the console."""
    return app_files.sent(name, request, folder=app_files.CONSOLE)
