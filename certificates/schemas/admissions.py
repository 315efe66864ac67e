"""What goes in and out about the admission list (准入清单格式)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from certificates.schemas.coverage import UnitQuery
from server.organisations import industries
from server.paging import PageQuery

#: Enterprises in one file.
IN_A_FILE = 2_000


class AdmissionFilter(UnitQuery):
    """Which enterprises of a unit, on which day."""

    branch = fields.String(
        load_default=None,
        validate=validate.OneOf(sorted({mark.kind for mark in industries.marks()})),
        metadata={"description": "A branch of high-risk industry, such as `coal_mining`."},
    )
    admitted = fields.Boolean(
        load_default=None, metadata={"description": "Only who is admitted, or only who is not."}
    )


class AdmissionQuery(PageQuery, AdmissionFilter):
    """Which page of the list."""


class AdmissionFileQuery(AdmissionFilter):
    """Which part of the list, as a file."""

    cursor = fields.String(load_default=None, validate=validate.Length(1, 400))


class ConditionOut(Schema):
    """What is asked for."""

    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)
    source_zh = fields.String(required=True)
    source_en = fields.String(required=True)


class LackOut(Schema):
    """A condition that is not met."""

    condition = fields.Nested(ConditionOut, required=True)
    in_post_count = fields.Integer(required=True)
    short_count = fields.Integer(
        required=True, metadata={"description": "How many more must be in post."}
    )
    uncertified = fields.List(
        fields.UUID(),
        required=True,
        metadata={"description": "People in post without the certificate."},
    )


class AdmissionOut(Schema):
    """An enterprise in a high-risk industry, and whether it may operate."""

    organisation_id = fields.UUID(required=True)
    name = fields.String(required=True)
    region = fields.String(required=True)
    industry = fields.String(required=True, allow_none=True)
    branch = fields.String(required=True, allow_none=True)
    on = fields.Date(required=True)
    admitted = fields.Boolean(required=True)
    lacks = fields.List(fields.Nested(LackOut), required=True)
