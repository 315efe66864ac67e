"""What goes in and out about the expert pool and safety engineers (专家库的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load

from server.paging import PageQuery
from server.training.kinds import Function, Grade
from server.training.schemas.providers import NAME, REASON
from server.training.services.engineers import EngineerDraft
from server.training.services.experts import AppointmentDraft, AppraisalDraft


class ExpertAppointmentIn(Schema):
    """An appointment to the expert pool."""

    person_id = fields.UUID(required=True)
    function = fields.Enum(Function, by_value=True, required=True)
    authority_id = fields.UUID(required=True, metadata={"description": "Within your reach."})
    field = fields.String(required=True, validate=NAME)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(required=True, metadata={"description": "The last day."})
    trained_on = fields.Date(load_default=None, allow_none=True)
    tested_on = fields.Date(load_default=None, allow_none=True)
    passed = fields.Boolean(load_default=None, allow_none=True)

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> AppointmentDraft:
        """Hand the view what the service asks for."""
        return AppointmentDraft(**values)


class ExpertAppointmentOut(Schema):
    """An appointment to the expert pool."""

    id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    person_name = fields.String(required=True, attribute="person.name")
    function = fields.Enum(Function, by_value=True, required=True)
    authority_id = fields.UUID(required=True)
    field = fields.String(required=True)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(required=True)
    trained_on = fields.Date(required=True, allow_none=True)
    tested_on = fields.Date(required=True, allow_none=True)
    passed = fields.Boolean(required=True, allow_none=True)
    dismissed_on = fields.Date(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


class ExpertAppraisalIn(Schema):
    """The appraisal of an expert within the term."""

    appraised_on = fields.Date(required=True)
    passed = fields.Boolean(required=True)
    words = fields.String(required=True, validate=REASON)
    trained_on = fields.Date(
        load_default=None, allow_none=True, metadata={"description": "When trained before it."}
    )

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> AppraisalDraft:
        """Hand the view what the service asks for."""
        return AppraisalDraft(**values)


class ExpertAppraisalOut(Schema):
    """The appraisal of an expert within the term."""

    id = fields.UUID(required=True)
    appointment_id = fields.UUID(required=True)
    trained_on = fields.Date(required=True, allow_none=True)
    appraised_on = fields.Date(required=True)
    passed = fields.Boolean(required=True)
    words = fields.String(required=True)


class ExpertAppraisalList(Schema):
    """The appraisals of an expert within the term, the last first."""

    items = fields.List(fields.Nested(ExpertAppraisalOut), required=True)


class ExpertAppointmentQuery(PageQuery):
    """Which appointments to list."""

    function = fields.Enum(Function, by_value=True, load_default=None)
    on = fields.Date(load_default=None, metadata={"description": "Counting on this day."})


class SafetyEngineerIn(Schema):
    """The registration of a safety engineer."""

    person_id = fields.UUID(required=True)
    number = fields.String(
        required=True,
        validate=NAME,
        metadata={"description": "Of the registration, not of a document."},
    )
    grade = fields.Enum(Grade, by_value=True, required=True)
    speciality = fields.String(required=True, validate=NAME)
    organisation_id = fields.UUID(load_default=None, allow_none=True)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(required=True)

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> EngineerDraft:
        """Hand the view what the service asks for."""
        return EngineerDraft(**values)


class SafetyEngineerOut(Schema):
    """The registration of a safety engineer."""

    id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    number = fields.String(required=True)
    grade = fields.Enum(Grade, by_value=True, required=True)
    speciality = fields.String(required=True)
    organisation_id = fields.UUID(required=True, allow_none=True)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(required=True)


class EducationLine(Schema):
    """One training of a safety engineer."""

    record_id = fields.UUID(required=True)
    programme = fields.String(required=True)
    hours = fields.String(required=True)
    finished_on = fields.Date(required=True)


class EducationOut(Schema):
    """The continuing education of a safety engineer since the registration began."""

    engineer = fields.Nested(SafetyEngineerOut, required=True)
    hours = fields.Decimal(required=True, places=1, as_string=True)
    hours_due = fields.Decimal(
        required=True,
        allow_none=True,
        places=1,
        as_string=True,
        metadata={"description": "Asked for within the registration; null where nothing is."},
    )
    law = fields.String(required=True, allow_none=True)
    lacking = fields.Decimal(
        required=True, places=1, as_string=True, metadata={"description": "Still to be learnt."}
    )
    trainings = fields.List(fields.Nested(EducationLine), required=True)


class SafetyEngineerQuery(PageQuery):
    """Which safety engineers to list."""

    on = fields.Date(load_default=None, metadata={"description": "Registered on this day."})
    until = fields.Date(
        load_default=None, metadata={"description": "Whose registration ends by this day."}
    )
