"""What goes out about the audit (审计的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.paging import PageQuery


class AuditEntryOut(Schema):
    """One entry, with all that its hash is computed of: anybody can compute it again."""

    sequence = fields.Integer(required=True)
    previous_hash = fields.String(required=True)
    hash = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    action = fields.String(required=True)
    account_id = fields.UUID(required=True, allow_none=True)
    person_id = fields.UUID(required=True, allow_none=True)
    address = fields.String(required=True, allow_none=True)
    subject_kind = fields.String(required=True)
    subject_id = fields.UUID(required=True)
    organisation_path = fields.String(required=True, allow_none=True)
    region_path = fields.String(required=True, allow_none=True)
    before = fields.Dict(keys=fields.String(), required=True, allow_none=True)
    after = fields.Dict(keys=fields.String(), required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


class AuditHeadOut(Schema):
    """The end of the chain. Keep it elsewhere: `flask audit verify --anchor` compares with it."""

    sequence = fields.Integer(required=True)
    hash = fields.String(required=True)


class AuditQuery(PageQuery):
    """Which entries to list."""

    action = fields.String(load_default=None, validate=validate.Length(1, 100))
    subject_id = fields.UUID(load_default=None)
    account_id = fields.UUID(load_default=None, metadata={"description": "Who did it."})
