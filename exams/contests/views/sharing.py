"""Pages that whoever took part hands out (分享页面)."""

from __future__ import annotations

from pathlib import Path

from flask import Response, render_template

from exams.contests.services import links
from server import clock
from server.access import open_to_all
from server.http import Part

views = Part("contest_results", "竞赛成绩分享 · Shared results of contests.", prefix="")
views.template_folder = str(Path(__file__).parent.parent / "templates")

#: A place may change as long as the round goes on.
CACHED = "public, max-age=60"


@views.route("/contest-results/<string:code>", methods=["GET"])
@open_to_all
@views.response(200, {"type": "string"}, content_type="text/html")
def show_shared_result(code: str) -> Response:
    """Show a result that somebody shares, in both languages: no name, number or employer."""
    page = render_template("contest_result.html", result=links.show(code, at=clock.now()))
    response = Response(page, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = CACHED
    return response
