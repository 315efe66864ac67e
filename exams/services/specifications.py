"""Paper specifications: writing them, and what the question bank can carry of them (组卷规则)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from statistics import fmean
from typing import Any
from uuid import UUID

from sqlalchemy import select

from exams import assembly, estimates
from exams.assembly import SectionRule, Shortage, TopicBounds
from exams.choice import Choice, contradictions
from exams.errors import SpecificationContradictory, SpecificationInUse
from exams.lifecycle import ExamState
from exams.models import Exam, PaperSpecification, Qualification
from exams.services import exposures, pool, standards
from exams.services.reach import held_within
from server.audit import services as audit
from server.db import db
from server.errors import NotFound
from server.organisations import services as organisations
from server.paging import Page, page
from server.policy import Identity, Permission
from server.scopes import EVERYWHERE, Scope


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What the question bank can carry of a specification."""

    #: Questions that papers for the qualification may draw.
    question_count: int
    #: For each section, how many questions each topic holds for it; duplicates count once.
    supply: Sequence[Mapping[str, int]]
    shortages: Sequence[Shortage]
    #: Share of right answers that is expected over all of them, 0 to 1; None of an empty bank.
    mean_facility: float | None


def get(specification_id: UUID, *, scope: Scope = EVERYWHERE) -> PaperSpecification:
    """Return the specification.

    Raises:
        NotFound: there is none within the scope.
    """
    found = db.session.execute(
        select(PaperSpecification).where(
            PaperSpecification.id == specification_id,
            held_within(PaperSpecification.organisation_id, scope),
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def listed(
    scope: Scope, *, qualification_id: UUID | None = None, cursor: str | None, limit: int
) -> Page:
    """Return a page of the specifications within the scope, by name."""
    statement = select(PaperSpecification).where(
        held_within(PaperSpecification.organisation_id, scope)
    )
    if qualification_id is not None:
        statement = statement.where(PaperSpecification.qualification_id == qualification_id)
    keys = [PaperSpecification.name, PaperSpecification.id]
    return page(statement, keys, cursor=cursor, limit=limit)


def write(
    specification_id: UUID,
    *,
    name: str,
    qualification_id: UUID,
    organisation_id: UUID,
    sections: Sequence[SectionRule],
    choice: Choice | None = None,
    by: Identity,
    at: datetime,
) -> PaperSpecification:
    """Write a specification under the id given, or write it anew.

    Raises:
        NotFound: specification, organisation or qualification are not there, or out of scope.
        SpecificationContradictory: no pool of questions could ever meet it.
        SpecificationInUse: a published exam was drawn by it, and it would change.
    """
    scope = by.scope(Permission.PLAN_EXAMS)
    organisations.get(organisation_id, scope=scope)
    standards.get(qualification_id)
    for section, fault in assembly.contradictions(sections):
        raise SpecificationContradictory(section=section + 1, fault=fault)
    for fault in contradictions(sections, choice or Choice()):
        raise SpecificationContradictory(section=0, fault=fault)
    values = {
        "name": name,
        "qualification_id": qualification_id,
        "organisation_id": organisation_id,
        "sections": stored(sections),
        **(choice or Choice()).stored(),
    }
    known = db.session.get(PaperSpecification, specification_id)
    if known is not None:
        return _rewrite(get(specification_id, scope=scope), values, by=by, at=at)
    made = PaperSpecification(id=specification_id, written_at=at, **values)
    db.session.add(made)
    db.session.flush()
    _tell("paper_specification_written", made, by=by, at=at, before=None)
    return made


def preview(specification: PaperSpecification, *, at: datetime) -> Preview:
    """Say what the question bank can carry of a specification at a moment; nothing is drawn."""
    questions = exposures.rested(pool.of(_qualification(specification), at=at), specification)
    sections = rules(specification)
    drawing = assembly.draw(sections, questions, seed=bytes(16))
    known = [one.facility for one in estimates.of(questions)]
    return Preview(
        question_count=len(questions),
        supply=assembly.supply(sections, questions),
        shortages=drawing.shortages,
        mean_facility=fmean(known) if known else None,
    )


def may_stand_alone(specification: PaperSpecification) -> bool:
    """Say whether a paper by it can be drawn without regard to what papers are to expect."""
    return specification.target_points is None and not specification.required_question_ids


def rules(specification: PaperSpecification) -> list[SectionRule]:
    """Return the sections as the rule of assembly understands them."""
    return [
        SectionRule(
            kind=section["kind"],
            count=section["count"],
            points=section["points"],
            topics={name: TopicBounds(**one) for name, one in section["topics"].items()},
        )
        for section in specification.sections
    ]


def stored(sections: Sequence[SectionRule]) -> list[dict[str, Any]]:
    """Return sections as the table keeps them."""
    return [asdict(section) for section in sections]


def _qualification(specification: PaperSpecification) -> Qualification:
    return standards.get(specification.qualification_id)


def _rewrite(
    known: PaperSpecification, values: dict[str, Any], *, by: Identity, at: datetime
) -> PaperSpecification:
    before = _shown(known)
    if {name: getattr(known, name) for name in values} == values:
        return known
    if _in_use(known.id):
        raise SpecificationInUse
    for name, value in values.items():
        setattr(known, name, value)
    known.written_at = at
    db.session.flush()
    _tell("paper_specification_rewritten", known, by=by, at=at, before=before)
    return known


def _in_use(specification_id: UUID) -> bool:
    statement = select(Exam.id).where(
        Exam.specification_id == specification_id, Exam.state == ExamState.PUBLISHED
    )
    return db.session.execute(statement.limit(1)).first() is not None


def _shown(specification: PaperSpecification) -> dict[str, Any]:
    return {
        "name": specification.name,
        "qualification_id": str(specification.qualification_id),
        "sections": specification.sections,
        "target_points": specification.target_points,
        "tolerance_points": specification.tolerance_points,
        "most_uses": specification.most_uses,
        "most_lifetime_uses": specification.most_lifetime_uses,
        "required_question_ids": specification.required_question_ids,
        "excluded_question_ids": specification.excluded_question_ids,
    }


def _tell(
    action: str,
    specification: PaperSpecification,
    *,
    by: Identity,
    at: datetime,
    before: dict[str, Any] | None,
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="paper_specification",
        subject_id=specification.id,
        before=before,
        after=_shown(specification),
    )
