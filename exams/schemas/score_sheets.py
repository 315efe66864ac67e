"""Score sheets of practicals, as they go in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from exams.services.score_sheets import SheetDraft

EXACT = validate.Regexp(
    r"^[0-9]{1,4}(\.[0-9]{1,3}|/[1-9][0-9]{0,2})?\Z", error="Not an exact number: 3, 2.5, 5/2."
)
CODE = validate.Length(1, 40)
_TEXT = validate.Length(1, 1000)


def exact(**more: Any) -> fields.String:
    """Return the field of an exact number: `3`, `2.5`, `5/2`."""
    return fields.String(required=True, validate=EXACT, **more)


class StepSchema(Schema):
    """A step that earns points."""

    code = fields.String(required=True, validate=CODE)
    text = fields.String(required=True, validate=_TEXT)
    points = exact()


class VetoSchema(Schema):
    """What fails the whole practical where it is done wrong."""

    code = fields.String(required=True, validate=CODE)
    text = fields.String(required=True, validate=_TEXT)


class ItemSchema(Schema):
    """A task; one of each subject is drawn."""

    code = fields.String(required=True, validate=CODE)
    name = fields.String(required=True, validate=_TEXT)
    steps = fields.List(fields.Nested(StepSchema), required=True, validate=validate.Length(1, 100))
    vetoes = fields.List(
        fields.Nested(VetoSchema), load_default=list, validate=validate.Length(max=50)
    )


class SubjectSchema(Schema):
    """A part of the practical."""

    code = fields.String(required=True, validate=CODE)
    name = fields.String(required=True, validate=_TEXT)
    weight = exact(metadata={"description": "In hundredths of the whole; all add up to 100."})
    items = fields.List(fields.Nested(ItemSchema), required=True, validate=validate.Length(1, 100))


class ScoreSheetIn(Schema):
    """A score sheet, from a day on."""

    qualification_id = fields.UUID(required=True)
    effective_from = fields.Date(required=True)
    minutes = fields.Integer(required=True, strict=True, validate=validate.Range(1, 600))
    pass_percent = fields.Integer(required=True, strict=True, validate=validate.Range(1, 100))
    tolerance = exact(
        metadata={"description": "Points by which two examiners may differ; beyond, a third rules."}
    )
    subjects = fields.List(
        fields.Nested(SubjectSchema), required=True, validate=validate.Length(1, 20)
    )
    source = fields.String(required=True, validate=_TEXT)

    @post_load
    def _made(self, data: dict[str, Any], **_: object) -> dict[str, SheetDraft]:
        return {"draft": SheetDraft(**data)}


class ScoreSheetOut(Schema):
    """A score sheet."""

    id = fields.UUID(required=True)
    qualification_id = fields.UUID(required=True)
    effective_from = fields.Date(required=True)
    minutes = fields.Integer(required=True)
    pass_percent = fields.Integer(required=True)
    tolerance = fields.String(required=True)
    subjects = fields.List(fields.Nested(SubjectSchema), required=True)
    source = fields.String(required=True)


class DatedScoreSheetOut(ScoreSheetOut):
    """A score sheet and the last day on which it counts."""

    effective_until = fields.Date(required=True, allow_none=True)


class ScoreSheetsOut(Schema):
    """Every score sheet there ever was for a qualification, the oldest first."""

    items = fields.List(fields.Nested(DatedScoreSheetOut), required=True)
