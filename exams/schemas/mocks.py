"""Mock exams, as they go in and out (模拟考试的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from question_bank.kinds import LABELS
from question_bank.schemas.questions import QuestionForCandidate
from question_bank.schemas.shown import shown_html
from server.errors import Invalid, Message

#: More places than any paper has.
_MOST_PLACES = 500


class MockExamIn(Schema):
    """Which mock exam to draw."""

    exam_id = fields.UUID(
        required=True,
        metadata={"description": "A published exam: its specification and its rules count."},
    )


class MockQuestionOut(QuestionForCandidate):
    """One place of a mock exam; it has no key."""

    slot = fields.Integer(required=True)
    section = fields.Integer(required=True)
    points = fields.Integer(required=True)


class MockMarkOut(Schema):
    """What one place earned, with key and explanation, labels as shown."""

    slot = fields.Integer(required=True)
    chosen = fields.List(fields.String(), required=True)
    key = fields.List(fields.String(), required=True)
    mark = fields.String(required=True, metadata={"description": "An exact fraction as text."})
    explanation = fields.String(required=True, allow_none=True)
    explanation_html = shown_html("explanation_html")
    law_citation = fields.String(required=True, allow_none=True)


class MockExamOut(Schema):
    """A mock exam of one's own."""

    id = fields.UUID(required=True)
    exam_id = fields.UUID(required=True)
    exam = fields.String(required=True, attribute="exam.name")
    started_at = fields.AwareDateTime(required=True)
    deadline_at = fields.AwareDateTime(required=True)
    submitted_at = fields.AwareDateTime(required=True, allow_none=True)
    score = fields.String(required=True, allow_none=True)
    max_score = fields.String(required=True, allow_none=True)
    passed = fields.Boolean(required=True, allow_none=True)


class MockPaperOut(Schema):
    """A mock exam with its questions."""

    mock_exam = fields.Nested(MockExamOut, required=True, attribute="mock")
    questions = fields.List(fields.Nested(MockQuestionOut), required=True)
    marks = fields.List(
        fields.Nested(MockMarkOut),
        required=True,
        allow_none=True,
        metadata={"description": "Null until it is handed in."},
    )


class MockResponseIn(Schema):
    """What was chosen in one place."""

    slot = fields.Integer(required=True, strict=True, validate=validate.Range(1, _MOST_PLACES))
    chosen = fields.List(
        fields.String(validate=validate.OneOf(list(LABELS))),
        required=True,
        validate=validate.Length(0, len(LABELS)),
        metadata={"description": "Labels as they were shown."},
    )


class MockSubmissionIn(Schema):
    """All that was chosen."""

    responses = fields.List(
        fields.Nested(MockResponseIn), required=True, validate=validate.Length(0, _MOST_PLACES)
    )

    @post_load
    def by_slot(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Hand on what the service asks for."""
        chosen = {one["slot"]: one["chosen"] for one in values["responses"]}
        if len(chosen) < len(values["responses"]):
            raise Invalid(
                {"responses": [Message(en="A slot is named twice.", zh="同一题号出现两次。")]}
            )
        return {"chosen": chosen}
