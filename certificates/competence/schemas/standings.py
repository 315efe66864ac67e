"""Where people stand, figures, and selection, as they go out (能力现状与选聘的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields

from certificates.competence.schemas.appraisals import (
    CompetenceAppraisalLineOut,
    CompetenceStandingOut,
)
from certificates.competence.schemas.frameworks import DAYS, KEYS
from certificates.competence.terms import ConflictKind
from certificates.schemas.coverage import FigureOut, UnitQuery
from server.paging import PageQuery
from server.training.kinds import Function
from server.training.schemas.experts import ExpertAppointmentIn


class CompetenceHeldOut(Schema):
    """Where somebody stands with one framework."""

    framework = fields.String(attribute="framework.key", required=True)
    framework_id = fields.UUID(attribute="framework.id", required=True)
    held = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The grade reached in an evaluation and still proved on the day."},
    )
    standing = fields.Nested(
        CompetenceStandingOut,
        required=True,
        metadata={"description": "What the proofs say of the highest grade: gaps ahead."},
    )
    history = fields.List(
        fields.Nested(CompetenceAppraisalLineOut),
        required=True,
        metadata={"description": "Results up to the day, the earliest first."},
    )


class CompetenceHeldListOut(Schema):
    """Where somebody stands with every framework that concerns them."""

    items = fields.List(fields.Nested(CompetenceHeldOut), required=True)


class CompetenceFigureQuery(UnitQuery):
    """Figures of which framework, and of which region or organisation."""

    framework = fields.String(required=True, validate=KEYS)
    on = fields.Date(
        load_default=None, validate=DAYS, metadata={"description": "Today where left out."}
    )


class CompetenceFigureListOut(Schema):
    """Figures of coverage that read the facts of a framework."""

    items = fields.List(fields.Nested(FigureOut), required=True)


class SelectableQuery(PageQuery):
    """For which function, and for a term that begins when."""

    function = fields.Enum(Function, by_value=True, required=True)
    on = fields.Date(
        load_default=None, validate=DAYS, metadata={"description": "Today where left out."}
    )


class SelectableOut(Schema):
    """Somebody who may be appointed, or why not."""

    person_id = fields.UUID(required=True)
    name = fields.String(required=True)
    grades = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    graded = fields.Boolean(
        required=True, metadata={"description": "Whether one of the grades is enough."}
    )
    term_until = fields.Date(required=True, allow_none=True)
    terms_count = fields.Integer(
        required=True, metadata={"description": "Terms that follow one another up to that day."}
    )
    conflicts = fields.List(fields.Enum(ConflictKind, by_value=True), required=True)


class SelectionIn(ExpertAppointmentIn):
    """An appointment by grade, term and conflicts."""

    valid_from = fields.Date(required=True, validate=DAYS)
    valid_until = fields.Date(required=True, validate=DAYS)
