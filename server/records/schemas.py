"""What goes in and out about training records and files (培训记录的数据格式)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from server.people.documents import DocumentType, Sex
from server.people.drafts import Education
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


class RecordOut(Schema):
    """An entry of the ledger."""

    id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    kind = fields.Enum(RecordKind, by_value=True, required=True)
    happened_at = fields.AwareDateTime(required=True)
    happened_on = fields.Date(required=True)
    content = fields.Dict(required=True)
    source = fields.String(required=True)
    recorded_at = fields.AwareDateTime(required=True)
    corrects_id = fields.UUID(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


class FilePerson(Schema):
    """Whose file it is, the document number masked."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    sex = fields.Enum(Sex, by_value=True, required=True, allow_none=True)
    birth_on = fields.Date(required=True, allow_none=True)
    education = fields.Enum(Education, by_value=True, required=True, allow_none=True)
    document_type = fields.Enum(DocumentType, by_value=True, required=True)
    document_masked = fields.String(required=True)
    photo_hash = fields.String(required=True, allow_none=True)
    registered_under_id = fields.UUID(required=True)


class LineOut(Schema):
    """One line of a file."""

    id = fields.UUID(required=True)
    kind = fields.Enum(RecordKind, by_value=True, required=True)
    happened_at = fields.AwareDateTime(required=True)
    happened_on = fields.Date(required=True)
    subject_id = fields.UUID(required=True)
    content = fields.Dict(required=True)
    source = fields.String(required=True, metadata={"description": "Who says so."})
    recorded_at = fields.AwareDateTime(required=True)
    counts = fields.Boolean(
        required=True, metadata={"description": "False for what was corrected or withdraws."}
    )
    corrects_id = fields.UUID(required=True, allow_none=True)
    corrected_by_id = fields.UUID(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


class FileOut(Schema):
    """A person's training file: identity, and everything on one timeline."""

    person = fields.Nested(FilePerson, required=True)
    lines = fields.List(fields.Nested(LineOut), required=True)
    read_at = fields.AwareDateTime(required=True)


def training_of(values: dict[str, Any]) -> Training:
    """Return the training behind the fields that were read."""
    topics, trainers = tuple(values.pop("topics")), tuple(values.pop("trainers"))
    role = values.pop("role")
    return Training(**values, role=role.value if role else None, topics=topics, trainers=trainers)
