"""What goes into exports (导出的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from question_bank.formats.files import Format
from question_bank.kinds import Kind
from question_bank.lifecycle import State
from question_bank.services.exports import MOST, WRITERS, Wanted


class QuestionExportIn(Schema):
    """Which questions of a bank are to be exported, how, and what for."""

    bank_id = fields.UUID(required=True)
    format = fields.Enum(
        Format, by_value=True, required=True, validate=validate.OneOf(list(WRITERS))
    )
    with_keys = fields.Boolean(
        load_default=False,
        metadata={
            "description": "Whether keys, explanations and difficulties are in it; needs a "
            "permission of its own. Moodle XML and GIFT cannot do without."
        },
    )
    purpose = fields.String(
        required=True,
        validate=validate.Length(2, 200),
        metadata={"description": f"What it is for; at most {MOST} questions each."},
    )
    state = fields.Enum(
        State,
        by_value=True,
        load_default=None,
        metadata={"description": "Left out: every question that is not retired."},
    )
    kind = fields.Enum(Kind, by_value=True, load_default=None)
    topic = fields.String(load_default=None, validate=validate.Length(1, 200))

    @post_load
    def as_wanted(self, values: dict[str, Any], **_: Any) -> dict[str, Wanted]:
        """Hand the view what the service asks for."""
        return {"wanted": Wanted(**values)}
