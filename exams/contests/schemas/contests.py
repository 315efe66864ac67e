"""Contests and their rounds, as they go in and out (竞赛的数据格式)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from exams.contests.drafts import ContestDraft, RoundDraft
from exams.contests.models import ContestState, EntryMode, TeamKind
from exams.contests.ranking import TieRule
from exams.contests.timetable import RoundKind
from server.paging import PageQuery

#: Moments that every zone can still name, the end of a round among them.
_SPEAKABLE = validate.Range(datetime(2000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC))


class RoundIn(Schema):
    """One round."""

    kind = fields.Enum(RoundKind, by_value=True, required=True)
    opens_at = fields.AwareDateTime(required=True, validate=_SPEAKABLE)
    closes_at = fields.AwareDateTime(
        load_default=None,
        allow_none=True,
        validate=_SPEAKABLE,
        metadata={"description": "Left out for a final: its end follows from its questions."},
    )
    question_count = fields.Integer(required=True, strict=True, validate=validate.Range(1, 60))
    pool_count = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(1, 2000),
        metadata={"description": "Questions that each participant's are drawn from."},
    )
    seconds = fields.Integer(required=True, strict=True, validate=validate.Range(5, 600))
    pause_seconds = fields.Integer(load_default=3, strict=True, validate=validate.Range(0, 600))
    advancing_places = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(1, 100_000),
        metadata={"description": "Places that come through; null: the next round is for all."},
    )
    freezes_at = fields.AwareDateTime(
        load_default=None,
        allow_none=True,
        validate=_SPEAKABLE,
        metadata={"description": "From here on the board stands still until the release."},
    )

    @post_load
    def _draft(self, data: dict[str, Any], **_: Any) -> RoundDraft:
        return RoundDraft(**data)


class ContestIn(Schema):
    """A contest as it is to be."""

    organisation_id = fields.UUID(required=True)
    name = fields.String(required=True, validate=validate.Length(1, 80))
    notice = fields.String(
        required=True,
        validate=validate.Length(1, 4000),
        metadata={"description": "What everybody agrees to who joins."},
    )
    notice_version = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, 9999))
    entry_mode = fields.Enum(EntryMode, by_value=True, required=True)
    team_kind = fields.Enum(TeamKind, by_value=True, load_default=TeamKind.NONE)
    team_size = fields.Integer(load_default=3, strict=True, validate=validate.Range(1, 100))
    tie_rule = fields.Enum(TieRule, by_value=True, load_default=TieRule.FASTER)
    base_points = fields.Integer(load_default=100, strict=True, validate=validate.Range(1, 1000))
    speed_points = fields.Integer(load_default=50, strict=True, validate=validate.Range(0, 1000))
    merit_places = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 1000))
    joins_from = fields.AwareDateTime(required=True, validate=_SPEAKABLE)
    joins_until = fields.AwareDateTime(required=True, validate=_SPEAKABLE)
    bank_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, 50))
    topics = fields.List(
        fields.String(validate=validate.Length(1, 100)),
        load_default=list,
        validate=validate.Length(max=100),
    )
    rounds = fields.List(fields.Nested(RoundIn), required=True, validate=validate.Length(1, 9))

    @post_load
    def _draft(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        data["bank_ids"], data["topics"] = tuple(data["bank_ids"]), tuple(data["topics"])
        data["rounds"] = tuple(data["rounds"])
        return {"draft": ContestDraft(**data)}


class RoundOut(Schema):
    """A round as everybody sees it."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    kind = fields.Enum(RoundKind, by_value=True, required=True)
    opens_at = fields.AwareDateTime(required=True)
    closes_at = fields.AwareDateTime(required=True)
    question_count = fields.Integer(required=True)
    seconds = fields.Integer(required=True)
    pause_seconds = fields.Integer(required=True)
    advancing_places = fields.Integer(required=True, allow_none=True)
    freezes_at = fields.AwareDateTime(required=True, allow_none=True)
    released_at = fields.AwareDateTime(required=True, allow_none=True)


class ContestOut(Schema):
    """A contest as everybody sees it."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    organisation_name = fields.String(required=True)
    notice = fields.String(required=True)
    notice_version = fields.Integer(required=True)
    entry_mode = fields.Enum(EntryMode, by_value=True, required=True)
    team_kind = fields.Enum(TeamKind, by_value=True, required=True)
    team_size = fields.Integer(required=True)
    tie_rule = fields.Enum(TieRule, by_value=True, required=True)
    base_points = fields.Integer(required=True)
    speed_points = fields.Integer(required=True)
    merit_places = fields.Integer(required=True)
    joins_from = fields.AwareDateTime(required=True)
    joins_until = fields.AwareDateTime(required=True)
    state = fields.Enum(ContestState, by_value=True, required=True)
    published_at = fields.AwareDateTime(required=True, allow_none=True)
    rounds = fields.List(fields.Nested(RoundOut), required=True)


class HeldContestOut(ContestOut):
    """A contest as who holds it sees it."""

    organisation_id = fields.UUID(required=True)
    bank_ids = fields.List(fields.UUID(), required=True)
    topics = fields.List(fields.String(), required=True)


class ContestBankOut(Schema):
    """A bank that a contest may draw from."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)


class HeldContestQuery(PageQuery):
    """Which contests to list."""

    state = fields.Enum(ContestState, by_value=True, load_default=None)


class ContestReasonIn(Schema):
    """Why."""

    reason = fields.String(required=True, validate=validate.Length(1, 500))


class InvitationIn(Schema):
    """Whom a contest invites by one code."""

    label = fields.String(required=True, validate=validate.Length(1, 80))
    seats = fields.Integer(required=True, strict=True, validate=validate.Range(1, 100_000))
    employer_id = fields.UUID(load_default=None, allow_none=True)


class InvitationOut(Schema):
    """An invitation; its code is told once."""

    id = fields.UUID(required=True)
    label = fields.String(required=True)
    seats = fields.Integer(required=True)
    used = fields.Integer(required=True)
    employer_id = fields.UUID(required=True, allow_none=True)
    code = fields.String(required=True, allow_none=True)
