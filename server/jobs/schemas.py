"""What is told of long work (任务接口结构)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.jobs.models import JobState
from server.paging import PageQuery


class JobQuery(PageQuery):
    """Which of one's own jobs."""

    kind = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "What is done, as `kind` of a job says it."},
    )
    state = fields.Enum(JobState, by_value=True, load_default=None)


class JobFailureOut(Schema):
    """Why a job failed."""

    code = fields.String(required=True, metadata={"description": "A stable word for programs."})
    zh = fields.String(required=True, metadata={"description": "The sentence in Chinese."})
    en = fields.String(required=True, metadata={"description": "The sentence in English."})


class JobFileOut(Schema):
    """A file that came out of a job."""

    name = fields.String(required=True, metadata={"description": "Under which it is fetched."})
    media_type = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Bytes."})


class JobOut(Schema):
    """A piece of long work."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, metadata={"description": "What is done."})
    state = fields.Enum(JobState, by_value=True, required=True)
    done = fields.Integer(required=True, metadata={"description": "Things done so far."})
    total = fields.Integer(
        required=True, metadata={"description": "Of how many; 0 while it is not known."}
    )
    asked_at = fields.AwareDateTime(required=True)
    started_at = fields.AwareDateTime(required=True, allow_none=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    stop_asked_at = fields.AwareDateTime(required=True, allow_none=True)
    result = fields.Dict(
        required=True,
        allow_none=True,
        metadata={"description": "What came out of it; its shape depends on the kind."},
    )
    failure = fields.Nested(JobFailureOut, required=True, allow_none=True)
    files = fields.List(
        fields.Nested(JobFileOut),
        attribute="shown_files",
        required=True,
        metadata={"description": "What can be fetched, for seven days after the end."},
    )
