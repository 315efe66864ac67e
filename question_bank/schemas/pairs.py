"""What goes in and out about questions that are alike (查重的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from question_bank.differences import Part
from question_bank.lifecycle import State
from question_bank.likeness import Relation
from question_bank.models import Standing
from question_bank.schemas.questions import QuestionTagOut, VersionForAuthor
from question_bank.services.rulings import Ruling
from server.paging import PageQuery


class PieceOut(Schema):
    """A stretch of text that is the same, was removed or was added."""

    part = fields.Enum(Part, by_value=True, required=True)
    text = fields.String(required=True)


class FieldDifferenceOut(Schema):
    """A field that differs, and its words."""

    field = fields.String(required=True)
    before = fields.String(required=True, allow_none=True)
    after = fields.String(required=True, allow_none=True)
    pieces = fields.List(
        fields.Nested(PieceOut),
        required=True,
        metadata={"description": "Without the added ones `before`, without the removed `after`."},
    )


class PairSideOut(Schema):
    """One question of a pair, and where it comes from."""

    question_id = fields.UUID(required=True, attribute="question.id")
    state = fields.Enum(State, by_value=True, required=True, attribute="question.state")
    bank_id = fields.UUID(required=True, attribute="bank.id")
    bank_name = fields.String(required=True, attribute="bank.name")
    serves = fields.List(fields.Nested(QuestionTagOut), required=True, attribute="question.tags")
    version = fields.Nested(VersionForAuthor, required=True)


class QuestionPairOut(Schema):
    """Two questions that are alike, beside each other."""

    id = fields.UUID(required=True, attribute="pair.id")
    relation = fields.Enum(Relation, by_value=True, required=True, attribute="pair.relation")
    similarity = fields.Integer(
        required=True,
        attribute="pair.similarity",
        metadata={"description": "Thousandths of the signs in common."},
    )
    standing = fields.Enum(Standing, by_value=True, required=True, attribute="pair.standing")
    found_at = fields.AwareDateTime(required=True, attribute="pair.found_at")
    first = fields.Nested(PairSideOut, required=True)
    second = fields.Nested(PairSideOut, required=True)
    differences = fields.List(fields.Nested(FieldDifferenceOut), required=True)
    kept_id = fields.UUID(required=True, allow_none=True, attribute="pair.kept_id")
    reason = fields.String(required=True, allow_none=True, attribute="pair.reason")
    ruled_by_id = fields.UUID(required=True, allow_none=True, attribute="pair.ruled_by_id")
    ruled_at = fields.AwareDateTime(required=True, allow_none=True, attribute="pair.ruled_at")


class PairQuery(PageQuery):
    """Which pairs to list."""

    relation = fields.Enum(
        Relation,
        by_value=True,
        load_default=None,
        metadata={"description": "`conflict` is the work list of conflicts."},
    )
    standing = fields.Enum(Standing, by_value=True, load_default=Standing.OPEN)
    bank_id = fields.UUID(load_default=None)
    question_id = fields.UUID(load_default=None)


class RulingIn(Schema):
    """What is decided about a pair."""

    kept_id = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "It stays, the other is retired. Null: they are distinct."},
    )
    reason = fields.String(required=True, validate=validate.Length(1, 1000))
    takes_tags = fields.Boolean(
        load_default=True,
        metadata={"description": "The kept one serves from now on whom the other one served."},
    )

    @post_load
    def as_ruling(self, values: dict[str, Any], **_: Any) -> dict[str, Ruling]:
        """Hand on what the service asks for."""
        return {"ruling": Ruling(**values)}
