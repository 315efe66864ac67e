"""Exam plans: what a bureau examines in a stretch of days (考试计划)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from exams.errors import ExamPublished, QualificationDiffers
from exams.models import ExamPlan, Sitting
from exams.services import specifications
from exams.services.reach import held_within
from server.audit import services as audit
from server.db import db
from server.errors import NotFound
from server.organisations import services as organisations
from server.paging import Page, page
from server.policy import Identity, Permission
from server.scopes import EVERYWHERE, Scope


def get(plan_id: UUID, *, scope: Scope = EVERYWHERE) -> ExamPlan:
    """Return a plan.

    Raises:
        NotFound: there is none within the scope.
    """
    statement = select(ExamPlan).where(
        ExamPlan.id == plan_id, held_within(ExamPlan.organisation_id, scope)
    )
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def listed(
    scope: Scope, *, qualification_id: UUID | None = None, cursor: str | None, limit: int
) -> Page:
    """Return a page of the plans within the scope, the latest beginning first."""
    statement = (
        select(ExamPlan)
        .options(joinedload(ExamPlan.organisation), joinedload(ExamPlan.specification))
        .where(held_within(ExamPlan.organisation_id, scope))
    )
    if qualification_id is not None:
        statement = statement.where(ExamPlan.qualification_id == qualification_id)
    keys = [ExamPlan.from_on, ExamPlan.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def write(
    plan_id: UUID,
    *,
    name: str,
    organisation_id: UUID,
    qualification_id: UUID,
    specification_id: UUID,
    from_on: date,
    until_on: date,
    by: Identity,
    at: datetime,
) -> ExamPlan:
    """Write a plan, or write it anew while it has no sittings.

    Raises:
        NotFound: the bureau, the specification or the plan is not there, or out of scope.
        QualificationDiffers: the specification is for another qualification.
        ExamPublished: the plan has sittings, and would change.
    """
    scope = by.scope(Permission.PLAN_EXAMS)
    bureau = organisations.get(organisation_id, scope=scope)
    if specifications.get(specification_id, scope=scope).qualification_id != qualification_id:
        raise QualificationDiffers
    values: dict[str, Any] = {
        "name": name,
        "organisation_id": organisation_id,
        "qualification_id": qualification_id,
        "specification_id": specification_id,
        "from_on": from_on,
        "until_on": until_on,
    }
    known = db.session.get(ExamPlan, plan_id)
    if known is None:
        known = ExamPlan(id=plan_id, written_at=at, **values)
        db.session.add(known)
    else:
        get(plan_id, scope=scope)
        if all(getattr(known, one) == value for one, value in values.items()):
            return known
        if db.session.scalars(select(Sitting.id).where(Sitting.plan_id == plan_id)).first():
            raise ExamPublished
        for one, value in values.items():
            setattr(known, one, value)
    db.session.flush()
    audit.append(
        "exam_plan_written",
        by=by,
        at=at,
        subject_kind="exam_plan",
        subject_id=plan_id,
        after=values,
        organisation_path=bureau.path,
    )
    return known
