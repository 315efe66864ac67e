"""Reforms of the regions: moved, renamed, recoded, abolished, and what was before (区划调整).

A region keeps its id for ever. Where it lay and what it was called until a day is kept as its
past; what an abolished region is followed by is kept as lineage, and nobody guesses which of
several successors somebody belongs to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from server.audit import services as audit
from server.days import civil_day
from server.db import db
from server.errors import NotFound
from server.policy import Identity, Permission
from server.regions.errors import DivisionCodeTaken, ReformUnfit
from server.regions.models import Region, RegionLineage, RegionPast, beneath
from server.regions.services.regions import find, get
from server.regions.tree import is_beneath, path_of


class Lay(NamedTuple):
    """Where a region lay, from one day up to and without another."""

    from_on: date
    until_on: date
    path: str


def paths(region_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Lay]]:
    """Return where each region lay, oldest first, without gaps, two statements for any number."""
    now = select(Region.id, Region.path).where(Region.id.in_(region_ids))
    past = (
        select(RegionPast.region_id, RegionPast.until_on, RegionPast.path)
        .where(RegionPast.region_id.in_(region_ids))
        .order_by(RegionPast.until_on)
    )
    before: dict[UUID, list[tuple[date, str]]] = {}
    for one, until_on, path in db.session.execute(past):
        before.setdefault(one, []).append((until_on, path))
    found: dict[UUID, list[Lay]] = {}
    for row in db.session.execute(now):
        since, lays = date.min, []
        for until_on, path in before.get(row.id, ()):
            lays.append(Lay(since, until_on, path))
            since = until_on
        found[row.id] = [*lays, Lay(since, date.max, row.path)]
    return found


def move(region_id: UUID, parent_id: UUID, *, on: date, by: Identity, at: datetime) -> Region:
    """Hang a region with all beneath it on another parent from the day `on`.

    Before that day it goes on lying where it lay: figures of those days stay as they are.

    Raises:
        NotFound: the region or the new parent is not there, or lies outside the asker's scope.
        ReformUnfit: the day lies ahead or before an earlier reform, or the levels do not fit.
    """
    region, parent = _managed(region_id, by), _managed(parent_id, by)
    if region.parent_id == parent_id:
        return region
    if parent.level >= region.level or is_beneath(parent.path, region.path):
        raise ReformUnfit(reason="the levels do not fit", reason_zh="级别不符")
    branch = list(
        db.session.execute(select(Region).where(beneath(Region.path, region.path))).scalars()
    )
    _keep(branch, on=on, at=at)
    old, new = region.path, path_of(region.id, parent.path)
    before = {"parent_id": region.parent_id}
    for one in branch:
        one.path = new + one.path.removeprefix(old)
    region.parent_id = parent_id
    db.session.flush()
    _tell("region_moved", region, before, {"parent_id": parent_id, "on": on}, by=by, at=at)
    return region


def recode(
    region_id: UUID, *, code: str, name: str, on: date, by: Identity, at: datetime
) -> Region:
    """Give a region another code and name from the day `on`; its id and its history stay.

    Raises:
        NotFound: there is no such region in the asker's scope.
        DivisionCodeTaken: another region has the code.
        ReformUnfit: the day lies ahead or before an earlier reform.
    """
    region = _managed(region_id, by)
    if (region.code, region.name) == (code, name):
        return region
    holder = find(code)
    if holder is not None and holder.id != region_id:
        raise DivisionCodeTaken
    before = {"code": region.code, "name": region.name}
    _keep([region], on=on, at=at)
    region.code, region.name = code, name
    db.session.flush()
    _tell("region_recoded", region, before, {"code": code, "name": name, "on": on}, by=by, at=at)
    return region


def abolish(
    region_id: UUID, successor_ids: Sequence[UUID], *, on: date, by: Identity, at: datetime
) -> Region:
    """Abolish a region from the day `on`, and say what follows it.

    Its code becomes free. Organisations stay where they are until each is moved: with several
    successors nobody knows whose they are, and nothing is shared out by guess.

    Raises:
        NotFound: the region or a successor is not there, or lies outside the asker's scope.
        ReformUnfit: it was abolished before, the day lies ahead or before an earlier reform.
    """
    region = _managed(region_id, by)
    if region.abolished_on == on and _successors(region_id) == set(successor_ids):
        return region
    if region.abolished_on is not None:
        raise ReformUnfit(reason="it is abolished already", reason_zh="该区划已撤销")
    successors = [_managed(each, by) for each in successor_ids]
    before = {"code": region.code}
    _keep([region], on=on, at=at)
    region.abolished_on, region.code = on, f"{region.code}~{on.isoformat()}"
    db.session.add_all(
        RegionLineage(former_id=region.id, successor_id=each.id, from_on=on) for each in successors
    )
    db.session.flush()
    after = {"successors": [str(each.id) for each in successors], "on": on}
    _tell("region_abolished", region, before, after, by=by, at=at)
    return region


def _successors(region_id: UUID) -> set[UUID]:
    statement = select(RegionLineage.successor_id).where(RegionLineage.former_id == region_id)
    return set(db.session.execute(statement).scalars())


def _managed(region_id: UUID, by: Identity) -> Region:
    region = get(region_id)
    scope = by.scope(Permission.MANAGE_REGIONS)
    if not scope.holds(organisation_path=None, region_path=region.path):
        raise NotFound
    return region


def _keep(branch: Sequence[Region], *, on: date, at: datetime) -> None:
    """Keep what the regions of a branch were until the day `on`; the last word of a day counts."""
    if on > civil_day(at):
        raise ReformUnfit(reason="its day lies ahead", reason_zh="生效日期未到")
    ids = [one.id for one in branch]
    last = (
        select(RegionPast.region_id, func.max(RegionPast.until_on).label("until_on"))
        .where(RegionPast.region_id.in_(ids))
        .group_by(RegionPast.region_id)
    )
    known = {row.region_id: row.until_on for row in db.session.execute(last)}
    if any(until_on > on for until_on in known.values()):
        raise ReformUnfit(reason="a later reform is recorded", reason_zh="已有更晚的调整记录")
    db.session.add_all(
        RegionPast(
            region_id=one.id,
            until_on=on,
            code=one.code,
            name=one.name,
            path=one.path,
            recorded_at=at,
        )
        for one in branch
        if known.get(one.id) != on
    )


def _tell(
    action: str,
    region: Region,
    before: Mapping[str, object],
    after: Mapping[str, object],
    *,
    by: Identity,
    at: datetime,
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="region",
        subject_id=region.id,
        before=before,
        after=after,
        region_path=region.path,
    )
