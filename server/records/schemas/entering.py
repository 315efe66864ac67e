"""What is entered into a file: trainings, statements, corrections (登记的数据格式)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from server.people.roster import PostRole
from server.records.entries import (
    STATED,
    InductionLevel,
    RecordKind,
    Statement,
    Training,
    TrainingPurpose,
)

_TEXTS = fields.String(validate=validate.Length(1, 200))


class TrainingFields(Schema):
    """A training that somebody finished."""

    programme = fields.String(required=True, validate=validate.Length(1, 200))
    purpose = fields.Enum(TrainingPurpose, by_value=True, required=True)
    hours = fields.Decimal(
        required=True,
        places=1,
        as_string=True,
        validate=validate.Range(Decimal("0.5"), Decimal(2000)),
        metadata={"description": "Training hours (学时), exact to a tenth, such as `16.0`."},
    )
    provider_id = fields.UUID(required=True)
    started_on = fields.Date(required=True)
    finished_on = fields.Date(required=True)
    role = fields.Enum(PostRole, by_value=True, load_default=None, allow_none=True)
    item = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Regexp(r"^[0-9]{1,2}\.[0-9]{1,2}\Z"),
        metadata={"description": "Operation item it was for, such as `1.2`."},
    )
    topics = fields.List(_TEXTS, load_default=list, validate=validate.Length(max=100))
    trainers = fields.List(_TEXTS, load_default=list, validate=validate.Length(max=50))
    passed = fields.Boolean(
        load_default=None,
        allow_none=True,
        metadata={"description": "Null where no assessment ended it."},
    )
    level = fields.Enum(
        InductionLevel,
        by_value=True,
        load_default=None,
        allow_none=True,
        metadata={"description": "Level of a three-level induction."},
    )
    hours_due = fields.Decimal(
        load_default=None,
        allow_none=True,
        places=1,
        as_string=True,
        validate=validate.Range(Decimal("0.5"), Decimal(2000)),
        metadata={"description": "Hours that were asked for (应修学时)."},
    )
    sign_in = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 200))
    employer_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "The employer it was for, where another trained."},
    )


class TrainingIn(TrainingFields):
    """A training to record."""

    document_number = fields.String(
        load_default=None,
        validate=validate.Length(1, 60),
        metadata={"description": "Needed for somebody whom you do not see."},
    )

    @post_load
    def as_training(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Hand the view what the service asks for."""
        number = values.pop("document_number")
        return {"training": training_of(values), "document_number": number}


class CorrectionIn(Schema):
    """What is wrong with a training record, and what is right."""

    corrects_id = fields.UUID(required=True)
    reason = fields.String(required=True, validate=validate.Length(4, 500))
    training = fields.Nested(
        TrainingFields,
        load_default=None,
        allow_none=True,
        metadata={"description": "Null withdraws the record: nothing takes its place."},
    )

    @post_load
    def as_correction(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Hand the view what the service asks for."""
        right = values["training"]
        return {**values, "training": None if right is None else training_of(right)}


class ObjectionIn(Schema):
    """Why somebody does not confirm an assessment of theirs."""

    words = fields.String(required=True, validate=validate.Length(4, 500))


class StatementIn(Schema):
    """What an organisation states in a person's file."""

    kind = fields.Enum(
        RecordKind,
        by_value=True,
        required=True,
        validate=validate.OneOf(STATED),
        metadata={
            "description": "`violation`, `health`, `education`, `note`; the rest comes by itself."
        },
    )
    happened_on = fields.Date(required=True)
    organisation_id = fields.UUID(
        required=True, metadata={"description": "Who states it; must be within your reach."}
    )
    summary = fields.String(required=True, validate=validate.Length(2, 1000))
    consequence = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 1000),
        metadata={"description": "What followed, such as a warning; null where nothing did."},
    )
    fit = fields.Boolean(
        load_default=None,
        allow_none=True,
        metadata={"description": "What a health declaration says: fit for the work or not."},
    )
    off_work_until = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "Last day on which a violation keeps the person from work."},
    )
    document = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 200),
        metadata={"description": "The document of the decision (文号)."},
    )

    @post_load
    def as_statement(self, values: dict[str, Any], **_: Any) -> dict[str, Statement]:
        """Hand the view what the service asks for."""
        return {"statement": Statement(**values)}


class StatementCorrectionIn(Schema):
    """What is wrong with an entry, and what is right."""

    corrects_id = fields.UUID(required=True)
    reason = fields.String(required=True, validate=validate.Length(4, 500))
    entry = fields.Nested(
        StatementIn,
        load_default=None,
        allow_none=True,
        metadata={"description": "Null withdraws the entry: nothing takes its place."},
    )

    @post_load
    def as_correction(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Hand the view what the service asks for."""
        right = values.pop("entry")
        return {**values, "statement": None if right is None else right["statement"]}


def training_of(values: dict[str, Any]) -> Training:
    """Return the training behind the fields that were read."""
    topics, trainers = tuple(values.pop("topics")), tuple(values.pop("trainers"))
    role = values.pop("role")
    return Training(**values, role=role.value if role else None, topics=topics, trainers=trainers)
