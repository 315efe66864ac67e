"""Joining, entering and responding, as it goes in and out (参赛的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from exams.contests.judging import Verdict
from exams.contests.services.joining import Joining
from question_bank.kinds import LABELS, Kind
from question_bank.schemas.shown import QuestionOptionOut, shown_html

#: A mobile number of China, as the gateways of the operators take it.
_PHONE = validate.Regexp(r"1[3-9][0-9]{9}")


class PhoneCodeIn(Schema):
    """Where a code is to be sent."""

    phone = fields.String(required=True, validate=_PHONE)


class PhoneCodeOut(Schema):
    """That a code was sent."""

    minutes = fields.Integer(required=True, metadata={"description": "How long it is good."})
    code = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The code itself, only where the platform is tried out."},
    )


class JoiningIn(Schema):
    """What somebody says who joins with an account."""

    notice_version = fields.Integer(
        required=True,
        strict=True,
        metadata={"description": "The version of the notice that was read and agreed to."},
    )
    guardian_agrees = fields.Boolean(load_default=False)
    born_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "Used once, to know whether a guardian must agree; not kept."},
    )
    region_id = fields.UUID(required=True)
    employer_id = fields.UUID(load_default=None, allow_none=True)
    industry = fields.String(
        load_default=None, allow_none=True, validate=validate.Regexp(r"[0-9]{2}")
    )
    role = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 40))
    device_id = fields.UUID(required=True)
    invitation = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 64))

    @post_load
    def _joining(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        rest: dict[str, Any] = {name: data.pop(name) for name in ("phone", "code") if name in data}
        return {"joining": Joining(name=data.pop("name", ""), **data), **rest}


class PhoneJoiningIn(JoiningIn):
    """What somebody says who joins by a phone number alone."""

    name = fields.String(required=True, validate=validate.Length(1, 40))
    born_on = fields.Date(
        required=True,
        metadata={"description": "Used once, to know whether a guardian must agree; not kept."},
    )
    phone = fields.String(required=True, validate=_PHONE)
    code = fields.String(required=True, validate=validate.Regexp(r"[0-9]{6}"))


class ParticipantOut(Schema):
    """One's own place in a contest."""

    id = fields.UUID(required=True)
    contest_id = fields.UUID(required=True)
    masked_name = fields.String(required=True)
    minor = fields.Boolean(required=True)
    region_id = fields.UUID(required=True)
    employer_id = fields.UUID(required=True, allow_none=True)
    joined_at = fields.AwareDateTime(required=True)


class JoinedOut(ParticipantOut):
    """One's own place, with the token that speaks for it on the addresses of the contest."""

    token = fields.String(required=True)
    token_expires_at = fields.AwareDateTime(required=True)


class EnteringIn(Schema):
    """Which round to enter."""

    round_id = fields.UUID(required=True)


class ContestQuestionOut(Schema):
    """A question as it is shown: no key, no explanation."""

    slot = fields.Integer(required=True)
    slot_count = fields.Integer(required=True)
    kind = fields.Enum(Kind, by_value=True, required=True)
    stem = fields.String(required=True)
    stem_html = shown_html("stem_html")
    options = fields.List(fields.Nested(QuestionOptionOut), required=True)
    seconds = fields.Integer(required=True)


class FinalQuestionOut(ContestQuestionOut):
    """A question of a final, the same for everybody."""

    opened_at = fields.AwareDateTime(required=True)


class EntryOut(Schema):
    """One's own standing in a round."""

    id = fields.UUID(required=True)
    round_id = fields.UUID(required=True)
    points = fields.Integer(required=True)
    correct_count = fields.Integer(required=True)
    elapsed_ms = fields.Integer(required=True)
    finished_at = fields.AwareDateTime(required=True, allow_none=True)
    place = fields.Integer(required=True, allow_none=True)
    disqualified_because = fields.String(required=True, allow_none=True)


class ShownEntryOut(Schema):
    """One's own entry, with the question that is open."""

    entry = fields.Nested(EntryOut, required=True)
    question = fields.Nested(ContestQuestionOut, required=True, allow_none=True)
    place = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "By the points the board knows; the released one at the end."},
    )
    now = fields.AwareDateTime(required=True)


class ParticipationOut(ParticipantOut):
    """One's own place in a contest, with one's entries."""

    entries = fields.List(fields.Nested(EntryOut), required=True)


class ContestResponseIn(Schema):
    """One response. It says no time: the server's counts."""

    slot = fields.Integer(required=True, strict=True, validate=validate.Range(1, 60))
    chosen = fields.List(
        fields.Integer(strict=True, validate=validate.Range(0, len(LABELS) - 1)),
        required=True,
        metadata={"description": "Numbers of the options shown, from 0."},
    )


class HeardOut(Schema):
    """What became of a response: it is on the disk."""

    now = fields.AwareDateTime(required=True)
    slot = fields.Integer(required=True)
    verdict = fields.Enum(Verdict, by_value=True, required=True)
    question = fields.Nested(
        ContestQuestionOut,
        required=True,
        allow_none=True,
        metadata={"description": "The next question, which counts from now; null at the end."},
    )


class ReviewedOut(Schema):
    """A question that one responded to wrongly, labels as shown."""

    slot = fields.Integer(required=True)
    stem = fields.String(required=True)
    options = fields.List(fields.Nested(QuestionOptionOut), required=True)
    chosen = fields.List(fields.String(), required=True)
    key = fields.List(fields.String(), required=True)
    explanation = fields.String(required=True, allow_none=True)
    law_citation = fields.String(required=True, allow_none=True)


class ReviewedListOut(Schema):
    """All of them."""

    items = fields.List(fields.Nested(ReviewedOut), required=True)


class ContestLinkOut(Schema):
    """Where a page with one's result is."""

    path = fields.String(
        required=True, metadata={"description": "Relative to the address of the platform."}
    )
