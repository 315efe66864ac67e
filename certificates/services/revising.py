"""Indicators made and changed by who answers for them: previewed, versioned (指标维护)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from certificates import definitions
from certificates.coverage import decimal, ratio, shown
from certificates.definitions import Question, Subject
from certificates.editions import Edition, Rule, Rules
from certificates.errors import DefinitionUnfit
from certificates.models import Indicator, IndicatorKind
from certificates.papers import BEGIN, END
from certificates.services import indicators
from certificates.services.counts import waiting
from certificates.services.counts.asking import path_on
from certificates.services.counts.rebuilding import Everybody
from certificates.services.units import Unit
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.organisations.models import Organisation
from server.policy import Identity, Permission
from server.regions import services as regions


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What an indicator is to count from some day on."""

    key: str
    plan: str
    division_code: str
    kind: IndicatorKind
    #: Populations and measure in full, see `definitions.question_from`.
    definition: Mapping[str, Any]
    target: int
    unit: str
    deadline: date | None
    quote: str
    effective_from: date | None

    def question(self) -> Question:
        """Return what it counts.

        Raises:
            DefinitionUnfit: its populations count people and organisations at once, or head-counts
                of organisations.
        """
        per_year = self.kind is IndicatorKind.HEAD_COUNT_PER_YEAR
        question = definitions.question_from(self.definition, name=self.key, per_year=per_year)
        subjects = {each.subject for each in question.populations}
        if len(subjects) > 1 or (per_year and subjects != {Subject.PERSON}):
            raise DefinitionUnfit(
                reason="people and organisations are not counted together",
                reason_zh="人员与单位不能合并统计",
            )
        if subjects == {Subject.PERSON} and not all(each.roles for each in question.populations):
            raise DefinitionUnfit(
                reason="a population of people names no role", reason_zh="人员范围未指定岗位"
            )
        return question


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a definition would give today, before anybody relies on it."""

    required_count: int
    covered_count: int
    missing_count: int
    excluded_count: int
    ratio: str | None
    shown: str


def preview(draft: Draft, unit: Unit, *, on: date) -> Preview:
    """Count a definition for a region, from the facts, and keep nothing of it.

    Raises:
        DefinitionUnfit: see `Draft.question`.
    """
    question = draft.question()
    edition = Edition(start=BEGIN, end=END, question=question)
    everybody = Everybody(
        Rules(every=(Rule(number=1, editions=(edition,)),)),
        within=path_on(unit.id, on),
        with_trainers=False,
    )
    required, missing, excluded, *_ = everybody.sums(on=on, indicator=1)
    share = ratio(required - missing, required)
    return Preview(
        required_count=required,
        covered_count=required - missing,
        missing_count=missing,
        excluded_count=excluded,
        ratio=decimal(share),
        shown=shown(share),
    )


def write(version_id: UUID, draft: Draft, *, by: Identity, at: datetime) -> Indicator:
    """Make an indicator, or a further version of it; the same again changes nothing.

    Everybody whom the old or the new version speaks of is counted anew, in small steps right
    after.

    Raises:
        NotFound: the plan's region lies outside the asker's scope.
        IdTaken: another version stands under this id.
        DefinitionUnfit: see `Draft.question`.
    """
    region = regions.find(draft.division_code)
    scope = by.scope(Permission.MANAGE_INDICATORS)
    if region is None or not scope.holds(organisation_path=None, region_path=region.path):
        raise NotFound
    question = draft.question()
    values = {
        "key": draft.key,
        "plan": draft.plan,
        "division_code": draft.division_code,
        "kind": draft.kind,
        "populations": [each.name for each in question.populations],
        "measure": str(draft.definition["measure"].get("name") or draft.key),
        "definition": dict(draft.definition),
        "target": draft.target,
        "unit": draft.unit,
        "deadline": draft.deadline,
        "quote": draft.quote,
        "effective_from": draft.effective_from,
    }
    known = db.session.get(Indicator, version_id)
    if known is not None:
        if any(getattr(known, name) != value for name, value in values.items()):
            raise IdTaken
        return known
    newest = select(func.max(Indicator.version)).where(Indicator.key == draft.key)
    version = (db.session.execute(newest).scalar_one_or_none() or 0) + 1
    before = indicators.get(draft.key) if version > 1 else None
    made = Indicator(id=version_id, version=version, made_at=at, made_by_id=by.account_id, **values)
    db.session.add(made)
    db.session.flush()
    _count_anew([question, *([indicators.question_of(before)] if before else [])], at=at)
    audit.append(
        "indicator_written",
        by=by,
        at=at,
        subject_kind="indicator",
        subject_id=version_id,
        before={"version": version - 1} if before else None,
        after={"key": draft.key, "version": version, "target": draft.target},
        region_path=region.path,
    )
    return made


def _count_anew(questions: list[Question], *, at: datetime) -> None:
    roles = {role for one in questions for each in one.populations for role in each.roles}
    if roles:
        waiting.everybody_in(roles, at=at)
    if any(one.subject is Subject.ORGANISATION for one in questions):
        every = db.session.execute(select(Organisation.id)).scalars()
        waiting.wait((), every, at=at)
