"""Addresses of answers on paper: two people read a sheet apart, a third settles (纸质录入接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from exams.admission_errors import NotAdmitted
from exams.correction_errors import Involved
from exams.errors import ExamNotPublished, NotEligible, Withdrawn
from exams.models import PaperSheet
from exams.paper_errors import BookletUnknown
from exams.schemas import paper_sheets as shapes
from exams.separation_errors import NotSeparated
from exams.services import paper_sheets
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
from server.db import transaction
from server.http import Part
from server.paging import Page, PageQuery
from server.policy import Permission

views = Part("paper-sheets", "Answers taken over from paper 纸质作答录入")


@views.route("/exams/<uuid:exam_id>/paper-sheets")
@requires(Permission.EXAMINE)
@views.arguments(PageQuery, location="query")
@views.page(shapes.PaperSheetOut)
def list_paper_sheets(query: dict[str, Any], exam_id: UUID) -> Page:
    """List the answer sheets of an exam, with how far each is."""
    return paper_sheets.listed(exam_id, scope=identity().scope(Permission.EXAMINE), **query)


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
