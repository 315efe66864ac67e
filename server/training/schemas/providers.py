"""What goes in and out about providers and teachers (培训机构的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from server.audit.schemas import WhyIn
from server.people.roster import PostRole
from server.training.kinds import Subject
from server.training.services.providers import ApprovalDraft, RoomDraft
from server.training.services.teachers import SubjectDraft, TeacherDraft

NAME = validate.Length(1, 200)
REASON = validate.Length(4, 500)
ITEM = validate.Regexp(r"^[0-9]{1,2}\.[0-9]{1,2}\Z")


class ProviderApprovalIn(Schema):
    """An approval of a provider."""

    authority_id = fields.UUID(required=True, metadata={"description": "Within your reach."})
    number = fields.String(required=True, validate=NAME)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(required=True, metadata={"description": "The last day."})
    roles = fields.List(
        fields.Enum(PostRole, by_value=True), required=True, validate=validate.Length(1, 20)
    )
    items = fields.List(
        fields.String(validate=ITEM),
        load_default=list,
        validate=validate.Length(max=100),
        metadata={"description": "Operation items; none covers every item."},
    )

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> ApprovalDraft:
        """Hand the view what the service asks for."""
        lists = {"roles": tuple(values["roles"]), "items": tuple(values["items"])}
        return ApprovalDraft(**{**values, **lists})


class ProviderApprovalOut(Schema):
    """An approval of a provider."""

    id = fields.UUID(required=True)
    provider_id = fields.UUID(required=True)
    authority_id = fields.UUID(required=True)
    number = fields.String(required=True)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(required=True)
    roles = fields.List(fields.String(), required=True)
    items = fields.List(fields.String(), required=True)
    withdrawn_on = fields.Date(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


class TrainingEndIn(Schema):
    """From when on something no longer counts, and why."""

    on = fields.Date(required=True, metadata={"description": "The first day it no longer counts."})
    reason = fields.String(required=True, validate=REASON)


class TrainingRoomIn(Schema):
    """A room of a provider."""

    name = fields.String(required=True, validate=NAME)
    address = fields.String(required=True, validate=NAME)
    seats = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2000))
    closed_on = fields.Date(load_default=None, allow_none=True)

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> RoomDraft:
        """Hand the view what the service asks for."""
        return RoomDraft(**values)


class TrainingRoomOut(Schema):
    """A room of a provider."""

    id = fields.UUID(required=True)
    provider_id = fields.UUID(required=True)
    name = fields.String(required=True)
    address = fields.String(required=True)
    seats = fields.Integer(required=True)
    closed_on = fields.Date(required=True, allow_none=True)


class TeacherIn(Schema):
    """Somebody who teaches at a provider."""

    person_id = fields.UUID(required=True)
    qualification = fields.String(required=True, validate=NAME)
    from_on = fields.Date(required=True)

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> TeacherDraft:
        """Hand the view what the service asks for."""
        return TeacherDraft(**values)


class TeacherEndIn(WhyIn):
    """When somebody no longer teaches, and why."""

    until_on = fields.Date(required=True, metadata={"description": "The first day they do not."})


class TeacherSubjectIn(Schema):
    """What a teacher may teach, and when."""

    subject = fields.Enum(Subject, by_value=True, required=True)
    item = fields.String(load_default=None, allow_none=True, validate=ITEM)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(load_default=None, allow_none=True)

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> SubjectDraft:
        """Hand the view what the service asks for."""
        return SubjectDraft(**values)


class TeacherSubjectOut(Schema):
    """What a teacher may teach, and when."""

    id = fields.UUID(required=True)
    subject = fields.Enum(Subject, by_value=True, required=True)
    item = fields.String(required=True, allow_none=True)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(required=True, allow_none=True)


class TeacherOut(Schema):
    """Somebody who teaches at a provider."""

    id = fields.UUID(required=True)
    provider_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    qualification = fields.String(required=True)
    from_on = fields.Date(required=True)
    until_on = fields.Date(required=True, allow_none=True)


class TeacherListed(Schema):
    """A teacher with the name and what they may teach."""

    teacher = fields.Nested(TeacherOut, required=True)
    name = fields.String(required=True)
    subjects = fields.List(fields.Nested(TeacherSubjectOut), required=True)


class TeacherDayQuery(Schema):
    """Of which day."""

    on = fields.Date(load_default=None, metadata={"description": "Left out: of any day."})


class ProviderApprovalList(Schema):
    """Every approval of a provider."""

    items = fields.List(fields.Nested(ProviderApprovalOut), required=True)


class TrainingRoomList(Schema):
    """The rooms of a provider."""

    items = fields.List(fields.Nested(TrainingRoomOut), required=True)


class TeacherList(Schema):
    """The teachers of a provider."""

    items = fields.List(fields.Nested(TeacherListed), required=True)
