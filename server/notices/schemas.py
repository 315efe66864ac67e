"""What goes in and out about notices and the state (公告的数据格式)."""

from __future__ import annotations

from datetime import UTC, datetime

from marshmallow import Schema, fields, validate

from server.notices.models import Urgency
from server.notices.services import State
from server.paging import DAYS, PageQuery

_TITLE = validate.Length(1, 80)
_BODY = validate.Length(1, 1000)
#: Moments that every zone can still name.
_SPEAKABLE = validate.Range(datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


class NoticeIn(Schema):
    """What everybody is told."""

    urgency = fields.Enum(Urgency, by_value=True, required=True)
    title_zh = fields.String(required=True, validate=_TITLE)
    title_en = fields.String(required=True, validate=_TITLE)
    body_zh = fields.String(required=True, validate=_BODY)
    body_en = fields.String(required=True, validate=_BODY)
    region_id = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "Whom it concerns; null for everybody."},
    )
    from_at = fields.AwareDateTime(required=True, validate=_SPEAKABLE)
    until_at = fields.AwareDateTime(required=True, validate=_SPEAKABLE)


class NoticeShown(NoticeIn):
    """A notice as everybody sees it."""

    id = fields.UUID(required=True)
    region_name = fields.String(required=True, allow_none=True)


class NoticeOut(NoticeShown):
    """A notice as who runs the platform sees it."""

    published_at = fields.AwareDateTime(required=True)
    withdrawn_at = fields.AwareDateTime(required=True, allow_none=True)


class NoticeQuery(PageQuery):
    """Which notices."""

    urgency = fields.Enum(Urgency, by_value=True, load_default=None)
    withdrawn = fields.Boolean(load_default=None)
    region_id = fields.UUID(load_default=None, metadata={"description": "Of this region itself."})
    on = fields.Date(
        load_default=None,
        validate=DAYS,
        metadata={"description": "Those whose time touches this day, withdrawn or not."},
    )


class StatusOut(Schema):
    """How the platform is doing."""

    state = fields.Enum(
        State,
        by_value=True,
        required=True,
        metadata={
            "description": "`working`; `delayed`: within the last minute responses were told to "
            "come later, and phones send them again; `down`: the database does not answer."
        },
    )
    now = fields.AwareDateTime(required=True)
    notices = fields.List(fields.Nested(NoticeShown), required=True)
