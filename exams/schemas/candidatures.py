"""Applications for a sitting, seats and tickets, as they go in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from exams.eligibility import Hindrance
from exams.enrolling import HEADINGS
from exams.schemas.named import CandidateNamed
from exams.schemas.stations import PracticalSubjectOut
from exams.sittings import Attendance, Awaited
from server.paging import PageQuery
from server.people.schemas.imports import SheetQuery


class CandidatureIn(Schema):
    """A place in a sitting that is applied for."""

    candidate_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "Null: for oneself."}
    )
    sent_by_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "The employer or provider that sends the candidate."},
    )
    waiver = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 200),
        metadata={"description": "A certificate of vocational skill instead of training."},
    )
    document_number = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 100),
        load_only=True,
        metadata={"description": "Proves that one knows a candidate beyond one's scope."},
    )


class CandidatureReasonOut(Schema):
    """One thing that stands in the way, and the article that says so."""

    hindrance = fields.Enum(Hindrance, by_value=True, required=True)
    text_zh = fields.String(required=True)
    article = fields.String(required=True)


class CandidatureOut(Schema):
    """An application for a place in a sitting, and what became of it."""

    id = fields.UUID(required=True, metadata={"description": "Also the id of the enrolment."})
    sitting_id = fields.UUID(required=True)
    candidate_id = fields.UUID(required=True)
    number = fields.Integer(
        required=True, metadata={"description": "In the order of application, from 1."}
    )
    sent_by_id = fields.UUID(required=True, allow_none=True)
    waiver = fields.String(required=True, allow_none=True)
    hindrances = fields.List(fields.String(), required=True, attribute="enrolment.hindrances")
    awaits = fields.Enum(
        Awaited,
        by_value=True,
        required=True,
        allow_none=True,
        attribute="enrolment.awaits",
        metadata={"description": "Null: the candidate may start in the hours of the exam."},
    )
    decide_by = fields.Date(
        required=True, metadata={"description": "Who hears nothing until then is admitted."}
    )
    approved = fields.Boolean(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    decision_reason = fields.String(required=True, allow_none=True)
    withdrawn_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="enrolment.withdrawn_at"
    )
    room = fields.String(required=True, attribute="enrolment.room")
    seat = fields.String(required=True, allow_none=True, attribute="seat_label")
    turn = fields.Integer(
        required=True, metadata={"description": "Of the station, from 1; 0 but in practicals."}
    )
    seat_note = fields.Dict(
        required=True,
        allow_none=True,
        metadata={"description": "Seats beside it with people of the same employer or class."},
    )
    ticket_number = fields.Integer(required=True)
    attendance = fields.Enum(Attendance, by_value=True, required=True)
    let_in_at = fields.AwareDateTime(required=True, allow_none=True)
    absence_reason = fields.String(required=True, allow_none=True)


class CandidatureListed(CandidateNamed, CandidatureOut):
    """An application in a list: who applied, and who sends them."""

    sent_by_name = fields.String(
        required=True,
        allow_none=True,
        attribute="sent_by.name",
        dump_default=None,
        metadata={"description": "Null: the candidate came alone."},
    )


class CandidatureDetailOut(CandidatureOut):
    """An application with the articles of what stands in its way."""

    reasons = fields.List(fields.Nested(CandidatureReasonOut), required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read the reasons from beside the application, everything else from it."""
        whole = obj if attr == "reasons" else obj["found"]
        return super().get_attribute(whole, attr, default)


class CandidatureDecisionIn(Schema):
    """What is decided upon an application."""

    approved = fields.Boolean(required=True)
    reason = fields.String(required=True, validate=validate.Length(1, 1000))


class AbsenceIn(Schema):
    """Why somebody will not come."""

    reason = fields.String(required=True, validate=validate.Length(1, 1000))


class CandidatureSeatIn(Schema):
    """Another seat, and why."""

    room_id = fields.UUID(required=True)
    row = fields.Integer(required=True, strict=True, validate=validate.Range(1, 100))
    column = fields.Integer(required=True, strict=True, validate=validate.Range(1, 100))
    turn = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(0, 1000),
        metadata={"description": "Of a practical; null: as it is."},
    )
    reason = fields.String(required=True, validate=validate.Length(1, 1000))


class CandidatureQuery(PageQuery):
    """Which applications to list."""

    sitting_id = fields.UUID(load_default=None)


class SittingCandidatureQuery(PageQuery):
    """Which applications of a sitting to list."""

    attendance = fields.Enum(Attendance, by_value=True, load_default=None)


class TicketOut(Schema):
    """An admission ticket."""

    enrolment_id = fields.UUID(required=True, attribute="candidature.id")
    sitting_id = fields.UUID(required=True, attribute="sitting.id")
    number = fields.Integer(required=True, attribute="candidature.ticket_number")
    name = fields.String(required=True, attribute="candidate.name")
    document_masked = fields.String(required=True, attribute="candidate.document_masked")
    centre = fields.String(required=True, attribute="centre.name")
    room = fields.String(required=True, attribute="candidature.enrolment.room")
    seat = fields.String(required=True, allow_none=True)
    turn = fields.Integer(required=True, attribute="candidature.turn")
    subjects = fields.List(
        fields.Nested(PracticalSubjectOut),
        required=True,
        attribute="legs",
        metadata={"description": "Of a practical in a circuit, in the order of turns; else none."},
    )
    expected_at = fields.AwareDateTime(required=True)
    opens_at = fields.AwareDateTime(required=True, attribute="sitting.exam.opens_at")
    closes_at = fields.AwareDateTime(required=True, attribute="sitting.exam.closes_at")
    attendance = fields.Enum(
        Attendance, by_value=True, required=True, attribute="candidature.attendance"
    )
    code = fields.String(
        required=True, metadata={"description": "The text of its QR code, signed."}
    )


class TicketCheckIn(Schema):
    """A code that was scanned."""

    code = fields.String(required=True, validate=validate.Length(1, 300))


class EnrolmentColumnsQuery(Schema):
    """Who sends the candidates of a workbook, and what its columns are called."""

    sent_by_id = fields.UUID(required=True)
    columns = fields.String(
        load_default="",
        validate=validate.Length(0, 500),
        metadata={
            "description": "Headings of this workbook for columns: `工人=name,号码=document_number`"
        },
    )

    @post_load
    def _read(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        pairs = [part.partition("=") for part in data.pop("columns").split(",") if part]
        headings = {heading.strip(): column.strip() for heading, _, column in pairs}
        if not set(headings.values()) <= HEADINGS.keys():
            raise ValidationError(f"Columns are: {', '.join(HEADINGS)}.", "columns")
        return {**data, "headings": headings}


class EnrolmentSheetQuery(EnrolmentColumnsQuery, SheetQuery):
    """How a workbook is read, entered and answered."""


class EnrolmentJobQuery(EnrolmentColumnsQuery):
    """How a large workbook is read and entered."""

    store = fields.Boolean(
        load_default=False,
        metadata={"description": "True applies for those who may; else nothing is kept."},
    )
