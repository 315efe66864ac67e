"""What goes in and out about who may work today (上岗判定的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from certificates.on_post_reasons import Code
from server.paging import PageQuery


class OnPostQuery(PageQuery):
    """Whose verdicts, and of which day."""

    organisation_id = fields.UUID(
        load_default=None, metadata={"description": "Only posts there or beneath."}
    )
    on = fields.Date(load_default=None, metadata={"description": "Today where left out."})
    may_work = fields.Boolean(
        load_default=None, metadata={"description": "Only who may, or only who may not."}
    )


class OnPostDayQuery(Schema):
    """Which day."""

    on = fields.Date(load_default=None, metadata={"description": "Today where left out."})


class OnPostBatchIn(Schema):
    """Many people asked about at once."""

    person_ids = fields.List(
        fields.UUID(), required=True, validate=validate.Length(min=1, max=10_000)
    )
    organisation_id = fields.UUID(required=True)
    on = fields.Date(load_default=None, metadata={"description": "Today where left out."})


class SentenceOut(Schema):
    """A sentence in both languages."""

    zh = fields.String(required=True)
    en = fields.String(required=True)


class OnPostReasonOut(Schema):
    """One reason, and what to do about it."""

    code = fields.Enum(Code, by_value=True, required=True)
    blocks = fields.Boolean(required=True, metadata={"description": "False for a warning."})
    item = fields.String(required=True, allow_none=True)
    message = fields.Nested(SentenceOut, required=True)
    remedy = fields.Nested(SentenceOut, required=True)
    source_zh = fields.String(required=True, metadata={"description": "The rule it rests on."})


class OnPostOut(Schema):
    """Whether a person may work at a post on a day."""

    person_id = fields.UUID(required=True)
    post_id = fields.UUID(required=True, allow_none=True)
    organisation_id = fields.UUID(required=True, allow_none=True)
    role = fields.String(required=True, allow_none=True)
    items = fields.List(fields.String(), required=True)
    on = fields.Date(required=True)
    may_work = fields.Boolean(required=True)
    reasons = fields.List(fields.Nested(OnPostReasonOut), required=True)


class OnPostListOut(Schema):
    """Verdicts on everything a person does on a day."""

    items = fields.List(fields.Nested(OnPostOut), required=True)


class OnPostSummaryOut(Schema):
    """How many may work, and what keeps the others."""

    on = fields.Date(required=True)
    post_count = fields.Integer(required=True)
    may_work_count = fields.Integer(required=True)
    reasons = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "How many posts each reason keeps from work."},
    )
