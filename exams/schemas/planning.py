"""Paper specifications and exams, as they go in and out."""

from __future__ import annotations

from dataclasses import fields as dataclass_fields
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from exams.assembly import SectionRule, TopicBounds
from exams.choice import Choice
from exams.drafts import MOST_AT_ONCE, MOST_FORMS, Plan
from exams.lifecycle import ExamState
from exams.rooms import StartMode
from question_bank.kinds import Kind
from server.paging import PageQuery

_COUNT = validate.Range(0, 1000)

#: What is said of the number of forms, in exams and sittings.
FORMS_DOC = {
    "description": "How many papers are drawn: 1 for all, some, or one for each candidate."
    f" More than {MOST_AT_ONCE} are made by a job."
}


class TopicBoundsSchema(Schema):
    """How many questions of a topic a section takes, both ends included."""

    minimum = fields.Integer(load_default=0, strict=True, validate=_COUNT)
    maximum = fields.Integer(load_default=None, allow_none=True, strict=True, validate=_COUNT)

    @post_load
    def _made(self, data: dict[str, int | None], **_: object) -> TopicBounds:
        return TopicBounds(minimum=data["minimum"] or 0, maximum=data["maximum"])


class SectionSchema(Schema):
    """A part of the paper: so many questions of one kind, worth so much each."""

    kind = fields.Enum(Kind, by_value=True, required=True)
    count = fields.Integer(required=True, strict=True, validate=validate.Range(1, 500))
    points = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(1, 1000),
        metadata={"description": "What each question is worth."},
    )
    topics = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 200)),
        values=fields.Nested(TopicBoundsSchema),
        load_default=dict,
        validate=validate.Length(max=200),
        metadata={"description": "Bounds by topic; topics not named are free."},
    )

    @post_load
    def _made(self, data: dict[str, object], **_: object) -> SectionRule:
        return SectionRule(**data)  # type: ignore[arg-type]  # the fields above are its fields


class SpecificationIn(Schema):
    """A rule that papers are drawn by."""

    name = fields.String(required=True, validate=validate.Length(1, 200))
    qualification_id = fields.UUID(required=True)
    organisation_id = fields.UUID(
        required=True, metadata={"description": "The test centre it belongs to."}
    )
    sections = fields.List(
        fields.Nested(SectionSchema), required=True, validate=validate.Length(1, 20)
    )
    target_points = fields.Float(
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, 100_000),
        metadata={
            "description": "Points that the average candidate is to reach on every paper;"
            " null leaves it to the bank."
        },
    )
    tolerance_points = fields.Float(
        load_default=0.5,
        validate=validate.Range(0.1, 50),
        metadata={"description": "By how many points a paper may lie beside that."},
    )
    most_uses = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(1, 10_000),
        metadata={"description": "On how many papers of an exam a question may come up."},
    )
    most_lifetime_uses = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(1, 10_000_000),
        metadata={"description": "How many candidates may be given a question over all exams."},
    )
    required_question_ids = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=200),
        metadata={"description": "Questions that every paper takes."},
    )
    excluded_question_ids = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=5000),
        metadata={"description": "Questions that no paper takes."},
    )
    partial_credit = fields.Boolean(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Whether right options of a multiple choice earn a part of its points;"
            " null as the exam standard says. One wrong option loses everything either way."
        },
    )

    @post_load
    def _made(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        chosen = {field.name: data.pop(field.name) for field in dataclass_fields(Choice)}
        for name in ("required_question_ids", "excluded_question_ids"):
            chosen[name] = tuple(chosen[name])
        return {**data, "choice": Choice(**chosen)}


class SpecificationOut(Schema):
    """A rule that papers are drawn by."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    qualification_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    sections = fields.List(fields.Dict(), required=True)
    target_points = fields.Float(required=True, allow_none=True)
    tolerance_points = fields.Float(required=True)
    most_uses = fields.Integer(required=True, allow_none=True)
    required_question_ids = fields.List(fields.UUID(), required=True)
    excluded_question_ids = fields.List(fields.UUID(), required=True)
    partial_credit = fields.Boolean(required=True, allow_none=True)
    written_at = fields.AwareDateTime(required=True)


class SpecificationQuery(PageQuery):
    """Which specifications to list."""

    qualification_id = fields.UUID(load_default=None)


class ShortageOut(Schema):
    """What the question bank lacks for a section."""

    section = fields.Integer(required=True, metadata={"description": "From 0."})
    kind = fields.String(required=True)
    topic = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Null where the kind itself is short."},
    )
    needed = fields.Integer(required=True)
    missing = fields.Integer(required=True)


class PreviewOut(Schema):
    """What the question bank can carry of a specification now."""

    question_count = fields.Integer(required=True)
    supply = fields.List(
        fields.Dict(keys=fields.String(), values=fields.Integer()),
        required=True,
        metadata={"description": "For each section, questions by topic; duplicates count once."},
    )
    shortages = fields.List(
        fields.Nested(ShortageOut),
        required=True,
        metadata={"description": "Empty where a paper can be drawn."},
    )
    mean_facility = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "Share of right answers expected over all of them, 0 to 1."},
    )


class ExamIn(Schema):
    """An exam as its planner writes it."""

    name = fields.String(required=True, validate=validate.Length(1, 200))
    qualification_id = fields.UUID(required=True)
    specification_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True, metadata={"description": "The test centre."})
    opens_at = fields.AwareDateTime(required=True)
    closes_at = fields.AwareDateTime(required=True)
    latest_start_at = fields.AwareDateTime(load_default=None, allow_none=True)
    late_starts_lose_time = fields.Boolean(
        load_default=False,
        metadata={"description": "Everybody stops at `closes_at`, whoever comes late has less."},
    )
    release_at = fields.AwareDateTime(
        load_default=None,
        allow_none=True,
        metadata={"description": "When outcomes are shown; null for at once."},
    )
    start_mode = fields.Enum(
        StartMode,
        by_value=True,
        load_default=StartMode.BY_CLOCK,
        metadata={"description": "Whether the clock opens it, or the invigilator of each room."},
    )
    form_count = fields.Integer(
        load_default=1, strict=True, validate=validate.Range(1, MOST_FORMS), metadata=FORMS_DOC
    )

    @post_load
    def _made(self, data: dict[str, object], **_: object) -> dict[str, Plan]:
        return {"plan": Plan(**data)}  # type: ignore[arg-type]  # the fields above are its fields


class ExamForCandidate(Schema):
    """A published exam, as anybody who may sit it sees it."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    qualification_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    opens_at = fields.AwareDateTime(required=True)
    closes_at = fields.AwareDateTime(required=True)
    latest_start_at = fields.AwareDateTime(required=True, allow_none=True)
    late_starts_lose_time = fields.Boolean(required=True)
    allowed_minutes = fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": "Who starts now has until the start plus so many minutes, or until "
            "`closes_at`, whichever comes first. Null before publication."
        },
    )
    last_start_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={
            "description": "The last moment at which one may start, also where the planner set "
            "none. Null before publication."
        },
    )
    start_mode = fields.Enum(StartMode, by_value=True, required=True)
    release_at = fields.AwareDateTime(required=True, allow_none=True)


class ExamOut(ExamForCandidate):
    """An exam, as its planner sees it."""

    organisation_name = fields.String(required=True, attribute="organisation.name")
    specification_id = fields.UUID(required=True)
    form_count = fields.Integer(required=True)
    state = fields.Enum(ExamState, by_value=True, required=True)
    standard_id = fields.UUID(required=True, allow_none=True)
    published_at = fields.AwareDateTime(required=True, allow_none=True)


class ExamQuery(PageQuery):
    """Which exams to list."""

    qualification_id = fields.UUID(load_default=None)
    state = fields.Enum(ExamState, by_value=True, load_default=None)


class OpenExamQuery(PageQuery):
    """Which open exams to list."""

    qualification_id = fields.UUID(load_default=None)
