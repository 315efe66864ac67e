"""What is read of a file, and around it: consents, who looked, copies, seals (查阅的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from server.paging import DAYS, PageQuery
from server.people.documents import DocumentType, Sex
from server.people.drafts import Education
from server.records import confirmations
from server.records.copies import CopyKind
from server.records.entries import RecordKind, TrainingPurpose
from server.records.models import Looking
from server.records.services.consents import ConsentDraft
from server.records.services.exporting import Format
from server.records.timeline import Line


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
    confirmed_by = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Who confirmed it: `assessor`, `worker`."},
    )
    awaits_confirmation_by = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Whose confirmation the law asks for and is lacking."},
    )
    objection = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why the person does not confirm it; null where they do."},
    )


class Lines(fields.List[Any]):
    """Lines written down by hand: field by field, five hundred of them cost most of a look."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> list[Any]:
        return [_line(line) for line in value]


def _line(line: Line) -> dict[str, Any]:
    """Return a line as `LineOut` shows it."""
    id, kind, at, on, subject, content, source, recorded, corrects, reason, by, signed, why = line
    return {
        "id": id,
        "kind": kind,
        "happened_at": at,
        "happened_on": on,
        "subject_id": subject,
        "content": content,
        "source": source,
        "recorded_at": recorded,
        "counts": line.counts,
        "corrects_id": corrects,
        "corrected_by_id": by,
        "reason": reason,
        "confirmed_by": signed,
        "awaits_confirmation_by": confirmations.awaited(line),
        "objection": why,
    }


class FileOut(Schema):
    """A person's training file: identity, and everything on one timeline."""

    person = fields.Nested(FilePerson, required=True)
    lines = Lines(fields.Nested(LineOut), required=True)
    read_at = fields.AwareDateTime(required=True)
    withheld_count = fields.Integer(
        required=True, metadata={"description": "Lines that are there and not for the reader."}
    )


class AwaitedOut(Schema):
    """What awaits one's own confirmation."""

    lines = Lines(fields.Nested(LineOut), required=True)


class ConfirmationRuleOut(Schema):
    """Whose confirmations are asked for, between two days."""

    code = fields.String(required=True)
    purposes = fields.List(fields.String(), required=True)
    by = fields.List(fields.String(), required=True)
    effective_from = fields.Date(required=True)
    effective_until = fields.Date(required=True, allow_none=True)
    source_zh = fields.String(required=True)
    source_en = fields.String(required=True)
    checked = fields.Boolean(
        required=True,
        metadata={"description": "False where the text of the law itself was not read."},
    )


class ConfirmationRules(Schema):
    """All rules of who confirms."""

    items = fields.List(fields.Nested(ConfirmationRuleOut), required=True)


class AwaitingQuery(PageQuery):
    """Which assessments that await their assessor."""

    organisation_id = fields.UUID(
        load_default=None,
        metadata={"description": "Who assessed: this organisation, or one beneath it."},
    )
    purpose = fields.Enum(TrainingPurpose, by_value=True, load_default=None)
    since = fields.Date(load_default=None, validate=DAYS)
    until = fields.Date(load_default=None, validate=DAYS)
    objected = fields.Boolean(
        load_default=None, metadata={"description": "Whether the worker objects."}
    )


class AwaitingOut(Schema):
    """An assessment of somebody that awaits its assessor's confirmation."""

    record_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    name = fields.String(required=True)
    happened_on = fields.Date(required=True)
    source = fields.String(required=True, metadata={"description": "Who taught and assessed."})
    content = fields.Dict(required=True)
    by_worker = fields.Boolean(
        required=True, metadata={"description": "Whether the worker confirmed it."}
    )
    objection = fields.String(required=True, allow_none=True)


class FileQuery(Schema):
    """Why somebody looks."""

    purpose = fields.String(
        load_default=None,
        validate=validate.Length(4, 200),
        metadata={"description": "Written down, and shown to the person."},
    )


class AccessOut(Schema):
    """That somebody looked at a file."""

    id = fields.UUID(required=True)
    looking = fields.Enum(Looking, by_value=True, required=True)
    organisation = fields.String(
        required=True, allow_none=True, metadata={"description": "For whom they looked."}
    )
    purpose = fields.String(required=True)
    consent_id = fields.UUID(required=True, allow_none=True)
    withheld_count = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)


class ConsentIn(Schema):
    """Whom one lets read one's file."""

    organisation_id = fields.UUID(required=True)
    purpose = fields.String(required=True, validate=validate.Length(4, 200))
    until_on = fields.Date(required=True, metadata={"description": "The last day, included."})
    kinds = fields.List(
        fields.Enum(RecordKind, by_value=True),
        load_default=list,
        metadata={"description": "Kinds of lines that may be read; empty for all."},
    )

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> dict[str, ConsentDraft]:
        """Hand the view what the service asks for."""
        kinds = tuple(kind.value for kind in values.pop("kinds"))
        return {"draft": ConsentDraft(**values, kinds=kinds)}


class ConsentOut(Schema):
    """A consent that was given."""

    id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    purpose = fields.String(required=True)
    kinds = fields.List(fields.String(), required=True)
    given_at = fields.AwareDateTime(required=True)
    until_on = fields.Date(required=True)
    withdrawn_at = fields.AwareDateTime(required=True, allow_none=True)


class CopyQuery(Schema):
    """What was copied."""

    kind = fields.Enum(CopyKind, by_value=True, required=True)


class CopyOut(Schema):
    """A copy in a file, without its content."""

    id = fields.UUID(required=True)
    kind = fields.Enum(CopyKind, by_value=True, required=True)
    hash = fields.String(required=True, metadata={"description": "SHA-256 of the content."})
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)
    recorded_at = fields.AwareDateTime(required=True)


class PurposeQuery(Schema):
    """Why somebody looks; must be said."""

    purpose = fields.String(required=True, validate=validate.Length(4, 200))


class ExportIn(Schema):
    """What is exported, and why."""

    format = fields.Enum(Format, by_value=True, required=True)
    purpose = fields.String(required=True, validate=validate.Length(4, 200))


class SealOut(Schema):
    """What a file was at a moment; says nothing of the person."""

    hash = fields.String(required=True)
    file_hash = fields.String(
        required=True, metadata={"description": "SHA-256 of the file in canonical JSON."}
    )
    sequence = fields.Integer(required=True)
    line_count = fields.Integer(required=True)
    previous_hash = fields.String(required=True)
    sealed_at = fields.AwareDateTime(required=True)


class RetiredOut(Schema):
    """An entry that is to be let go of."""

    record_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    kind = fields.Enum(RecordKind, by_value=True, required=True)
    happened_on = fields.Date(required=True)
    rule = fields.String(required=True)
    announced_at = fields.AwareDateTime(required=True)
    due_on = fields.Date(required=True)
    held_reason = fields.String(required=True, allow_none=True)


class HoldIn(Schema):
    """Why an entry stays in spite of its years."""

    reason = fields.String(required=True, validate=validate.Length(4, 500))
