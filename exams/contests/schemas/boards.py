"""Boards, results, signals and statistics, as they go out (榜单的数据格式)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from marshmallow import Schema, fields

from exams.contests.signals import Suspicion


class ContestLineOut(Schema):
    """One line: a masked name, never more."""

    place = fields.Integer(required=True)
    masked_name = fields.String(required=True)
    region_name = fields.String(required=True)
    points = fields.Integer(required=True)
    elapsed_ms = fields.Integer(required=True)


class SumLineOut(Schema):
    """What a region, an employer or a team reached together."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    people_count = fields.Integer(required=True)
    response_count = fields.Integer(required=True)
    correct_count = fields.Integer(required=True)
    points = fields.Integer(required=True)


class ContestBoardOut(Schema):
    """What everybody sees of a round; at most two seconds old."""

    round_id = fields.UUID(required=True)
    made_at = fields.AwareDateTime(required=True)
    frozen = fields.Boolean(required=True)
    released = fields.Boolean(required=True)
    people_count = fields.Integer(required=True)
    lines = fields.List(fields.Nested(ContestLineOut), required=True)
    regions = fields.List(fields.Nested(SumLineOut), required=True)
    employers = fields.List(fields.Nested(SumLineOut), required=True)
    teams = fields.List(
        fields.Nested(SumLineOut),
        required=True,
        metadata={"description": "The best members of each together, once results are released."},
    )


class WinnerOut(Schema):
    """Who stands among the first."""

    entry_id = fields.UUID(required=True)
    place = fields.Integer(required=True)
    points = fields.Integer(required=True)
    masked_name = fields.String(required=True)
    person_id = fields.UUID(required=True, allow_none=True)
    minor = fields.Boolean(required=True)


class WinnerListOut(Schema):
    """All of them."""

    items = fields.List(fields.Nested(WinnerOut), required=True)


class WinnerIn(Schema):
    """Who a winner is."""

    person_id = fields.UUID(required=True)


class SignalOut(Schema):
    """Evidence for people; nothing follows from it by itself."""

    suspicion = fields.Enum(Suspicion, by_value=True, required=True)
    entry_ids = fields.List(fields.UUID(), required=True)
    masked_names = fields.List(
        fields.String(), required=True, metadata={"description": "In the order of the entries."}
    )
    count = fields.Integer(required=True)


class SignalListOut(Schema):
    """All of them, those with the most evidence first."""

    items = fields.List(fields.Nested(SignalOut), required=True)


class Share(fields.Field[Fraction]):
    """A share as a decimal text with four digits."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> str | None:
        return None if value is None else f"{float(value):.4f}"


def _share() -> Share:
    return Share(required=True, allow_none=True, metadata={"type": "string"})


class GroupOut(Schema):
    """What people of one kind did; groups of fewer than five are not told."""

    key = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    people_count = fields.Integer(required=True, allow_none=True)
    learnt_count = fields.Integer(required=True, allow_none=True)
    first_share = _share()
    last_share = _share()
    gain = _share()


class CampaignOut(Schema):
    """What a contest reached: who took part, and what they learnt from first round to last."""

    everybody = fields.Nested(GroupOut, required=True)
    by_region = fields.List(fields.Nested(GroupOut), required=True)
    by_industry = fields.List(fields.Nested(GroupOut), required=True)
    by_role = fields.List(fields.Nested(GroupOut), required=True)
