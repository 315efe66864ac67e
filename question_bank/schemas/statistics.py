"""Statistics of questions, as they go in and out (统计的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from question_bank.flagging import Figure, Flag
from question_bank.kinds import Kind
from question_bank.services.reviewing import Range
from server.paging import PageQuery


def _maybe(description: str) -> fields.Float:
    return fields.Float(
        required=True, allow_none=True, metadata={"description": f"{description} Null: unknown."}
    )


class OptionStatisticsOut(Schema):
    """How one option was taken."""

    label = fields.String(required=True)
    is_key = fields.Boolean(required=True)
    count = fields.Integer(required=True, metadata={"description": "Responses that chose it."})
    best_count = fields.Integer(
        required=True, metadata={"description": "The same among the best third."}
    )


class DifferenceOut(Schema):
    """How one group fares beside all others who are as able (Mantel-Haenszel)."""

    attribute = fields.String(required=True, validate=validate.OneOf(["sex", "region", "provider"]))
    group = fields.String(required=True, metadata={"description": "`female`, or the id of it."})
    group_count = fields.Integer(required=True)
    others_count = fields.Integer(required=True)
    delta = _maybe("ETS delta; below zero is harder for the group.")
    error = _maybe("Its standard error.")
    flagged = fields.Boolean(required=True)


class WatchOut(Schema):
    """Where the leak and drift watch stands."""

    uses = fields.Integer(required=True, metadata={"description": "After the first hundred."})
    highest = _maybe("The highest that the running sum has been.")
    threshold = _maybe(
        "Above it a leak is suspected: under 1 of 1,000 honest questions in 400 uses."
    )
    drift = _maybe("Logits by which later uses are harder than the first hundred.")
    drift_error = _maybe("Its standard error.")


class QuestionStatisticsOut(Schema):
    """The figures of one version among the candidates of one qualification; see docs/statistics."""

    question_id = fields.UUID(required=True)
    version_id = fields.UUID(required=True)
    version_number = fields.Integer(required=True, attribute="version.number")
    kind = fields.Enum(Kind, by_value=True, required=True, attribute="version.kind")
    topic = fields.String(required=True, allow_none=True, attribute="version.topic")
    qualification = fields.String(
        required=True, metadata={"description": "Its code; one scale for each."}
    )
    response_count = fields.Integer(required=True)
    exposure_count = fields.Integer(
        required=True, metadata={"description": "Attempts that were asked it."}
    )
    grey = fields.List(
        fields.Enum(Figure, by_value=True),
        required=True,
        metadata={"description": "Figures that too few responses stand behind."},
    )
    facility = _maybe("Mean share of the points, 0 to 1.")
    facility_low = _maybe("Lower end of its 95 % interval.")
    facility_high = _maybe("Upper end of its 95 % interval.")
    sd = _maybe("Standard deviation of the share.")
    discrimination = _maybe("Discrimination index, −100 to 100.")
    efficiency = _maybe("Discriminative efficiency, −100 to 100.")
    difficulty = _maybe("Rasch difficulty in logits.")
    difficulty_error = _maybe("Its standard error.")
    outfit = _maybe("Outfit mean square; 1 is as expected.")
    mean_seconds = _maybe("Mean time.")
    median_seconds = _maybe("Median time.")
    options = fields.List(fields.Nested(OptionStatisticsOut), required=True)
    curve = fields.List(
        fields.Float(allow_none=True),
        required=True,
        metadata={"description": "Mean share in each fifth of the candidates, the weakest first."},
    )
    differences = fields.List(fields.Nested(DifferenceOut), required=True)
    watch = fields.Nested(WatchOut, required=True, allow_none=True)
    calculated_at = fields.AwareDateTime(required=True)


class QuestionStatisticsListOut(Schema):
    """The figures of every version of a question that was asked."""

    items = fields.List(fields.Nested(QuestionStatisticsOut), required=True)
    practice_exposure_count = fields.Integer(
        required=True, metadata={"description": "Times it was shown in practice."}
    )


_SHARE, _INDEX = validate.Range(0, 1), validate.Range(-100, 100)


class QuestionStatisticsQuery(PageQuery):
    """Which figures of a bank to list."""

    qualification = fields.String(load_default=None, validate=validate.Length(1, 100))
    flag = fields.Enum(Flag, by_value=True, load_default=None)
    facility_from = fields.Float(load_default=None, allow_nan=False, validate=_SHARE)
    facility_to = fields.Float(load_default=None, allow_nan=False, validate=_SHARE)
    discrimination_from = fields.Float(load_default=None, allow_nan=False, validate=_INDEX)
    discrimination_to = fields.Float(load_default=None, allow_nan=False, validate=_INDEX)
    responses_from = fields.Integer(
        load_default=None, strict=True, validate=validate.Range(0, 1_000_000_000)
    )

    @post_load
    def as_ranges(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Hand on what the service asks for."""
        for name in ("facility", "discrimination"):
            least, most = values.pop(f"{name}_from"), values.pop(f"{name}_to")
            values[name] = Range(least=least, most=most)
        return values


class BankStatisticsOut(Schema):
    """A bank at a glance, for charts."""

    version_count = fields.Integer(required=True)
    response_count = fields.Integer(required=True)
    facility = fields.List(
        fields.Integer(),
        required=True,
        metadata={"description": "Versions by twentieths of facility, from 0 to 1."},
    )
    discrimination = fields.List(
        fields.Integer(),
        required=True,
        metadata={"description": "Versions by twentieths of discrimination, from −100 to 100."},
    )
    flags = fields.Dict(
        keys=fields.Enum(Flag, by_value=True),
        values=fields.Integer(),
        required=True,
        metadata={"description": "Open flags by kind."},
    )


class QuestionFlagQuery(PageQuery):
    """Which flags to list."""

    bank_id = fields.UUID(load_default=None)
    flag = fields.Enum(Flag, by_value=True, load_default=None)
    settled = fields.Boolean(load_default=False)


class QuestionFlagOut(Schema):
    """Why somebody should look at a question, and what they found."""

    id = fields.UUID(required=True)
    question_id = fields.UUID(required=True, attribute="version.question_id")
    version_id = fields.UUID(required=True)
    stem = fields.String(required=True, attribute="version.stem")
    qualification = fields.String(required=True)
    flag = fields.Enum(Flag, by_value=True, required=True)
    raised_at = fields.AwareDateTime(required=True)
    settled_at = fields.AwareDateTime(required=True, allow_none=True)
    settled_by_id = fields.UUID(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


class SettlementIn(Schema):
    """What a reviewer found."""

    reason = fields.String(required=True, validate=validate.Length(1, 2000))
