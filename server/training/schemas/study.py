"""What goes in and out about study online (网络学习的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from server.paging import PageQuery
from server.problems import language
from server.training import crediting
from server.training.crediting import Presence, Reason
from server.training.schemas.hours import Hours
from server.training.services.appeals import Decision


class StudySessionIn(Schema):
    """What is to be studied."""

    class_id = fields.UUID(required=True)
    lesson_id = fields.UUID(required=True)


class StudySessionOut(Schema):
    """One sitting of a learner at a lesson."""

    id = fields.UUID(required=True)
    lesson_id = fields.UUID(required=True)
    started_at = fields.AwareDateTime(required=True)
    last_at = fields.AwareDateTime(required=True)
    last_sequence = fields.Integer(required=True)
    seen_ms = fields.Integer(required=True)
    credited_ms = fields.Integer(required=True)
    check_due_at = fields.AwareDateTime(
        required=True, metadata={"description": "Show by then who you are."}
    )
    ended_at = fields.AwareDateTime(required=True, allow_none=True)


class BeatIn(Schema):
    """A heartbeat."""

    sequence = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**31 - 1))
    presence = fields.Enum(Presence, by_value=True, required=True)
    seconds = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(0, 10**7),
        metadata={"description": "What the phone counted; refused where the server saw less."},
    )


class StudyStandingOut(Schema):
    """Where a session stands after a heartbeat."""

    now = fields.AwareDateTime(required=True, attribute="at")
    session_id = fields.UUID(required=True)
    sequence = fields.Integer(required=True)
    reason = fields.Enum(Reason, by_value=True, required=True)
    seen_ms = fields.Integer(required=True)
    credited_ms = fields.Integer(required=True)
    today_ms = fields.Integer(required=True)
    check_due_at = fields.AwareDateTime(required=True)
    next_beat_in = fields.Integer(required=True, attribute="beat_seconds")


class IdentityCheckIn(Schema):
    """One's password, once more."""

    password = fields.String(required=True, validate=validate.Length(1, 200))


class LessonTestIn(Schema):
    """What was chosen: for each question, the places of the options, from 0."""

    class_id = fields.UUID(required=True)
    lesson_id = fields.UUID(required=True)
    chosen = fields.List(
        fields.List(
            fields.Integer(strict=True, validate=validate.Range(0, 9)),
            validate=validate.Length(max=10),
        ),
        required=True,
        validate=validate.Length(1, 100),
    )


class LessonTestOut(Schema):
    """How a try at a lesson test went; no key is told."""

    id = fields.UUID(required=True)
    lesson_id = fields.UUID(required=True)
    right_count = fields.Integer(required=True)
    question_count = fields.Integer(required=True)
    passed = fields.Boolean(required=True)
    taken_at = fields.AwareDateTime(required=True)


class StudyReasonLine(Schema):
    """Time that counts, or does not, for one reason."""

    reason = fields.String(required=True)
    words = fields.String(required=True)
    ms = fields.Integer(required=True)


class StudiedOut(Schema):
    """What a learner has of one lesson online."""

    lesson_id = fields.UUID(required=True, attribute="lesson.id")
    title = fields.String(required=True, attribute="lesson.title")
    hours = Hours(required=True, attribute="hours.tenths")
    hours_due = Hours(required=True, attribute="lesson.tenths")
    test_passed = fields.Boolean(required=True, allow_none=True)
    reasons = fields.Method("reasons_of", required=True)

    def reasons_of(self, one: Any) -> list[dict[str, object]]:
        """Return the time by reason, in words."""
        return [
            {
                "reason": reason.value,
                "words": crediting.MESSAGES[reason].in_language(language()),
                "ms": ms,
            }
            for reason, ms in one.hours.by_reason.items()
        ]


class StudyHoursOut(Schema):
    """What a learner has of a class online, lesson by lesson, with the reasons."""

    hours = Hours(required=True, attribute="tenths")
    lessons = fields.List(fields.Nested(StudiedOut), required=True)


class StudyAppealIn(Schema):
    """What is asked for, and why."""

    words = fields.String(required=True, validate=validate.Length(4, 1000))


class StudyAppealOut(Schema):
    """An appeal about hours."""

    id = fields.UUID(required=True)
    session_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    person_name = fields.String(required=True, attribute="person.name")
    seen_ms = fields.Integer(
        required=True,
        attribute="session.seen_ms",
        metadata={"description": "How long the session was that it is about."},
    )
    credited_ms = fields.Integer(
        required=True,
        attribute="session.credited_ms",
        metadata={"description": "How much of it counts so far."},
    )
    words = fields.String(required=True)
    asked_at = fields.AwareDateTime(required=True)
    granted = fields.Boolean(required=True, allow_none=True)
    decision = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)


class StudyAppealQuery(PageQuery):
    """Which appeals to list."""

    undecided = fields.Boolean(load_default=False)


class AppealDecisionIn(Schema):
    """What is decided on an appeal."""

    granted = fields.Boolean(required=True)
    minutes = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 6000))
    words = fields.String(required=True, validate=validate.Length(4, 1000))

    @post_load
    def as_decision(self, values: dict[str, Any], **_: Any) -> Decision:
        """Hand the view what the service asks for."""
        return Decision(**values)


class StudyRulingIn(Schema):
    """Minutes that are taken away, and why."""

    minutes = fields.Integer(required=True, strict=True, validate=validate.Range(1, 6000))
    words = fields.String(required=True, validate=validate.Length(4, 1000))


class StudyRulingOut(Schema):
    """A decision about hours."""

    id = fields.UUID(required=True)
    session_id = fields.UUID(required=True)
    ms = fields.Integer(required=True)
    words = fields.String(required=True)
    decided_at = fields.AwareDateTime(required=True)
