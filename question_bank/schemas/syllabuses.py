"""What goes in and out of syllabuses (考试大纲的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from question_bank.schemas.questions import OPERATION_ITEM
from question_bank.services.syllabuses import SyllabusDraft, TopicDraft
from server.paging import PageQuery
from server.people.roster import PostRole

_NAME = validate.Length(1, 200)
_ITEM = {"description": "Code of the operation item; null for a whole role."}


class SyllabusIn(Schema):
    """A syllabus to write."""

    role = fields.Enum(PostRole, by_value=True, required=True)
    operation_item = fields.String(
        load_default=None, allow_none=True, validate=OPERATION_ITEM, metadata=_ITEM
    )
    title = fields.String(required=True, validate=_NAME)
    owner_id = fields.UUID(required=True)
    from_on = fields.Date(required=True, metadata={"description": "The first day it counts."})
    source = fields.String(required=True, validate=validate.Length(1, 300))

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> dict[str, SyllabusDraft]:
        """Hand on what the service asks for."""
        values["operation_item"] = values["operation_item"] or ""
        return {"draft": SyllabusDraft(**values)}


class SyllabusOut(Schema):
    """A syllabus, in one version."""

    id = fields.UUID(required=True)
    role = fields.Enum(PostRole, by_value=True, required=True)
    operation_item = fields.Function(
        lambda one: one.operation_item or None,
        metadata={"type": ["string", "null"], **_ITEM},
    )
    title = fields.String(required=True)
    owner_id = fields.UUID(required=True)
    from_on = fields.Date(required=True)
    source = fields.String(required=True)
    published_at = fields.AwareDateTime(required=True, allow_none=True)


class SyllabusTopicIn(Schema):
    """A topic to stand in the tree."""

    id = fields.UUID(required=True)
    parent_id = fields.UUID(load_default=None, allow_none=True)
    code = fields.String(required=True, validate=validate.Length(1, 40))
    name = fields.String(required=True, validate=_NAME)
    names = fields.List(
        fields.String(validate=_NAME),
        load_default=list,
        validate=validate.Length(max=50),
        metadata={"description": "Names under which questions carry it, beside its own."},
    )
    law_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=20))
    article_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=50))

    @post_load
    def as_topic(self, values: dict[str, Any], **_: Any) -> TopicDraft:
        """Hand on what the service asks for."""
        for name in ("names", "law_ids", "article_ids"):
            values[name] = tuple(values[name])
        return TopicDraft(**values)


class SyllabusTopicsIn(Schema):
    """The whole tree, parents before children."""

    topics = fields.List(
        fields.Nested(SyllabusTopicIn), required=True, validate=validate.Length(max=1000)
    )


class SyllabusTopicOut(Schema):
    """A topic in its place."""

    id = fields.UUID(required=True)
    parent_id = fields.UUID(required=True, allow_none=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    names = fields.List(fields.String(), required=True)
    law_ids = fields.List(fields.UUID(), required=True)
    article_ids = fields.List(fields.UUID(), required=True)


class SyllabusTopicsOut(Schema):
    """The whole tree, in reading order."""

    topics = fields.List(fields.Nested(SyllabusTopicOut), required=True)


class SyllabusQuery(PageQuery):
    """Which syllabuses to list."""

    role = fields.Enum(PostRole, by_value=True, load_default=None)
    operation_item = fields.String(load_default=None, validate=OPERATION_ITEM)


class SupplyOut(Schema):
    """What papers may draw for a topic and those beneath it, of one kind."""

    topic_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "Null: no topic knows the name."}
    )
    name = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True)
    question_count = fields.Integer(required=True)
    distinct_count = fields.Integer(
        required=True, metadata={"description": "Groups of duplicates count once."}
    )


class SuppliesOut(Schema):
    """What a bank carries of a syllabus."""

    items = fields.List(fields.Nested(SupplyOut), required=True)


class DayQuery(Schema):
    """On which day."""

    on = fields.Date(load_default=None, metadata={"description": "Today if left out."})
