"""Addresses for entering whole rosters (名册导入接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server import clock
from server.access import identity, requires
from server.db import transaction
from server.errors import TooLarge, WrongMediaType
from server.http import Part
from server.people.errors import SheetUnreadable
from server.people.schemas.imports import RosterImportOut, RosterImportQuery
from server.people.services import imports
from server.people.services.imports import Report, RowReport
from server.people.views.uploads import WORKBOOK, body_of, takes
from server.policy import Permission

views = Part("roster_imports", "Rosters of people and posts from workbooks 名册导入")


@views.route(
    "/organisations/<uuid:organisation_id>/roster-imports/<uuid:import_id>", methods=["PUT"]
)
@requires(Permission.MANAGE_PEOPLE)
@views.arguments(RosterImportQuery, location="query")
@takes(views, WORKBOOK)
@views.response(200, RosterImportOut)
@views.refuses(SheetUnreadable, TooLarge, WrongMediaType)
def enter_roster(query: dict[str, Any], organisation_id: UUID, import_id: UUID) -> Report:
    """Try a roster, and with `store=true` enter its accepted rows; the body is the workbook."""
    by, at, store = identity(), clock.now(), query["store"]
    reports: list[RowReport] = []
    for batch in imports.read(body_of((WORKBOOK,)), on=clock.today()):
        with transaction():
            reports += imports.enter(import_id, organisation_id, batch, store=store, by=by, at=at)
    return imports.summed_up(reports, stored=store)
