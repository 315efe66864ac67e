"""What goes in and out of practice (练习的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from question_bank.kinds import LABELS
from question_bank.levels import DayState
from question_bank.repetition import Recall
from question_bank.schemas.questions import OPERATION_ITEM, QuestionForCandidate
from question_bank.schemas.shown import shown_html
from question_bank.services.practice import Way
from server.people.roster import PostRole


class WhomQuery(Schema):
    """Whom questions must serve."""

    role = fields.Enum(PostRole, by_value=True, load_default=None)
    operation_item = fields.String(load_default=None, validate=OPERATION_ITEM)


class PracticeQuery(WhomQuery):
    """What to practise."""

    topic = fields.String(load_default=None, validate=validate.Length(1, 200))
    law_id = fields.UUID(
        load_default=None, metadata={"description": "Only what rests on this law."}
    )
    way = fields.Enum(Way, by_value=True, load_default=Way.ALL)
    limit = fields.Integer(load_default=20, strict=True, validate=validate.Range(1, 50))


class PracticeQuestionsOut(Schema):
    """Questions to practise next."""

    questions = fields.List(fields.Nested(QuestionForCandidate), required=True)


class PracticeTopicsOut(Schema):
    """Topics that can be practised."""

    topics = fields.List(fields.String(), required=True)


class PracticeResponseIn(Schema):
    """A response in practice."""

    version_id = fields.UUID(required=True, metadata={"description": "The version shown."})
    chosen = fields.List(
        fields.String(validate=validate.OneOf(list(LABELS))),
        required=True,
        validate=validate.Length(1, len(LABELS)),
        metadata={"description": "Labels as they were shown."},
    )
    recall = fields.Enum(
        Recall,
        by_value=True,
        load_default=Recall.GOOD,
        metadata={"description": "How a right response felt; it moves the next repetition."},
    )


class PracticeVerdictOut(Schema):
    """The verdict on a response, labels as they were shown; the key leaves only here."""

    response_id = fields.UUID(required=True)
    question_id = fields.UUID(required=True)
    version_id = fields.UUID(required=True)
    correct = fields.Boolean(required=True)
    chosen = fields.List(fields.String(), required=True)
    key = fields.List(fields.String(), required=True)
    explanation = fields.String(required=True, allow_none=True)
    explanation_html = shown_html("explanation_html")
    law_citation = fields.String(required=True, allow_none=True)
    in_wrong_book = fields.Boolean(required=True)
    due_on = fields.Date(
        required=True, allow_none=True, metadata={"description": "When it should come again."}
    )
    answered_at = fields.AwareDateTime(required=True)


class WrongQuestionOut(Schema):
    """An entry of the wrong-question book."""

    question = fields.Nested(QuestionForCandidate, required=True)
    wrong_count = fields.Integer(required=True)
    answered_count = fields.Integer(required=True)
    right_in_a_row = fields.Integer(required=True)
    last_answered_at = fields.AwareDateTime(required=True)


class FavouriteOut(Schema):
    """A question kept at hand."""

    question = fields.Nested(QuestionForCandidate, required=True)
    added_at = fields.AwareDateTime(required=True)


class TopicProgressOut(Schema):
    """How far one is with one topic."""

    topic = fields.String(required=True, allow_none=True)
    question_count = fields.Integer(required=True)
    practised_count = fields.Integer(required=True)
    right_count = fields.Integer(
        required=True, metadata={"description": "Right at the last response."}
    )
    mastered_count = fields.Integer(
        required=True, metadata={"description": "Right twice in a row or more."}
    )
    due_count = fields.Integer(required=True, metadata={"description": "Due by today."})
    wrong_book_count = fields.Integer(required=True)


class ProgressOut(Schema):
    """How far one is, and what is left of today's allowance."""

    topics = fields.List(fields.Nested(TopicProgressOut), required=True)
    questions_left_today = fields.Integer(required=True)
    mock_exams_left_today = fields.Integer(required=True)


class DailyQuestionOut(Schema):
    """The question of the day, and one's days in a row."""

    day = fields.Date(required=True)
    question = fields.Nested(QuestionForCandidate, required=True)
    state = fields.Enum(
        DayState,
        by_value=True,
        required=True,
        metadata={"description": "`open` until it was right, or was put right on another day."},
    )
    responded = fields.Boolean(
        required=True, metadata={"description": "Whether one responded to it today."}
    )
    days_in_a_row = fields.Integer(required=True)
    to_put_right = fields.List(
        fields.Nested(QuestionForCandidate),
        required=True,
        metadata={"description": "Wrong ones of the days before that may still be put right."},
    )


class LevelOut(Schema):
    """A level of practice."""

    number = fields.Integer(required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True)
    mastered = fields.Integer(
        required=True, metadata={"description": "Questions that it takes to master."}
    )


class PracticeLevelOut(Schema):
    """One's level, by what stays in the memory."""

    mastered_count = fields.Integer(
        required=True,
        metadata={"description": "Right twice, each time when due, and not wrong since."},
    )
    level = fields.Nested(LevelOut, required=True)
    next = fields.Nested(LevelOut, required=True, allow_none=True)
