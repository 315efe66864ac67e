"""What goes out about the audit (审计的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from server.audit.names import Told
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


class AuditEntryTold(AuditEntryOut):
    """An entry, with names as they are today where `with_names` asks for them.

    Its hash is computed of everything else.
    """

    person_name = fields.String(allow_none=True, metadata={"description": "Who did it."})
    subject_name = fields.String(
        allow_none=True,
        metadata={"description": "What it was done to; null where that has no name, or is gone."},
    )

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read names from beside the entry, everything else from it."""
        beside = attr in ("person_name", "subject_name") or not isinstance(obj, Told)
        return super().get_attribute(obj if beside else obj.entry, attr, default)


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
    with_names = fields.Boolean(
        load_default=False,
        metadata={"description": "Say who did it and what it was done to by today's names."},
    )
    from_on = fields.Date(
        load_default=None, validate=DAYS, metadata={"description": "Of this day or later."}
    )
    until_on = fields.Date(
        load_default=None, validate=DAYS, metadata={"description": "Of this day or earlier."}
    )
