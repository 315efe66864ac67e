"""Targets: the plan's, or a region's own from some day on (目标值)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from certificates.models import CoverageTarget, Indicator
from certificates.services import indicators
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.paging import Page, narrowed, page
from server.policy import Identity, Permission
from server.regions import services as regions
from server.regions.models import Region, beneath
from server.scopes import Scope

Key = TypeVar("Key")


@dataclass(frozen=True, kw_only=True)
class Target:
    """What is to be reached, by when, and who says so."""

    #: Hundredths, or people, as the indicator has it.
    target: int
    deadline: date | None
    #: The region that set it; None for the plan's own.
    region_id: UUID | None = None


def of(every: Sequence[Indicator], above: Sequence[UUID], *, on: date) -> Mapping[str, Target]:
    """Return the target of each indicator on a day, by its key.

    The nearest region that set one decides: the unit's own, else that of a region above it, else
    the plan's.

    Args:
        every: the indicators.
        above: the regions above the unit and itself, from the province down.
        on: the day.
    """
    (found,) = of_each(every, {None: above}, on=on).values()
    return found


def of_each(
    every: Sequence[Indicator], lines: Mapping[Key, Sequence[UUID]], *, on: date
) -> dict[Key, Mapping[str, Target]]:
    """Return the targets of several units, each by the regions above it and itself; as `of`."""
    statement = (
        select(CoverageTarget)
        .where(
            CoverageTarget.region_id.in_({one for above in lines.values() for one in above}),
            CoverageTarget.from_on <= on,
        )
        .order_by(CoverageTarget.from_on)
    )
    stated = list(db.session.execute(statement).scalars())
    return {key: _nearest(every, above, stated) for key, above in lines.items()}


def _nearest(
    every: Sequence[Indicator], above: Sequence[UUID], stated: Sequence[CoverageTarget]
) -> Mapping[str, Target]:
    found = {each.key: Target(target=each.target, deadline=each.deadline) for each in every}
    near = {region: place for place, region in enumerate(above)}
    ours = [each for each in stated if each.region_id in near and each.indicator_key in found]
    for each in sorted(ours, key=lambda one: near[one.region_id]):
        found[each.indicator_key] = Target(
            target=each.target, deadline=each.deadline, region_id=each.region_id
        )
    return found


def listed(
    scope: Scope,
    *,
    indicator: str | None = None,
    region_id: UUID | None = None,
    in_force_on: date | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the targets of regions within the scope, the latest first.

    Raises:
        NotFound: there is no such region.
    """
    statement = select(CoverageTarget).join(Region, Region.id == CoverageTarget.region_id)
    statement = narrowed(statement, {CoverageTarget.indicator_key: indicator})
    if region_id is not None:
        statement = statement.where(beneath(Region.path, regions.get(region_id).path))
    if in_force_on is not None:
        statement = statement.where(_counts(in_force_on))
    if not scope.everywhere:
        statement = statement.where(
            or_(false(), *(beneath(Region.path, root) for root in scope.region_paths))
        )
    order = [CoverageTarget.made_at, CoverageTarget.id]
    return page(statement, order, cursor=cursor, limit=limit, descending=True)


def _counts(on: date) -> ColumnElement[bool]:
    """Return the condition that no later target of the region has taken its place by the day."""
    later = aliased(CoverageTarget)
    replaced = exists().where(
        later.indicator_key == CoverageTarget.indicator_key,
        later.region_id == CoverageTarget.region_id,
        later.from_on > CoverageTarget.from_on,
        later.from_on <= on,
    )
    return and_(CoverageTarget.from_on <= on, ~replaced)


def set_target(
    target_id: UUID,
    *,
    indicator: str,
    region_id: UUID,
    from_on: date,
    target: int,
    deadline: date | None,
    by: Identity,
    at: datetime,
) -> CoverageTarget:
    """Set what a region wants to reach from a day on; the same again changes nothing.

    Raises:
        NotFound: there is no such indicator, or the region lies outside the asker's scope.
        IdTaken: another target stands under this id.
    """
    indicators.get(indicator)
    region = regions.get(region_id)
    scope = by.scope(Permission.MANAGE_INDICATORS)
    if not scope.holds(organisation_path=None, region_path=region.path):
        raise NotFound
    values = {
        "indicator_key": indicator,
        "region_id": region_id,
        "from_on": from_on,
        "target": target,
        "deadline": deadline,
    }
    known = db.session.get(CoverageTarget, target_id)
    if known is not None:
        if any(getattr(known, name) != value for name, value in values.items()):
            raise IdTaken
        return known
    made = CoverageTarget(id=target_id, **values, made_at=at, made_by_id=by.account_id)
    db.session.add(made)
    db.session.flush()
    audit.append(
        "coverage_target_set",
        by=by,
        at=at,
        subject_kind="coverage_target",
        subject_id=made.id,
        before=None,
        after={**values, "region_id": str(region_id)},
        region_path=region.path,
    )
    return made
