"""In counts, whom a decision touches, as it goes out."""

from __future__ import annotations

from marshmallow import Schema, fields


class ApplicationReachOut(Schema):
    """What stands around an application that waits for a decision."""

    waiting_count = fields.Integer(
        required=True,
        metadata={"description": "Applications to the sitting that wait, this one included."},
    )
    placed_count = fields.Integer(
        required=True, metadata={"description": "Who has a place in the sitting."}
    )
    capacity = fields.Integer(required=True)
    other_sitting_count = fields.Integer(
        required=True,
        metadata={"description": "Other sittings to come for which the candidate stands."},
    )
    may_apply_until = fields.AwareDateTime(
        required=True, metadata={"description": "Until when the candidate may apply anew."}
    )


class SittingReachOut(Schema):
    """Whom a move of a sitting touches."""

    candidate_count = fields.Integer(
        required=True,
        metadata={"description": "Who applied, and neither gave it up nor was refused."},
    )
    waiting_count = fields.Integer(
        required=True, metadata={"description": "Who of them waits for a decision."}
    )


class SittingReachQuery(Schema):
    """In which room of the sitting to count."""

    room_id = fields.UUID(load_default=None)


class AppealReachOut(Schema):
    """What a ruling on an appeal touches."""

    open_appeal_count = fields.Integer(
        required=True, metadata={"description": "Other open appeals against the same outcome."}
    )
    coming_viewing_count = fields.Integer(
        required=True, metadata={"description": "Granted views that are not over yet."}
    )
    asked_count = fields.Integer(
        required=True,
        metadata={"description": "Attempts that were asked the question; 0 where none is named."},
    )


class AppealReachQuery(Schema):
    """Of which question to say how often it was asked."""

    version_id = fields.UUID(load_default=None)


class OverrideReachOut(Schema):
    """Where the two of an exception could meet, as long as it would hold."""

    sitting_count = fields.Integer(
        required=True,
        metadata={"description": "Sittings to come where one has a duty, the other a place."},
    )
    duty_count = fields.Integer(required=True)
    candidature_count = fields.Integer(required=True)
