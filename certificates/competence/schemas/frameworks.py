"""Frameworks as they go in and out (能力框架的数据格式)."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import Schema, fields, post_dump, validate

from certificates.competence.kinds import Dimension, Origin, ProofKind

#: Days about which proofs can be asked: years before and after them are still days.
DAYS = validate.Range(date(1990, 1, 1), date(2200, 1, 1))
NAMES = validate.Length(1, 200)
KEYS = validate.Regexp(r"^[a-z][a-z0-9_]{0,59}\Z")
REASONS = validate.Length(1, 1000)


def values_of(kind: type[Dimension] | type[Origin] | type[ProofKind]) -> validate.OneOf:
    """Return the check that a text is a value of an enumeration; it is kept as text."""
    return validate.OneOf([each.value for each in kind])


class CompetenceNameIn(Schema):
    """A family of posts."""

    key = fields.String(required=True, validate=KEYS)
    name_zh = fields.String(required=True, validate=NAMES)
    name_en = fields.String(required=True, validate=NAMES)


class CompetenceGradeIn(CompetenceNameIn):
    """A grade, and the one before it."""

    after = fields.String(
        required=True,
        allow_none=True,
        validate=KEYS,
        metadata={"description": "The grade before; null for the lowest."},
    )


class CompetenceProofIn(Schema):
    """One fact that is asked for; which fields it needs follows from its kind."""

    kind = fields.String(required=True, validate=values_of(ProofKind))
    months = fields.Integer(
        strict=True,
        validate=validate.Range(1, 600),
        metadata={"description": "How long it lasts; left out: as long as the fact stands."},
    )
    measure = fields.String(validate=NAMES, metadata={"description": "A measure of coverage."})
    roles = fields.List(fields.String(validate=KEYS), validate=validate.Length(max=20))
    purposes = fields.List(fields.String(validate=KEYS), validate=validate.Length(max=20))
    hours = fields.Integer(strict=True, validate=validate.Range(1, 2000))
    years = fields.Integer(strict=True, validate=validate.Range(1, 60))
    percent = fields.Integer(strict=True, validate=validate.Range(1, 100))
    mark = fields.Integer(strict=True, validate=validate.Range(1, 10))
    education = fields.String(validate=KEYS)
    engineer = fields.String(validate=KEYS)
    record_kinds = fields.List(fields.String(validate=KEYS), validate=validate.Length(max=10))


class CompetenceLevelIn(Schema):
    """What is asked from a grade on: of every group, one proof."""

    grade = fields.String(required=True, validate=KEYS)
    all_of = fields.List(
        fields.List(fields.Nested(CompetenceProofIn), validate=validate.Length(1, 10)),
        required=True,
        validate=validate.Length(1, 10),
    )


class CompetenceIn(CompetenceNameIn):
    """Something that a post calls for."""

    dimension = fields.String(required=True, validate=values_of(Dimension))
    origin = fields.String(
        required=True,
        validate=values_of(Origin),
        metadata={"description": "`plan`: words of a plan or law; `proposal`: the platform's own."},
    )
    source = fields.String(required=True, validate=REASONS)
    families = fields.List(
        fields.String(validate=KEYS),
        validate=validate.Length(max=30),
        metadata={"description": "Families that need it; left out: all."},
    )
    anchors = fields.Dict(
        keys=fields.String(validate=validate.Regexp(r"^([1-9]|10)\Z")),
        values=fields.String(validate=REASONS),
        metadata={"description": "What stands behind each mark; left out: nobody judges it."},
    )
    levels = fields.List(
        fields.Nested(CompetenceLevelIn), required=True, validate=validate.Length(1, 20)
    )


class CompetenceFrameworkFields(Schema):
    """What posts call for, by family and grade."""

    key = fields.String(required=True, validate=KEYS)
    effective_from = fields.Date(required=True, validate=DAYS)
    name_zh = fields.String(required=True, validate=NAMES)
    name_en = fields.String(required=True, validate=NAMES)
    roles = fields.List(fields.String(), required=True, validate=validate.Length(1, 20))
    highest_mark = fields.Integer(required=True, strict=True, validate=validate.Range(2, 10))
    apart = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(1, 9),
        metadata={"description": "So far apart marks are a disagreement."},
    )
    panel_least = fields.Integer(required=True, strict=True, validate=validate.Range(1, 20))
    appeal_days = fields.Integer(required=True, strict=True, validate=validate.Range(1, 365))
    indicators = fields.List(
        fields.String(validate=NAMES),
        required=True,
        validate=validate.Length(max=20),
        metadata={"description": "Indicators of coverage that read the same facts."},
    )
    families = fields.List(
        fields.Nested(CompetenceNameIn), required=True, validate=validate.Length(1, 30)
    )
    grades = fields.List(
        fields.Nested(CompetenceGradeIn), required=True, validate=validate.Length(1, 20)
    )
    competences = fields.List(
        fields.Nested(CompetenceIn), required=True, validate=validate.Length(1, 100)
    )


class CompetenceFrameworkIn(CompetenceFrameworkFields):
    """A version of a framework, as somebody writes it."""


class CompetenceFrameworkOut(CompetenceFrameworkFields):
    """A version of a framework."""

    id = fields.UUID(required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Take what is kept as content from there."""
        return obj.content.get(attr, default) if attr in obj.content else getattr(obj, attr)

    @post_dump
    def in_order(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Say first which version it is."""
        return {"id": data["id"], **data}


class CompetenceDayQuery(Schema):
    """Of which day."""

    on = fields.Date(
        load_default=None, validate=DAYS, metadata={"description": "Today where left out."}
    )
