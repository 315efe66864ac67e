"""Statistics of papers, as they go out (试卷统计的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields


class PaperStatisticsOut(Schema):
    """The figures of one form, by the first attempts of its candidates; see docs/statistics."""

    candidate_count = fields.Integer(required=True)
    max_score = fields.Float(required=True)
    pass_mark = fields.Float(required=True)
    mean = fields.Float(required=True)
    median = fields.Float(required=True)
    sd = fields.Float(required=True, allow_none=True)
    alpha = fields.Float(
        required=True, allow_none=True, metadata={"description": "Cronbach's alpha."}
    )
    standard_error = fields.Float(
        required=True, allow_none=True, metadata={"description": "Points, by alpha."}
    )
    error_at_pass = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "Points, by the Rasch model, at the pass mark."},
    )
    pass_expectation = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "What who is worth the pass mark on all papers earns here."},
    )
    reliability = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "Marginal reliability over the qualification."},
    )
    pass_share = fields.Float(required=True)
    histogram = fields.List(
        fields.Integer(),
        required=True,
        metadata={"description": "Candidates by tenths of the score."},
    )
    calculated_at = fields.AwareDateTime(required=True)


class FormStatisticsOut(Schema):
    """One form of an exam with its figures."""

    paper_id = fields.UUID(required=True)
    form = fields.Integer(required=True)
    figures = fields.Nested(
        PaperStatisticsOut,
        required=True,
        allow_none=True,
        metadata={"description": "Null while no first attempt is graded."},
    )


class ExamStatisticsOut(Schema):
    """The forms of an exam with their figures."""

    forms = fields.List(fields.Nested(FormStatisticsOut), required=True)
