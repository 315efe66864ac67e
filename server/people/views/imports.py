"""Addresses for entering whole rosters (名册导入接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from server import clock
from server.access import identity, requires
from server.confined import OutOfBounds
from server.db import transaction
from server.errors import TooLarge, WrongMediaType
from server.http import Part
from server.people.schemas.imports import SheetQuery, SheetReportOut
from server.people.services import imports
from server.people.views.uploads import WORKBOOK, body_of, replied, takes
from server.policy import Permission
from server.sheets.entering import Report, RowReport
from server.sheets.errors import SheetUnreadable

views = Part("roster_imports", "Rosters of people and posts from workbooks 名册导入")


@views.route(
    "/organisations/<uuid:organisation_id>/roster-imports/<uuid:import_id>", methods=["PUT"]
)
@requires(Permission.MANAGE_PEOPLE)
@views.arguments(SheetQuery, location="query")
@takes(views, WORKBOOK)
@views.response(200, SheetReportOut)
@views.refuses(SheetUnreadable, OutOfBounds, TooLarge, WrongMediaType)
def enter_roster(
    query: dict[str, Any], organisation_id: UUID, import_id: UUID
) -> Report | Response:
    """Try a roster, and with `store=true` enter its accepted rows; the body is the workbook."""
    by, at, store, content = identity(), clock.now(), query["store"], body_of((WORKBOOK,))
    reports: list[RowReport] = []
    for batch in imports.read(content, on=clock.today()):
        with transaction():
            reports += imports.enter(import_id, organisation_id, batch, store=store, by=by, at=at)
    return replied(content, reports, query)
