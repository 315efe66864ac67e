"""Attempts, as phones and invigilators see them. No schema here could carry a key."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from exams.lifecycle import State
from exams.paper_sheets import AttemptMode
from exams.permutation import Order
from exams.schemas.named import CandidateNamed
from exams.schemas.packages import OpenedPackageOut
from exams.sync import HIGHEST_SEQUENCE, MOST_ENTRIES, Reason, Verdict
from server.paging import PageQuery


class PulseOut(Schema):
    """What every reply to a phone says of time."""

    now = fields.AwareDateTime(
        required=True,
        attribute="pulse.now",
        metadata={"description": "The server's clock, which decides."},
    )
    deadline_at = fields.AwareDateTime(required=True, attribute="pulse.deadline_at")
    next_call_in = fields.Integer(
        required=True,
        attribute="pulse.next_call_in",
        metadata={"description": "Seconds after which to call again with nothing to say."},
    )


class StartIn(Schema):
    """A start: which place in an exam is used."""

    enrolment_id = fields.UUID(required=True)


class PlaceOut(Schema):
    """One question of the candidate's own order."""

    slot = fields.Integer(required=True, metadata={"description": "Its place on the form."})
    options = fields.List(
        fields.Integer(),
        required=True,
        metadata={"description": "The form's option indexes, in the order shown."},
    )


class StartedOut(PulseOut):
    """An attempt that was started, with the candidate's own order."""

    id = fields.UUID(required=True, attribute="attempt.id")
    enrolment_id = fields.UUID(required=True, attribute="attempt.enrolment_id")
    exam_id = fields.UUID(required=True, attribute="attempt.exam_id")
    paper_id = fields.UUID(required=True, attribute="attempt.paper_id")
    epoch = fields.Integer(
        required=True,
        attribute="attempt.epoch",
        metadata={"description": "Send it with every batch of entries."},
    )
    state = fields.Enum(State, by_value=True, required=True, attribute="attempt.state")
    started_at = fields.AwareDateTime(required=True, attribute="attempt.started_at")
    paused_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        attribute="attempt.paused_at",
        metadata={"description": "Since when the room stands still; the deadline moves on."},
    )
    package = fields.Nested(
        OpenedPackageOut,
        required=True,
        allow_none=True,
        metadata={"description": "The paper and its key; null once the attempt is over."},
    )
    order = fields.Function(
        serialize=lambda started: order_shown(started.order),
        metadata={
            "type": "array",
            "description": "Questions in the order shown to this candidate.",
            "items": {
                "type": "object",
                "required": ["slot", "options"],
                "properties": {
                    "slot": {"type": "integer"},
                    "options": {"type": "array", "items": {"type": "integer"}},
                },
            },
        },
    )


def order_shown(order: Order) -> list[dict[str, Any]]:
    """Return the candidate's order as the phone reads it."""
    return [{"slot": slot, "options": list(order.options[slot])} for slot in order.slots]


#: What one entry looks like. It is read entry by entry, so that a bad one spoils no other.
_ENTRY = {
    "type": "object",
    "required": ["slot", "chosen", "sequence"],
    "properties": {
        "slot": {"type": "integer", "minimum": 1},
        "chosen": {
            "type": "array",
            "items": {"type": "integer", "minimum": 0},
            "description": "The form's option indexes; empty to clear.",
        },
        "sequence": {
            "type": "integer",
            "minimum": 1,
            "maximum": HIGHEST_SEQUENCE,
            "description": "The phone's own number of the word: the higher one counts.",
        },
    },
}


class ResponsesIn(Schema):
    """What a phone has to say since it was last acknowledged."""

    epoch = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, 32_767))
    entries = fields.List(
        fields.Raw(allow_none=True, metadata=_ENTRY),
        required=True,
        validate=validate.Length(max=MOST_ENTRIES),
    )


class JudgedOut(Schema):
    """What became of one entry."""

    slot = fields.Integer(required=True, allow_none=True)
    sequence = fields.Integer(required=True, allow_none=True)
    verdict = fields.Enum(Verdict, by_value=True, required=True)
    code = fields.Enum(Reason, by_value=True, required=True, allow_none=True)
    late = fields.Boolean(
        required=True,
        metadata={"description": "Kept, but it came after the end and does not count by itself."},
    )


class ReceiptOut(PulseOut):
    """What became of a batch, entry by entry. What is acknowledged is on the disk."""

    paused_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "Since when the room stands still; the deadline moves on."},
    )
    attempt_id = fields.UUID(required=True)
    state = fields.Enum(State, by_value=True, required=True)
    epoch = fields.Integer(required=True)
    paused_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "Since when the room stands still; the deadline moves on."},
    )
    acknowledged_count = fields.Integer(
        required=True, metadata={"description": "Entries that the phone may forget."}
    )
    entries = fields.List(
        fields.Nested(JudgedOut), required=True, metadata={"description": "In the order sent."}
    )


class OutcomeOut(Schema):
    """The verdict on an attempt."""

    score = fields.String(
        required=True, metadata={"description": "An exact fraction: `83` or `167/2`."}
    )
    max_score = fields.String(required=True)
    passed = fields.Boolean(required=True)
    graded_at = fields.AwareDateTime(required=True)
    released_at = fields.AwareDateTime(required=True)


class StandingOut(PulseOut):
    """Where an attempt stands, as its candidate sees it."""

    id = fields.UUID(required=True, attribute="attempt.id")
    enrolment_id = fields.UUID(required=True, attribute="attempt.enrolment_id")
    exam_id = fields.UUID(required=True, attribute="attempt.exam_id")
    paper_id = fields.UUID(required=True, attribute="attempt.paper_id")
    epoch = fields.Integer(required=True, attribute="attempt.epoch")
    state = fields.Enum(State, by_value=True, required=True, attribute="attempt.state")
    started_at = fields.AwareDateTime(required=True, attribute="attempt.started_at")
    paused_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        attribute="attempt.paused_at",
        metadata={"description": "Since when the room stands still; the deadline moves on."},
    )
    submitted_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="attempt.submitted_at"
    )
    held_count = fields.Integer(
        required=True, metadata={"description": "Slots in which the server holds a response."}
    )
    question_count = fields.Integer(required=True)
    outcome = fields.Nested(
        OutcomeOut,
        required=True,
        allow_none=True,
        metadata={"description": "Null until it is released, and after a void."},
    )


class AttemptOut(Schema):
    """An attempt in a list, without its outcome."""

    id = fields.UUID(required=True)
    enrolment_id = fields.UUID(required=True)
    exam_id = fields.UUID(required=True)
    candidate_id = fields.UUID(required=True)
    mode = fields.Enum(AttemptMode, by_value=True, required=True)
    state = fields.Enum(State, by_value=True, required=True)
    started_at = fields.AwareDateTime(required=True)
    deadline_at = fields.AwareDateTime(required=True)
    extra_seconds = fields.Integer(required=True)
    room_seconds = fields.Integer(
        required=True, metadata={"description": "Given to the room: pauses paid back, extensions."}
    )
    paused_at = fields.AwareDateTime(required=True, allow_none=True)
    submitted_at = fields.AwareDateTime(required=True, allow_none=True)
    closed = fields.Boolean(
        required=True, metadata={"description": "Handed in by the platform, after the deadline."}
    )
    voided_at = fields.AwareDateTime(required=True, allow_none=True)
    void_reason = fields.String(required=True, allow_none=True)
    counts = fields.Boolean(required=True)


class AttemptListed(CandidateNamed, AttemptOut):
    """An attempt in the list of an exam: who sits where."""

    room = fields.String(
        required=True,
        attribute="enrolment.room",
        metadata={"description": "By its name; empty where nobody was seated."},
    )


class AttemptQuery(PageQuery):
    """Which attempts of an exam to list."""

    state = fields.Enum(State, by_value=True, load_default=None)
    room = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "A room by its name."},
    )


class OutcomeQuery(PageQuery):
    """Which outcomes of an exam to list."""

    passed = fields.Boolean(load_default=None)


class AttemptWithOutcome(CandidateNamed):
    """An attempt with its outcome, for who may see outcomes."""

    id = fields.UUID(required=True)
    exam_id = fields.UUID(required=True)
    candidate_id = fields.UUID(required=True)
    mode = fields.Enum(AttemptMode, by_value=True, required=True)
    started_at = fields.AwareDateTime(required=True)
    submitted_at = fields.AwareDateTime(required=True, allow_none=True)
    outcome = fields.Nested(OutcomeOut, required=True)


class ExtensionIn(Schema):
    """Time granted to an attempt."""

    extra_seconds = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(1, 86_400),
        metadata={"description": "In all, not in addition: sending it twice grants it once."},
    )
    reason = fields.String(required=True, validate=validate.Length(1, 1000))


class VoidingIn(Schema):
    """Why an attempt is made not to count."""

    reason = fields.String(required=True, validate=validate.Length(1, 1000))
    counts = fields.Boolean(
        load_default=True,
        metadata={
            "description": "Whether it uses up an attempt. False gives the place back: for a "
            "failure of the room, not for misconduct."
        },
    )
