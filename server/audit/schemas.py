"""What goes out about the audit (审计的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.paging import DAYS, PageQuery


class WhyIn(Schema):
    """Why something is done, kept in the audit.

    Programs that were written before it could be said leave it out, or send no body at all; the
    console always asks for it.
    """

    reason = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 1000),
        metadata={"description": "Why; kept in the audit. No identity number in clear."},
    )


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
    subject_kind = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "What kind of thing it was done to, such as `account`."},
    )
    from_on = fields.Date(
        load_default=None, validate=DAYS, metadata={"description": "Of this day or later."}
    )
    until_on = fields.Date(
        load_default=None, validate=DAYS, metadata={"description": "Of this day or earlier."}
    )
