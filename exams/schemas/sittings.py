"""Exam plans, sittings, duties and exceptions, as they go in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from exams.drafts import MOST_FORMS
from exams.rooms import StartMode
from exams.schemas.planning import FORMS_DOC
from exams.schemas.score_sheets import CODE
from exams.sittings import Mode, SittingDraft, SittingState
from exams.staffing import Duty
from server.paging import PageQuery


class ExamPlanIn(Schema):
    """An exam plan as a bureau writes it."""

    name = fields.String(required=True, validate=validate.Length(1, 200))
    organisation_id = fields.UUID(required=True, metadata={"description": "The bureau."})
    qualification_id = fields.UUID(required=True)
    specification_id = fields.UUID(required=True)
    from_on = fields.Date(required=True)
    until_on = fields.Date(required=True, metadata={"description": "The last day, included."})

    @validates_schema
    def _fits(self, data: dict[str, Any], **_: object) -> None:
        if data["until_on"] < data["from_on"]:
            raise ValidationError("Must not be before the first day.", "until_on")


class ExamPlanOut(ExamPlanIn):
    """An exam plan."""

    id = fields.UUID(required=True)
    organisation_name = fields.String(required=True, attribute="organisation.name")
    specification_name = fields.String(required=True, attribute="specification.name")
    written_at = fields.AwareDateTime(required=True)


class ExamPlanQuery(PageQuery):
    """Which plans to list."""

    qualification_id = fields.UUID(load_default=None)


class SittingIn(Schema):
    """A sitting as its planner writes it."""

    plan_id = fields.UUID(required=True)
    name = fields.String(required=True, validate=validate.Length(1, 200))
    centre_id = fields.UUID(required=True, metadata={"description": "The test centre."})
    mode = fields.Enum(Mode, by_value=True, load_default=Mode.ROOM)
    room_ids = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=200),
        metadata={"description": "In the order in which they are filled; none but for rooms."},
    )
    capacity = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(1, 10_000),
        metadata={"description": "Null: what the rooms hold."},
    )
    stand_by_limit = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 10_000))
    enrolment_opens_at = fields.AwareDateTime(required=True)
    enrolment_closes_at = fields.AwareDateTime(required=True)
    opens_at = fields.AwareDateTime(required=True)
    closes_at = fields.AwareDateTime(required=True)
    late_minutes = fields.Integer(
        load_default=30,
        strict=True,
        validate=validate.Range(0, 600),
        metadata={"description": "After the opening; later nobody is let in."},
    )
    late_starts_lose_time = fields.Boolean(load_default=True)
    absence_notice_hours = fields.Integer(
        load_default=24,
        strict=True,
        validate=validate.Range(0, 24 * 60),
        metadata={"description": "Before the opening; later no absence is excused."},
    )
    absence_pause_days = fields.Integer(
        load_default=0,
        strict=True,
        validate=validate.Range(0, 365),
        metadata={"description": "Days for which an unexcused absence keeps one away."},
    )
    release_at = fields.AwareDateTime(load_default=None, allow_none=True)
    start_mode = fields.Enum(StartMode, by_value=True, load_default=StartMode.BY_CLOCK)
    form_count = fields.Integer(
        load_default=1, strict=True, validate=validate.Range(1, MOST_FORMS), metadata=FORMS_DOC
    )
    turn_minutes = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(5, 600),
        metadata={"description": "Of a turn at a station; practicals only."},
    )

    @post_load
    def _made(self, data: dict[str, Any], **_: object) -> dict[str, SittingDraft]:
        data["room_ids"] = tuple(data["room_ids"])
        return {"draft": SittingDraft(**data)}


class SittingForCandidate(Schema):
    """A sitting, as anybody who may apply for it sees it."""

    id = fields.UUID(required=True, metadata={"description": "Also the id of its exam."})
    plan_id = fields.UUID(required=True)
    name = fields.String(required=True, attribute="exam.name")
    qualification_id = fields.UUID(required=True, attribute="exam.qualification_id")
    centre_id = fields.UUID(required=True)
    mode = fields.Enum(Mode, by_value=True, required=True)
    state = fields.Enum(SittingState, by_value=True, required=True)
    capacity = fields.Integer(required=True)
    stand_by_limit = fields.Integer(required=True)
    enrolment_opens_at = fields.AwareDateTime(required=True)
    enrolment_closes_at = fields.AwareDateTime(required=True)
    opens_at = fields.AwareDateTime(required=True, attribute="exam.opens_at")
    closes_at = fields.AwareDateTime(required=True, attribute="exam.closes_at")
    late_minutes = fields.Integer(required=True)
    late_starts_lose_time = fields.Boolean(required=True, attribute="exam.late_starts_lose_time")
    absence_notice_hours = fields.Integer(required=True)
    absence_pause_days = fields.Integer(required=True)
    release_at = fields.AwareDateTime(required=True, allow_none=True, attribute="exam.release_at")
    turn_minutes = fields.Integer(required=True, allow_none=True)


class SittingRoomOut(Schema):
    """A room of a sitting."""

    room_id = fields.UUID(required=True)
    name = fields.String(required=True, attribute="room.name")
    place = fields.Integer(required=True)
    moved_to_id = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "The room to which all of its people were moved."},
    )


class SittingOut(SittingForCandidate):
    """A sitting, as its planner sees it."""

    rooms = fields.List(fields.Nested(SittingRoomOut), required=True)
    form_count = fields.Integer(required=True, attribute="exam.form_count")
    start_mode = fields.Enum(StartMode, by_value=True, required=True, attribute="exam.start_mode")
    started_at = fields.AwareDateTime(required=True, allow_none=True)
    seating_seed = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The lot of the seats: whoever has it can repeat it."},
    )


class SittingQuery(PageQuery):
    """Which sittings to list."""

    plan_id = fields.UUID(load_default=None)
    centre_id = fields.UUID(load_default=None)
    state = fields.Enum(SittingState, by_value=True, load_default=None)


class SittingCancellationIn(Schema):
    """Why a sitting is cancelled."""

    reason = fields.String(required=True, validate=validate.Length(1, 1000))


class SittingMovedOut(Schema):
    """A move of a sitting."""

    state = fields.Enum(SittingState, by_value=True, required=True)
    reason = fields.String(required=True, allow_none=True)
    at = fields.AwareDateTime(required=True)
    by_account_id = fields.UUID(required=True)


class SittingMovesOut(Schema):
    """The moves of a sitting, the first one first."""

    items = fields.List(fields.Nested(SittingMovedOut), required=True)


class SittingDutyIn(Schema):
    """What somebody is to do at a sitting."""

    person_id = fields.UUID(required=True)
    duty = fields.Enum(Duty, by_value=True, required=True)
    room = fields.String(
        load_default="",
        validate=validate.Length(0, 100),
        metadata={"description": "The name of a room of the sitting; empty: all of them."},
    )
    subjects = fields.List(
        fields.String(validate=CODE),
        load_default=list,
        validate=validate.Length(max=20),
        metadata={"description": "Of a circuit, that an examiner scores; none: all of them."},
    )


class SittingDutyOut(SittingDutyIn):
    """What somebody does at a sitting."""

    id = fields.UUID(required=True)
    sitting_id = fields.UUID(required=True)
    person_name = fields.String(required=True, attribute="person.name")
    assigned_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)


class SittingDutyQuery(Schema):
    """Which duties of a sitting to list."""

    duty = fields.Enum(Duty, by_value=True, load_default=None)


class SittingDutiesOut(Schema):
    """The duties of a sitting that stand."""

    items = fields.List(fields.Nested(SittingDutyOut), required=True)


class SeparationOverrideIn(Schema):
    """An exception from separation that is asked for."""

    staff_id = fields.UUID(required=True, metadata={"description": "Who would examine."})
    candidate_id = fields.UUID(required=True)
    reason = fields.String(required=True, validate=validate.Length(1, 1000))
    until_on = fields.Date(required=True, metadata={"description": "The last day, included."})


class SeparationOverrideDecisionIn(Schema):
    """What another authority says of it."""

    granted = fields.Boolean(required=True)
    reason = fields.String(required=True, validate=validate.Length(1, 1000))


class SeparationOverrideOut(SeparationOverrideIn):
    """An exception from separation."""

    id = fields.UUID(required=True)
    staff_name = fields.String(required=True, attribute="staff.name")
    candidate_name = fields.String(required=True, attribute="candidate.name")
    asked_at = fields.AwareDateTime(required=True)
    granted = fields.Boolean(
        required=True, allow_none=True, metadata={"description": "Null: not decided yet."}
    )
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    decided_because = fields.String(required=True, allow_none=True)


class SeparationOverrideQuery(PageQuery):
    """Which exceptions to list."""

    open_only = fields.Boolean(load_default=False)
