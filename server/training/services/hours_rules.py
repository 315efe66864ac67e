"""Hours that authorities ask for in their regions, beside the law as shipped (学时规定)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from server.db import db
from server.errors import NotFound
from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.paging import Page, narrowed, page
from server.people.roster import PostRole
from server.policy import Identity, Permission
from server.records.entries import InductionLevel
from server.regions.models import Region
from server.training import requirements
from server.training.errors import TermUnfit
from server.training.kinds import TrainingType
from server.training.models import HoursRule
from server.training.requirements import Requirement
from server.training.services import putting


@dataclass(frozen=True, kw_only=True)
class HoursRuleDraft:
    """What is said of a rule to enter it."""

    authority_id: UUID
    type: TrainingType
    roles: tuple[PostRole, ...]
    high_risk: bool | None
    construction: bool | None
    level: InductionLevel | None
    tenths: int
    from_on: date
    law: str
    article: str


def enter(rule_id: UUID, draft: HoursRuleDraft, *, by: Identity, at: datetime) -> HoursRule:
    """Enter that an authority asks for hours from a day on. The same again changes nothing.

    Raises:
        NotFound: the authority lies outside the asker's scope.
        TermUnfit: it names a level of what has none.
        IdTaken: another rule stands under this id.
    """
    authority = organisations.get(draft.authority_id, scope=by.scope(Permission.APPROVE_TRAINING))
    if draft.level is not None and draft.type is not TrainingType.INDUCTION:
        raise TermUnfit(reason="only an induction has levels", reason_zh="只有三级教育区分级别")
    values = {**asdict(draft), "roles": sorted(draft.roles)}
    known = putting.known(HoursRule, rule_id, values)
    if known is not None:
        return known
    made = putting.made(HoursRule(id=rule_id, **values, entered_at=at))
    told = {"type": draft.type, "roles": made.roles, "tenths": draft.tenths, "law": draft.law}
    _tell("hours_rule_entered", made, authority, by=by, at=at, after=told)
    return made


def end(rule_id: UUID, *, until_on: date, reason: str, by: Identity, at: datetime) -> HoursRule:
    """End a rule: on its first day, where it was never right. The same again changes nothing.

    Raises:
        NotFound: there is none whose authority lies within the asker's scope.
        TermUnfit: it would end before it begins.
    """
    found = db.session.get(HoursRule, rule_id)
    if found is None:
        raise NotFound
    authority = organisations.get(found.authority_id, scope=by.scope(Permission.APPROVE_TRAINING))
    if until_on < found.from_on:
        raise TermUnfit(reason="it ends before it begins", reason_zh="终止日期早于起始日期")
    if (found.until_on, found.reason) != (until_on, reason):
        found.until_on, found.reason = until_on, reason
        db.session.flush()
        after = {"until_on": until_on}
        _tell("hours_rule_ended", found, authority, by=by, at=at, after=after, reason=reason)
    return found


def listed(
    *,
    type: TrainingType | None,
    authority_id: UUID | None,
    on: date | None,
    cursor: str | None,
    limit: int,
) -> Page:
    """Return a page of rules, the latest first: what is asked of people is no secret."""
    wanted = {HoursRule.type: type, HoursRule.authority_id: authority_id}
    statement = narrowed(select(HoursRule), wanted)
    if on is not None:
        statement = statement.where(*_in_force(on))
    keys = [HoursRule.from_on, HoursRule.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def required(
    type: TrainingType,
    *,
    role: PostRole | None,
    high_risk: bool,
    construction: bool = False,
    level: InductionLevel | None = None,
    on: date,
    region_id: UUID | None = None,
) -> Requirement | None:
    """Return the most that the law, or a rule of a region, asks for on a day; see `requirements`.

    Args:
        type: what the training is for.
        role: of whom.
        high_risk: whether the employer's industry has the stricter rules.
        construction: whether it is construction.
        level: the level of an induction; None for all levels together.
        on: the day.
        region_id: where: rules of its authorities count, and of the regions above it.
    """
    return requirements.required(
        type,
        role=role,
        high_risk=high_risk,
        construction=construction,
        level=level,
        on=on,
        local=[] if region_id is None else _local(type, region_id, on),
    )


def _local(type: TrainingType, region_id: UUID, on: date) -> list[Requirement]:
    region = db.session.get(Region, region_id)
    if region is None:
        return []
    above = [UUID(one) for one in region.path.strip("/").split("/")]
    statement = (
        select(HoursRule)
        .join(Organisation, Organisation.id == HoursRule.authority_id)
        .where(HoursRule.type == type, Organisation.region_id.in_(above), *_in_force(on))
    )
    return [_requirement(rule) for rule in db.session.execute(statement).scalars()]


def _in_force(on: date) -> tuple[ColumnElement[bool], ...]:
    return (
        HoursRule.from_on <= on,
        or_(HoursRule.until_on.is_(None), HoursRule.until_on > on),
    )


def _requirement(rule: HoursRule) -> Requirement:
    return Requirement(
        type=rule.type,
        roles=frozenset(PostRole(role) for role in rule.roles),
        high_risk=rule.high_risk,
        construction=rule.construction,
        level=rule.level,
        hours=Decimal(rule.tenths).scaleb(-1),
        from_on=rule.from_on,
        until_on=rule.until_on,
        law=rule.law,
        article=rule.article,
        rule_id=rule.id,
    )


def _tell(action: str, rule: HoursRule, authority: Organisation, **more: Any) -> None:
    putting.tell(action, rule.id, authority, kind="hours_rule", **more)
