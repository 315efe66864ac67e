"""Cycles and evaluations as they go in and out (评价的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from certificates.competence.kinds import ProofKind, Side, State
from certificates.competence.schemas.frameworks import DAYS, KEYS, NAMES, REASONS
from certificates.competence.services.cycles import CycleDraft
from certificates.competence.services.opening import AppraisalDraft
from server.paging import PageQuery
from server.records.entries import RecordKind


class CompetenceCycleIn(Schema):
    """Some days in which people of an organisation are evaluated."""

    organisation_id = fields.UUID(required=True)
    framework = fields.String(required=True, validate=KEYS)
    title = fields.String(required=True, validate=NAMES)
    from_on = fields.Date(required=True, validate=DAYS)
    until_on = fields.Date(required=True, validate=DAYS)

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Hand the view what the service asks for."""
        return {"draft": CycleDraft(**values)}


class CompetenceCycleOut(Schema):
    """A cycle of evaluations."""

    id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    framework_id = fields.UUID(required=True)
    title = fields.String(required=True)
    from_on = fields.Date(required=True)
    until_on = fields.Date(required=True)


class CompetenceAppraisalIn(Schema):
    """Who is evaluated for which grade, and by whom."""

    cycle_id = fields.UUID(required=True)
    post_id = fields.UUID(required=True)
    family = fields.String(required=True, validate=KEYS)
    grade = fields.String(required=True, validate=KEYS)
    supervisor_id = fields.UUID(required=True)
    panel_ids = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=20),
        metadata={"description": "Members of the panel; left out: no panel."},
    )

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Hand the view what the service asks for."""
        panel = tuple(values.pop("panel_ids"))
        return {"draft": AppraisalDraft(**values, panel_ids=panel)}


class CompetenceAppraisalQuery(PageQuery):
    """Which evaluations."""

    cycle_id = fields.UUID(load_default=None)
    person_id = fields.UUID(load_default=None)
    state = fields.Enum(State, by_value=True, load_default=None)


class CompetenceCycleQuery(PageQuery):
    """Which cycles."""

    organisation_id = fields.UUID(load_default=None)


class CompetenceMarksIn(Schema):
    """One's marks: one for each competence that is judged."""

    marks = fields.Dict(
        keys=fields.String(validate=KEYS),
        values=fields.Integer(strict=True, validate=validate.Range(1, 10)),
        required=True,
        validate=validate.Length(max=100),
    )
    comment = fields.String(load_default=None, allow_none=True, validate=REASONS)


class CompetenceDecisionIn(Schema):
    """Marks that take the place of others upon an appeal, and why."""

    marks = fields.Dict(
        keys=fields.String(validate=KEYS),
        values=fields.Integer(strict=True, validate=validate.Range(1, 10)),
        load_default=dict,
        validate=validate.Length(max=100),
        metadata={"description": "Left out: the result stands."},
    )
    decision = fields.String(required=True, validate=REASONS)


class CompetenceEvidenceIn(Schema):
    """An entry of the file, and for which competence it is presented."""

    competence = fields.String(required=True, validate=KEYS)
    record_id = fields.UUID(required=True)


class CompetenceSettlementIn(Schema):
    """The mark that counts, and why."""

    mark = fields.Integer(required=True, strict=True, validate=validate.Range(1, 10))
    reason = fields.String(required=True, validate=REASONS)


class CompetenceReasonIn(Schema):
    """Why."""

    reason = fields.String(required=True, validate=REASONS)


def a_day(what: str = "") -> fields.String:
    """Return a field for a day that a kept result holds as text."""
    return fields.String(
        required=True, allow_none=True, metadata={"format": "date", "description": what}
    )


class CompetenceProofOut(Schema):
    """What became of one proof on the day."""

    kind = fields.String(required=True, metadata={"enum": [each.value for each in ProofKind]})
    asked = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The measure, or how much: hours, years, percent, mark."},
    )
    months = fields.Integer(required=True, allow_none=True)
    holds = fields.Boolean(required=True)
    since = a_day()
    until = a_day("The last day it holds, nothing else happening.")
    why = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Why it does not hold: `never`, `expired`, `too_little`, `violation`, "
            "or a reason of coverage."
        },
    )
    have = fields.String(required=True, allow_none=True)


class CompetenceGroupOut(Schema):
    """Proofs of which one is enough."""

    proofs = fields.List(fields.Nested(CompetenceProofOut), required=True)


class CompetenceMetOut(Schema):
    """Whether somebody has a competence, and by what."""

    key = fields.String(required=True)
    dimension = fields.String(required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True)
    met = fields.Boolean(required=True)
    until = a_day("The last day on which it is so, nothing else happening.")
    groups = fields.List(fields.Nested(CompetenceGroupOut), required=True)


class CompetenceStandingOut(Schema):
    """Where somebody stands with a family and grade on a day."""

    on = fields.String(required=True, metadata={"format": "date"})
    family = fields.String(required=True)
    grade = fields.String(required=True)
    reached = fields.String(required=True, allow_none=True)
    until = a_day("The last day on which it is so, nothing else happening.")
    competences = fields.List(fields.Nested(CompetenceMetOut), required=True)


class CompetenceResultOut(CompetenceStandingOut):
    """A result, as it was found."""

    marks = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class CompetenceAppraisalLineOut(Schema):
    """An evaluation in a list."""

    id = fields.UUID(required=True)
    cycle_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    post_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    family = fields.String(required=True)
    grade = fields.String(required=True)
    state = fields.Enum(State, by_value=True, required=True)
    opened_at = fields.AwareDateTime(required=True)
    concluded_on = fields.Date(required=True, allow_none=True)
    reached = fields.String(required=True, allow_none=True)


class CompetenceJudgeOut(Schema):
    """Somebody who judges; marks of others are hidden from a judge who has not judged."""

    person_id = fields.UUID(required=True)
    side = fields.Enum(Side, by_value=True, required=True)
    given_at = fields.AwareDateTime(required=True, allow_none=True)
    marks = fields.Dict(
        keys=fields.String(), values=fields.Integer(), required=True, allow_none=True
    )
    comment = fields.String(required=True, allow_none=True)


class CompetenceSettlementOut(Schema):
    """How a disagreement was settled."""

    competence = fields.String(required=True)
    mark = fields.Integer(required=True)
    reason = fields.String(required=True)
    settled_by_id = fields.UUID(required=True)
    settled_at = fields.AwareDateTime(required=True)


class CompetenceEvidenceOut(Schema):
    """An entry of the file that was presented."""

    id = fields.UUID(required=True)
    competence = fields.String(required=True)
    record_id = fields.UUID(required=True)
    kind = fields.Enum(RecordKind, by_value=True, required=True)
    happened_on = fields.Date(required=True)
    presented_at = fields.AwareDateTime(required=True)


class CompetenceAppealOut(Schema):
    """An appeal, the result it was against, and what came of it."""

    appraisal_id = fields.UUID(required=True)
    reason = fields.String(required=True)
    appealed_at = fields.AwareDateTime(required=True)
    result_before = fields.Nested(CompetenceResultOut, required=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    decided_by_id = fields.UUID(required=True, allow_none=True)
    marks = fields.Dict(
        keys=fields.String(), values=fields.Integer(), required=True, allow_none=True
    )
    decision = fields.String(required=True, allow_none=True)


class CompetencePlanItemOut(Schema):
    """What is to be done about a gap."""

    competence = fields.String(required=True)
    proof = fields.Enum(ProofKind, by_value=True, required=True)
    class_id = fields.UUID(required=True, allow_none=True)
    booked_at = fields.AwareDateTime(required=True, allow_none=True)
    refusal = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Why nothing is booked: a refusal of the training room, "
            "`class_requested` (whoever has a programme was asked), `no_class`, or "
            "`not_by_training`."
        },
    )


class CompetencePlanOut(Schema):
    """The training plan upon an evaluation."""

    items = fields.List(fields.Nested(CompetencePlanItemOut), required=True)


class CompetenceAppraisalOut(CompetenceAppraisalLineOut):
    """An evaluation with everything about it that the asker may see."""

    person_name = fields.String(required=True)
    cycle_title = fields.String(required=True)
    framework_id = fields.UUID(
        required=True, metadata={"description": "The version that counts for its cycle."}
    )
    result = fields.Nested(CompetenceResultOut, required=True, allow_none=True)
    appeal_until = fields.Date(required=True, allow_none=True)
    judges = fields.List(fields.Nested(CompetenceJudgeOut), required=True)
    disagreements = fields.List(fields.String(), required=True)
    settlements = fields.List(fields.Nested(CompetenceSettlementOut), required=True)
    evidence = fields.List(fields.Nested(CompetenceEvidenceOut), required=True)
    appeal = fields.Nested(CompetenceAppealOut, required=True, allow_none=True)
    plan = fields.List(fields.Nested(CompetencePlanItemOut), required=True)
