"""What goes in and out about evaluations of plans (规划评估报告的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from certificates.models import ReportKind
from server.paging import PageQuery


class PlanReportIn(Schema):
    """Which evaluation to issue."""

    plan = fields.String(required=True, validate=validate.Length(1, 40))
    kind = fields.Enum(ReportKind, by_value=True, required=True)
    region_id = fields.UUID(
        load_default=None, metadata={"description": "Left out: the region of the plan."}
    )
    on = fields.Date(
        load_default=None,
        metadata={"description": "Left out: the plan's last day, or the end of its half."},
    )


class PlanReportQuery(PageQuery):
    """Which evaluations."""

    plan = fields.String(load_default=None, validate=validate.Length(1, 40))
    kind = fields.Enum(ReportKind, by_value=True, load_default=None)
    region_id = fields.UUID(
        load_default=None, metadata={"description": "Of this region or one beneath it."}
    )


class RevisionOut(Schema):
    """A figure that is known otherwise since: old, new, and why."""

    indicator = fields.String(required=True)
    on = fields.Date(required=True)
    old = fields.String(required=True)
    new = fields.String(required=True)
    reasons = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class PlanReportOut(Schema):
    """An evaluation as it was issued."""

    id = fields.UUID(required=True)
    plan = fields.String(required=True)
    kind = fields.Enum(ReportKind, by_value=True, required=True)
    region_id = fields.UUID(required=True)
    on = fields.Date(required=True)
    known_seq = fields.Integer(
        required=True, metadata={"description": "The last batch of the ledger known to it."}
    )
    fingerprint = fields.String(
        required=True, metadata={"description": "SHA-256 of `content` by RFC 8785."}
    )
    issued_at = fields.AwareDateTime(required=True)


class WholePlanReportOut(PlanReportOut):
    """An evaluation with all it says, and what is known otherwise since."""

    manifest = fields.Dict(required=True)
    content = fields.Dict(required=True)
    revisions = fields.List(fields.Nested(RevisionOut), required=True)
