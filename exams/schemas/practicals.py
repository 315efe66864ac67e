"""Practicals, as they go in and out."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from exams.models.practicals import ExhibitKind, PracticalState
from exams.schemas.score_sheets import CODE, EXACT, ScoreSheetOut
from exams.schemas.stations import PracticalSubjectOut
from exams.services.practical_words import WordReason
from exams.services.practicals import PracticalPlan
from exams.sync import HIGHEST_SEQUENCE, MOST_ENTRIES, Verdict
from server.paging import PageQuery

_REASON = validate.Length(1, 1000)


class PracticalIn(Schema):
    """A practical as its planner writes it."""

    theory_attempt_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True, metadata={"description": "The test centre."})
    planned_at = fields.AwareDateTime(required=True)
    release_at = fields.AwareDateTime(load_default=None, allow_none=True)

    @post_load
    def _made(self, data: dict[str, Any], **_: object) -> dict[str, PracticalPlan]:
        return {"draft": PracticalPlan(**data)}


class PracticalOutcomeOut(Schema):
    """The verdict on a practical."""

    score = fields.String(required=True, metadata={"description": "An exact fraction."})
    max_score = fields.String(required=True)
    passed = fields.Boolean(required=True)
    failed_vetoes = fields.List(fields.String(), required=True)
    missed_subjects = fields.List(
        fields.String(), required=True, metadata={"description": "Of a circuit: they fail it."}
    )
    decided_at = fields.AwareDateTime(required=True)
    released_at = fields.AwareDateTime(required=True)


class ScorerOut(Schema):
    """Who scores."""

    person_id = fields.UUID(required=True)
    subject = fields.String(required=True, metadata={"description": "Empty: the whole."})
    place = fields.Integer(required=True, metadata={"description": "1 and 2 score apart, 3 rules."})
    handed_in_at = fields.AwareDateTime(required=True, allow_none=True)


class PracticalOut(Schema):
    """A practical, as who plans it sees it."""

    id = fields.UUID(required=True)
    qualification_id = fields.UUID(required=True)
    candidate_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    theory_attempt_id = fields.UUID(required=True)
    score_sheet_id = fields.UUID(required=True)
    planned_at = fields.AwareDateTime(required=True)
    release_at = fields.AwareDateTime(required=True, allow_none=True)
    state = fields.Enum(PracticalState, by_value=True, required=True)
    drawn = fields.List(
        fields.String(), required=True, metadata={"description": "Items, one of each subject."}
    )
    scorers = fields.List(fields.Nested(ScorerOut), required=True)
    subjects = fields.List(
        fields.Nested(PracticalSubjectOut),
        required=True,
        attribute="legs",
        metadata={"description": "Of a circuit, in the order of turns; else none."},
    )
    outcome = fields.Nested(PracticalOutcomeOut, required=True, allow_none=True)


class ScoringOut(Schema):
    """A practical that waits for one's scores: nothing of what others gave."""

    id = fields.UUID(required=True)
    qualification_id = fields.UUID(required=True)
    candidate_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    planned_at = fields.AwareDateTime(required=True)
    state = fields.Enum(PracticalState, by_value=True, required=True)


class PracticalForCandidate(Schema):
    """A practical, as its candidate sees it."""

    id = fields.UUID(required=True, attribute="practical.id")
    qualification_id = fields.UUID(required=True, attribute="practical.qualification_id")
    organisation_id = fields.UUID(required=True, attribute="practical.organisation_id")
    planned_at = fields.AwareDateTime(required=True, attribute="practical.planned_at")
    state = fields.Enum(PracticalState, by_value=True, required=True, attribute="practical.state")
    outcome = fields.Nested(
        PracticalOutcomeOut,
        required=True,
        allow_none=True,
        metadata={"description": "Null until it is released, and after a void."},
    )


class OwnPracticalsOut(Schema):
    """One's own practicals, the newest first."""

    items = fields.List(fields.Nested(PracticalForCandidate), required=True)


class PracticalQuery(PageQuery):
    """Which practicals to list."""

    state = fields.Enum(PracticalState, by_value=True, load_default=None)


class PracticalVoidingIn(Schema):
    """Why a practical is made not to count."""

    reason = fields.String(required=True, validate=_REASON)
    counts = fields.Boolean(
        load_default=True, metadata={"description": "Whether it still uses up an attempt."}
    )


#: What one word of an examiner's phone looks like; read one by one, so a bad one spoils no other.
_WORD = {
    "type": "object",
    "required": ["code", "sequence", "value"],
    "properties": {
        "code": {"type": "string", "description": "Of a step or a veto."},
        "sequence": {"type": "integer", "minimum": 1, "maximum": HIGHEST_SEQUENCE},
        "value": {
            "type": "string",
            "description": "Points, exactly: 3, 2.5, 5/2; of a veto 1 for failed, else 0.",
        },
    },
}


class ScoresIn(Schema):
    """What an examiner's phone has to say since it was last acknowledged."""

    entries = fields.List(
        fields.Raw(allow_none=True, metadata=_WORD),
        required=True,
        validate=validate.Length(max=MOST_ENTRIES),
    )


class JudgedWordOut(Schema):
    """What became of one word."""

    code = fields.String(required=True, allow_none=True)
    sequence = fields.Integer(required=True, allow_none=True)
    verdict = fields.Enum(Verdict, by_value=True, required=True)
    reason = fields.Enum(WordReason, by_value=True, required=True, allow_none=True)
    late = fields.Boolean(
        required=True, metadata={"description": "Kept, and does not count: it was handed in."}
    )


class ScoresOut(Schema):
    """What became of a batch, in the order sent."""

    entries = fields.List(fields.Nested(JudgedWordOut), required=True)


def _texts(values: dict[str, Fraction] | None) -> dict[str, str] | None:
    return None if values is None else {code: str(one) for code, one in sorted(values.items())}


_VALUES = {"type": "object", "additionalProperties": {"type": "string"}}


class PracticalForScorer(Schema):
    """A practical, as one of its examiners sees it now."""

    id = fields.UUID(required=True, attribute="practical.id")
    candidate_id = fields.UUID(required=True, attribute="practical.candidate_id")
    planned_at = fields.AwareDateTime(required=True, attribute="practical.planned_at")
    state = fields.Enum(PracticalState, by_value=True, required=True, attribute="practical.state")
    place = fields.Integer(required=True)
    handed_in_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "Null while a subject of one's own is not handed in."},
    )
    parts = fields.List(
        fields.Nested(ScorerOut),
        required=True,
        metadata={"description": "What one scores: the whole, or subjects of a circuit."},
    )
    drawn = fields.List(fields.String(), required=True, attribute="practical.drawn")
    score_sheet = fields.Nested(ScoreSheetOut, required=True, attribute="practical.score_sheet")
    own = fields.Function(serialize=lambda seen: _texts(seen.own), metadata=_VALUES)
    other = fields.Function(
        serialize=lambda seen: _texts(seen.other),
        metadata={**_VALUES, "description": "The other's scores; null until both are in."},
    )
    disputed = fields.List(fields.String(), required=True)


class PracticalRulingIn(Schema):
    """What the third examiner decides."""

    subject = fields.String(
        load_default=None,
        allow_none=True,
        validate=CODE,
        metadata={"description": "Of a circuit; left out: the one that is disputed."},
    )
    values = fields.Dict(
        keys=fields.String(validate=CODE),
        values=fields.String(validate=EXACT),
        required=True,
        validate=validate.Length(max=500),
        metadata={"description": "Of everything that is disputed, and nothing else."},
    )
    reason = fields.String(required=True, validate=_REASON)

    @post_load
    def _made(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        read = {code: Fraction(value) for code, value in data["values"].items()}
        return {**data, "values": read}


class ExhibitQuery(Schema):
    """What a picture shows."""

    kind = fields.Enum(ExhibitKind, by_value=True, required=True)


class ExhibitOut(Schema):
    """A picture that is kept."""

    hash = fields.String(required=True)
    kind = fields.Enum(ExhibitKind, by_value=True, required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)
    person_id = fields.UUID(required=True)
    received_at = fields.AwareDateTime(required=True)
    late = fields.Boolean(required=True)
