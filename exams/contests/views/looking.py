"""Looking on: contests, boards and the questions of a final, for everybody (竞赛公开接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from exams.contests.models import Contest
from exams.contests.schemas.boards import ContestBoardOut
from exams.contests.schemas.contests import ContestOut
from exams.contests.schemas.taking_part import FinalQuestionOut
from exams.contests.services import contests
from exams.contests.views.lanes import CACHED, QUESTION_CACHED, show_board, show_question
from server import clock
from server.access import open_to_all
from server.db import db
from server.http import Part
from server.paging import Page, PageQuery

views = Part("contests", "知识竞赛 · Knowledge contests, for everybody.")


@views.route("/contests")
@open_to_all
@views.arguments(PageQuery, location="query")
@views.page(ContestOut)
def list_contests(query: dict[str, Any]) -> Page:
    """List the contests that are published, the latest first."""
    return contests.listed_public(**query)


@views.route("/contests/<uuid:contest_id>")
@open_to_all
@views.response(200, ContestOut)
def show_contest(contest_id: UUID) -> Contest:
    """Show a published contest: its rounds, its notice, how it counts."""
    return contests.public(contest_id)


@views.route("/contest-boards/<string:round_id>")
@open_to_all
@views.response(200, ContestBoardOut)
def show_contest_board(round_id: str) -> Response:
    """Show the board of a round: masked names, regions, employers; two seconds old at most."""
    content = show_board(db.session.connection(), round_id, clock.now())
    return _reply(content, CACHED)


@views.route("/contest-questions/<string:name>")
@open_to_all
@views.response(200, FinalQuestionOut)
def show_final_question(name: str) -> Response:
    """Show a question of a final, named `<round>.<slot>`, from the moment it opens on."""
    content = show_question(db.session.connection(), name, clock.now())
    return _reply(content, QUESTION_CACHED)


def _reply(content: bytes, cached: str) -> Response:
    response = Response(content, content_type="application/json")
    response.headers["Cache-Control"] = cached
    return response
