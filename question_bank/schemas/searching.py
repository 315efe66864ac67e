"""What one may ask when looking for questions (检索条件)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import fields, post_load, validate

from question_bank.flagging import Flag
from question_bank.kinds import Kind
from question_bank.lifecycle import State
from question_bank.schemas.questions import OPERATION_ITEM
from question_bank.services.finding import Wanted
from server.paging import PageQuery
from server.people.roster import PostRole


def _share(text: str) -> fields.Decimal:
    return fields.Decimal(
        load_default=None,
        allow_nan=False,
        validate=validate.Range(Decimal(0), Decimal(1)),
        metadata={"description": text},
    )


def _figure(text: str, least: float, most: float) -> fields.Float:
    return fields.Float(
        load_default=None,
        allow_nan=False,
        validate=validate.Range(least, most),
        metadata={"description": text},
    )


class QuestionQuery(PageQuery):
    """Which questions to list."""

    bank_id = fields.UUID(load_default=None)
    state = fields.Enum(State, by_value=True, load_default=None)
    kind = fields.Enum(Kind, by_value=True, load_default=None)
    topic = fields.String(load_default=None, validate=validate.Length(1, 200))
    text = fields.String(
        load_default=None,
        validate=[validate.Length(1, 100), validate.Regexp(r"[^\x00]*\S[^\x00]*\Z")],
        metadata={
            "description": "Parts of stem, options or explanation, parted by spaces; "
            "Latin ones also as pinyin initials: `czz` finds 操作证."
        },
    )
    role = fields.Enum(PostRole, by_value=True, load_default=None)
    operation_item = fields.String(load_default=None, validate=OPERATION_ITEM)
    author_id = fields.UUID(
        load_default=None, metadata={"description": "The person who wrote the newest version."}
    )
    difficulty_from = _share("The least share expected to respond rightly.")
    difficulty_to = _share("The greatest share expected to respond rightly.")
    law_id = fields.UUID(load_default=None, metadata={"description": "Rests on this law."})
    rests_on_repealed_law = fields.Boolean(load_default=None)
    flag = fields.Enum(
        Flag,
        by_value=True,
        load_default=None,
        metadata={"description": "An open flag of its statistics."},
    )
    facility_from = _figure("The least facility among candidates.", 0, 1)
    facility_to = _figure("The greatest facility among candidates.", 0, 1)
    discrimination_from = _figure("The least discrimination, in hundredths.", -100, 100)
    discrimination_to = _figure("The greatest discrimination, in hundredths.", -100, 100)

    @post_load
    def as_wanted(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Hand the view the page, and what is looked for."""
        place = {name: values.pop(name) for name in ("cursor", "limit")}
        return {**place, "wanted": Wanted(**values)}
