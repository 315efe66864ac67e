"""What one does oneself at sittings, as it goes out."""

from __future__ import annotations

from marshmallow import Schema, fields

from exams.rooms import StartMode
from exams.schemas.sittings import SittingRoomOut
from exams.sittings import Mode, SittingState
from exams.staffing import Duty


class OwnDutyOut(Schema):
    """A duty on the spot, and when and where it is done."""

    id = fields.UUID(required=True, attribute="duty.id")
    duty = fields.Enum(Duty, by_value=True, required=True, attribute="duty.duty")
    room = fields.String(
        required=True,
        attribute="duty.room",
        metadata={"description": "The name of a room; empty: all of them."},
    )
    subjects = fields.List(fields.String(), required=True, attribute="duty.subjects")
    sitting_id = fields.UUID(required=True, attribute="sitting.id")
    name = fields.String(required=True, attribute="sitting.exam.name")
    mode = fields.Enum(Mode, by_value=True, required=True, attribute="sitting.mode")
    state = fields.Enum(SittingState, by_value=True, required=True, attribute="sitting.state")
    opens_at = fields.AwareDateTime(required=True, attribute="sitting.exam.opens_at")
    closes_at = fields.AwareDateTime(required=True, attribute="sitting.exam.closes_at")
    start_mode = fields.Enum(
        StartMode, by_value=True, required=True, attribute="sitting.exam.start_mode"
    )
    centre_name = fields.String(required=True)
    rooms = fields.List(fields.Nested(SittingRoomOut), required=True, attribute="sitting.rooms")


class OwnDutiesOut(Schema):
    """What one watches and examines, the next sitting first."""

    items = fields.List(fields.Nested(OwnDutyOut), required=True)
