"""Where organisations stood and what they were, day by day (单位属地与行业沿革)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from certificates.definitions import SIZE_NUMBERS
from certificates.services.counts import known
from certificates.stretches import Place
from server.db import db
from server.organisations import industries
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation, OrganisationPast
from server.regions import services as regions
from server.regions.services.reforms import Lay
from server.regions.tree import lineage

_MANY = 5_000


class _Was(NamedTuple):
    """What an organisation was over a stretch of days."""

    from_on: date
    until_on: date
    kind: OrganisationKind
    industry: str | None
    section: str | None
    is_high_risk: bool
    size: str | None
    region_id: UUID
    path: str


def places_of(organisation_ids: Collection[UUID]) -> dict[UUID, list[Place]]:
    """Return where each organisation stood and what it was, oldest first, without gaps.

    A department shares the industry, and the strictness of its rules, of what it belongs to.
    """
    was = _histories(organisation_ids)
    above = _lineages(was.values()) - was.keys()
    was |= _histories(above)
    lays = _lays({each.region_id for histories in was.values() for each in histories})
    paths = {lay.path for each in lays.values() for lay in each}
    grounds = known.grounds_of(paths)
    return {
        each: _places(was[each], was, lays, grounds) for each in organisation_ids if each in was
    }


def grounds() -> set[str]:
    """Return the path of every ground on which an organisation stands or stood."""
    columns = (Organisation.region_id, OrganisationPast.region_id)
    ids = {
        one for column in columns for one in db.session.execute(select(column).distinct()).scalars()
    }
    return {lay.path for each in _lays(ids).values() for lay in each}


def _lineages(histories: Iterable[Sequence[_Was]]) -> set[UUID]:
    return {each for history in histories for was in history for each in _above(was.path)}


def _above(path: str) -> list[UUID]:
    """Return the organisations above the one at a path; most stand by themselves."""
    return lineage(path)[:-1] if path.count("/") > len("//") else []


def _histories(organisation_ids: Collection[UUID]) -> dict[UUID, list[_Was]]:
    every, found = list(organisation_ids), {}
    for start in range(0, len(every), _MANY):
        found.update(_some_histories(every[start : start + _MANY]))
    return found


def _some_histories(ids: Sequence[UUID]) -> dict[UUID, list[_Was]]:
    columns = _Was._fields[2:]
    now = select(Organisation.id, *(getattr(Organisation, name) for name in columns)).where(
        Organisation.id.in_(ids)
    )
    past = (
        select(
            OrganisationPast.organisation_id,
            OrganisationPast.until_on,
            *(getattr(OrganisationPast, name) for name in columns),
        )
        .where(OrganisationPast.organisation_id.in_(ids))
        .order_by(OrganisationPast.until_on)
    )
    found: dict[UUID, list[_Was]] = {}
    for one, until_on, *values in db.session.execute(past):
        history = found.setdefault(one, [])
        history.append(_Was(history[-1].until_on if history else date.min, until_on, *values))
    for one, *values in db.session.execute(now):
        history = found.setdefault(one, [])
        history.append(_Was(history[-1].until_on if history else date.min, date.max, *values))
    return found


def _lays(region_ids: Collection[UUID]) -> dict[UUID, Sequence[Lay]]:
    every = list(region_ids)
    found: dict[UUID, Sequence[Lay]] = {}
    for start in range(0, len(every), _MANY):
        found.update(regions.paths(every[start : start + _MANY]))
    return found


def _places(
    history: Sequence[_Was],
    was: Mapping[UUID, Sequence[_Was]],
    lays: Mapping[UUID, Sequence[Lay]],
    grounds: Mapping[str, int],
) -> list[Place]:
    days = {each.from_on for each in history}
    for each in history:
        days |= {lay.from_on for lay in lays[each.region_id]}
        for one in _above(each.path):
            days |= {above.from_on for above in was.get(one, ())}
    cuts = sorted(days)
    found: list[Place] = []
    for start, end in zip(cuts, [*cuts[1:], date.max], strict=True):
        place = _place(start, end, _at(history, start), was, lays, grounds)
        if found and found[-1][2:] == place[2:]:
            found[-1] = found[-1]._replace(end=place.end)
        else:
            found.append(place)
    return found


def _place(
    start: date,
    end: date,
    own: _Was,
    was: Mapping[UUID, Sequence[_Was]],
    lays: Mapping[UUID, Sequence[Lay]],
    grounds: Mapping[str, int],
) -> Place:
    line = [own, *(_at(was[one], start) for one in reversed(_above(own.path)) if one in was)]
    shared = line if own.kind is OrganisationKind.DEPARTMENT else line[:1]
    stated = next((each for each in shared if each.industry), own)
    lay = next(each for each in lays[own.region_id] if each.from_on <= start < each.until_on)
    return Place(
        start=start.toordinal(),
        end=end.toordinal(),
        ground=grounds[lay.path],
        industry=stated.industry or "",
        section=ord(stated.section[0]) - 64 if stated.section else 0,
        high_risk=any(each.is_high_risk for each in shared),
        branches=frozenset().union(*(branches(each.industry) for each in line)),
        is_enterprise=own.kind is OrganisationKind.ENTERPRISE,
        size=next((SIZE_NUMBERS[each.size] for each in shared if each.size), 0),
        regions=_regions(lay.path),
    )


def _at(history: Sequence[_Was], day: date) -> _Was:
    return next(each for each in history if each.from_on <= day < each.until_on)


@lru_cache(65_536)
def _regions(path: str) -> frozenset[str]:
    return frozenset(path.strip("/").split("/"))


@lru_cache(4096)
def branches(industry: str | None) -> frozenset[str]:
    """Return the branches an industry belongs to: by its nature, whatever the law of the day."""
    if industry is None:
        return frozenset()
    return frozenset(mark.kind for mark in industries.marks() if industry.startswith(mark.industry))
