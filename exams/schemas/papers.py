"""What is told of an exam: who is there, and how equal its papers are."""

from __future__ import annotations

from marshmallow import Schema, fields


class FormReportOut(Schema):
    """What the average candidate expects of one form."""

    form = fields.Integer(required=True)
    expected_points = fields.Float(required=True)
    error_points = fields.Float(
        required=True, metadata={"description": "Standard error, as difficulties are estimates."}
    )


class EvennessOut(Schema):
    """How equal forms are."""

    spread = fields.List(
        fields.Float(), required=True, metadata={"description": "Least and most expected points."}
    )
    truly_within_a_point = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "Share of forms that truly lie within a point of the target."},
    )
    borderline = fields.List(
        fields.Float(),
        required=True,
        metadata={"description": "Least and largest chance of a borderline candidate to pass."},
    )
    deviation = fields.List(
        fields.Float(),
        required=True,
        metadata={
            "description": "Standard deviation of expected points over the forms for candidates"
            " one logit below the pass mark, at it, and one above."
        },
    )


class OverlapOut(Schema):
    """What two forms share."""

    pairs = fields.Integer(required=True)
    mean = fields.Float(required=True, metadata={"description": "Questions shared by two forms."})
    most = fields.Integer(required=True)


class PaperReportOut(Schema):
    """How equal the papers of an exam are, by what is known of its questions now."""

    papers = fields.List(fields.Nested(FormReportOut), required=True)
    evenness = fields.Nested(EvennessOut, required=True)
    overlap = fields.Nested(OverlapOut, required=True)
    neighbours = fields.Nested(
        OverlapOut,
        required=True,
        allow_none=True,
        metadata={
            "description": "The same of people who sit beside each other; null without seats."
        },
    )
    question_count = fields.Integer(required=True)
    most_uses = fields.Integer(
        required=True, metadata={"description": "Forms on which the commonest question stands."}
    )
    seed_commitment = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "SHA-256 of the chance by which the papers were drawn."},
    )
    seed = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "That chance in hexadecimal digits, once the exam has closed."},
    )


class AttendanceOut(Schema):
    """The people of an exam, counted."""

    enrolled_count = fields.Integer(required=True, metadata={"description": "Who has a place."})
    hindered_count = fields.Integer(
        required=True, metadata={"description": "Who asked, and something stands in the way."}
    )
    withdrawn_count = fields.Integer(required=True)
    absent_count = fields.Integer(
        required=True, metadata={"description": "Who has a place and has not started."}
    )
    in_progress_count = fields.Integer(required=True)
    submitted_count = fields.Integer(required=True)
    graded_count = fields.Integer(required=True)
    voided_count = fields.Integer(required=True)
