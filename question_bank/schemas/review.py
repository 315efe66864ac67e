"""What goes in and out of reviewing (审题的数据格式): comments, comparison, uses, bulk actions."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from question_bank.lifecycle import Move
from question_bank.models import BulkOutcome, BulkState
from question_bank.schemas.pairs import FieldDifferenceOut
from question_bank.schemas.questions import QuestionTagIn
from question_bank.schemas.searching import QuestionQuery
from question_bank.services.bulk import MOST, Asked
from question_bank.services.moves import PERMISSIONS
from question_bank.services.snapshots import Places
from server.paging import PageQuery


class QuestionCommentIn(Schema):
    """What to say about a question."""

    text = fields.String(required=True, validate=validate.Length(1, 2000))


class QuestionCommentOut(Schema):
    """What somebody said about a version."""

    id = fields.UUID(required=True)
    question_id = fields.UUID(required=True)
    version_id = fields.UUID(required=True)
    author_id = fields.UUID(required=True)
    text = fields.String(required=True)
    written_at = fields.AwareDateTime(required=True)
    settled_by_id = fields.UUID(required=True, allow_none=True)
    settled_at = fields.AwareDateTime(required=True, allow_none=True)


class QuestionCommentsOut(Schema):
    """Everything said about a question, the oldest first."""

    comments = fields.List(fields.Nested(QuestionCommentOut), required=True)


class ComparisonQuery(Schema):
    """Which versions to compare, by their numbers."""

    before = fields.Integer(required=True, strict=True, validate=validate.Range(1, 100_000))
    after = fields.Integer(required=True, strict=True, validate=validate.Range(1, 100_000))


class ComparisonOut(Schema):
    """What differs between two versions."""

    differences = fields.List(fields.Nested(FieldDifferenceOut), required=True)


class QuestionUseOut(Schema):
    """An exam whose papers ask a question."""

    exam_id = fields.UUID(required=True)
    exam_name = fields.String(required=True)
    used_at = fields.AwareDateTime(required=True)


class QuestionUsesOut(Schema):
    """Everybody who uses a question."""

    exams = fields.List(fields.Nested(QuestionUseOut), required=True)
    practice_count = fields.Integer(
        required=True, metadata={"description": "Responses in practice."}
    )


class BulkFilterIn(QuestionQuery):
    """A search that names the questions of an action; without a page."""

    class Meta:
        """Leaves out what belongs to pages."""

        exclude = ("cursor", "limit")

    @post_load
    def as_wanted(self, values: dict[str, Any], **_: Any) -> Any:
        """Hand on what is looked for."""
        return super().as_wanted({**values, "cursor": None, "limit": 1})["wanted"]


class PlacesIn(Schema):
    """Whom the questions are to serve or serve no more, and in which pools they are to be."""

    added = fields.List(
        fields.Nested(QuestionTagIn), load_default=list, validate=validate.Length(max=20)
    )
    removed = fields.List(
        fields.Nested(QuestionTagIn), load_default=list, validate=validate.Length(max=20)
    )
    for_practice = fields.Boolean(load_default=None, allow_none=True)
    for_exams = fields.Boolean(load_default=None, allow_none=True)

    @post_load
    def as_places(self, values: dict[str, Any], **_: Any) -> Places:
        """Hand on what the service asks for."""
        added, removed = tuple(values.pop("added")), tuple(values.pop("removed"))
        return Places(added=added, removed=removed, **values)


class BulkActionIn(Schema):
    """What to do with which questions: one of `move` and `places`; `question_ids` or `filter`."""

    move = fields.Enum(Move, by_value=True, load_default=None, allow_none=True)
    places = fields.Nested(PlacesIn, load_default=None, allow_none=True)
    question_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MOST))
    filter = fields.Nested(
        BulkFilterIn,
        load_default=None,
        allow_none=True,
        metadata={"description": f"A search; at most {MOST} questions are taken."},
    )

    @validates_schema
    def check_choice(self, values: dict[str, Any], **_: Any) -> None:
        """Refuse both or neither."""
        if (values["move"] is None) == (values["places"] is None):
            raise ValidationError("Choose one of move and places.", "move")
        if values["move"] is not None and values["move"] not in PERMISSIONS:
            raise ValidationError("This move is made one by one.", "move")
        if bool(values["question_ids"]) == (values["filter"] is not None):
            raise ValidationError("Choose one of question_ids and filter.", "question_ids")

    @post_load
    def as_asked(self, values: dict[str, Any], **_: Any) -> dict[str, Asked]:
        """Hand on what the service asks for."""
        return {
            "asked": Asked(
                move=values["move"],
                places=values["places"],
                question_ids=tuple(values["question_ids"]),
                wanted=values["filter"],
            )
        }


class BulkActionOut(Schema):
    """An action upon many questions."""

    id = fields.UUID(required=True)
    state = fields.Enum(BulkState, by_value=True, required=True)
    counts = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "Questions by outcome: changes, unchanged, refused."},
    )
    previewed_at = fields.AwareDateTime(required=True)
    done_at = fields.AwareDateTime(required=True, allow_none=True)
    undone_at = fields.AwareDateTime(required=True, allow_none=True)
    left_count = fields.Integer(
        required=True, metadata={"description": "Changed since by others, so not put back."}
    )


class BulkActionRowOut(Schema):
    """What an action does to one question."""

    question_id = fields.UUID(required=True)
    outcome = fields.Enum(BulkOutcome, by_value=True, required=True)
    refusal = fields.Dict(required=True, allow_none=True)
    before = fields.Dict(required=True, allow_none=True)
    after = fields.Dict(required=True, allow_none=True)


class BulkRowQuery(PageQuery):
    """Which rows of an action to list."""

    outcome = fields.Enum(BulkOutcome, by_value=True, load_default=None)
