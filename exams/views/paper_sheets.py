"""Addresses of answers on paper: two people read a sheet apart, a third settles (纸质录入接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from exams.admission_errors import NotAdmitted
from exams.correction_errors import Involved
from exams.errors import ExamNotPublished, NotEligible, Withdrawn
from exams.models import PaperSheet
from exams.paper_errors import BookletUnknown
from exams.schemas import paper_sheets as shapes
from exams.separation_errors import NotSeparated
from exams.services import paper_room_sheets, paper_sheets
from exams.sheet_errors import (
    LettersUnfit,
    NothingToSettle,
    ReaderSettles,
    SatOnDevice,
    SheetHoursUnfit,
    SheetRead,
    SittingNotOver,
)
from server import clock
from server.access import identity, requires
from server.confined import OutOfBounds
from server.db import transaction
from server.errors import TooLarge, WrongMediaType
from server.http import Part
from server.paging import Page, PageQuery
from server.people.schemas.imports import SheetReportOut
from server.people.views.uploads import WORKBOOK, body_of, replied, takes
from server.policy import Permission
from server.sheets.entering import Report, RowReport
from server.sheets.errors import SheetUnreadable

views = Part("paper-sheets", "Answers taken over from paper 纸质作答录入")


@views.route("/exams/<uuid:exam_id>/paper-sheets")
@requires(Permission.EXAMINE)
@views.arguments(PageQuery, location="query")
@views.page(shapes.PaperSheetOut)
def list_paper_sheets(query: dict[str, Any], exam_id: UUID) -> Page:
    """List the answer sheets of an exam, with how far each is."""
    return paper_sheets.listed(exam_id, scope=identity().scope(Permission.EXAMINE), **query)


@views.route("/exams/<uuid:exam_id>/paper-reading-workbook.xlsx")
@requires(Permission.EXAMINE)
@views.arguments(shapes.PaperRoomQuery, location="query")
@views.response(200, {"type": "string", "format": "binary"}, content_type=WORKBOOK)
def make_reading_workbook(query: dict[str, Any], exam_id: UUID) -> Response:
    """Make the workbook in which the answer sheets of a room are typed: a row for each place."""
    content = paper_room_sheets.blank(exam_id, query["room"], by=identity())
    reply = Response(content, mimetype=WORKBOOK)
    reply.headers.set("Content-Disposition", "attachment", filename="sheets.xlsx")
    reply.headers["Cache-Control"] = "private, no-store"
    return reply


@views.route("/exams/<uuid:exam_id>/paper-reading-imports", methods=["PUT"])
@requires(Permission.EXAMINE)
@views.arguments(shapes.PaperReadingQuery, location="query")
@takes(views, WORKBOOK)
@views.response(200, SheetReportOut)
@views.refuses(SheetUnreadable, OutOfBounds, TooLarge, WrongMediaType)
def read_paper_sheets(query: dict[str, Any], exam_id: UUID) -> Report | Response:
    """Try a workbook of what one reads from the answer sheets of a room; `store=true` keeps it.

    The second person's workbook is compared with the first one's: what both read alike is graded,
    what they read differently is said beside the row and waits for a third.
    """
    by, at, sat, content = identity(), clock.now(), query["sat"], body_of((WORKBOOK,))
    reports: list[RowReport] = []
    for batch in paper_room_sheets.read(content):
        with transaction():
            reports += paper_room_sheets.enter(
                exam_id, batch, sat, store=query["store"], by=by, at=at
            )
    return replied(content, reports, query)


@views.route("/paper-sheets/<uuid:enrolment_id>", methods=["PUT"])
@requires(Permission.EXAMINE)
@views.arguments(shapes.PaperSheetIn)
@views.response(200, shapes.PaperSheetOut)
@views.refuses(ExamNotPublished, SittingNotOver, Withdrawn, NotEligible, NotAdmitted, SatOnDevice)
@views.refuses(SheetHoursUnfit, BookletUnknown, SheetRead, Involved, NotSeparated)
def open_paper_sheet(body: dict[str, Any], enrolment_id: UUID) -> PaperSheet:
    """Say that a place sat on paper: by which booklet, from when to when, and why."""
    by = identity()
    with transaction():
        return paper_sheets.open_it(enrolment_id, **body, by=by, at=clock.now())


@views.route("/paper-sheets/<uuid:enrolment_id>")
@requires(Permission.EXAMINE)
@views.response(200, shapes.PaperSheetOut)
def show_paper_sheet(enrolment_id: UUID) -> PaperSheet:
    """Show how far a sheet is, and what two people read differently."""
    return paper_sheets.get(enrolment_id, by=identity())


@views.route("/paper-sheets/<uuid:enrolment_id>/reading", methods=["PUT"])
@requires(Permission.EXAMINE)
@views.arguments(shapes.SheetReadingIn)
@views.response(200, shapes.PaperSheetOut)
@views.refuses(SheetRead, LettersUnfit, SatOnDevice, Involved, NotSeparated)
def read_paper_sheet(body: dict[str, Any], enrolment_id: UUID) -> PaperSheet:
    """Keep what one reads from a sheet; what two people read alike is graded at once."""
    by = identity()
    with transaction():
        return paper_sheets.read(enrolment_id, **body, by=by, at=clock.now())


@views.route("/paper-sheets/<uuid:enrolment_id>/settlement", methods=["PUT"])
@requires(Permission.EXAMINE)
@views.arguments(shapes.SheetSettlementIn)
@views.response(200, shapes.PaperSheetOut)
@views.refuses(NothingToSettle, ReaderSettles, LettersUnfit, SatOnDevice, Involved, NotSeparated)
def settle_paper_sheet(body: dict[str, Any], enrolment_id: UUID) -> PaperSheet:
    """Say, as a third person who looked at the paper, what stands where two read differently."""
    by = identity()
    with transaction():
        return paper_sheets.settle(enrolment_id, **body, by=by, at=clock.now())
