"""What is asked of the sums: which unit, which day, known when, within which borders (询问)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, literal_column, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from certificates.definitions import SIZE_NUMBERS
from certificates.errors import NotKnownThen
from certificates.models import (
    STILL,
    CoverageBatch,
    CoverageGround,
    CoverageNumber,
    CoverageStretch,
)
from certificates.services.units import Unit
from certificates.stretches import ROLE_NUMBERS, item_number
from server.db import db
from server.organisations import services as organisations
from server.organisations.models import Organisation, OrganisationPast
from server.organisations.models import within as organisations_within
from server.regions import services as regions
from server.regions.models import Region, RegionPast, beneath
from server.regions.tree import end_of, lineage
from server.scopes import EVERYWHERE, Scope

#: Written into the statement, so that the database sees that its index of what is missing fits.
_STILL: ColumnElement[int] = literal_column(str(STILL))


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which of the posts of a unit are looked at; nothing named is everything."""

    role: str | None = None
    #: An operation item, such as `1.2`.
    item: str | None = None
    #: The letter of a section of GB/T 4754.
    section: str | None = None
    high_risk: bool | None = None
    #: `large`, `medium`, `small` or `micro`.
    size: str | None = None
    #: An enterprise or department, with all beneath it.
    organisation_id: UUID | None = None
    #: Who had trained last when the state began.
    provider_id: UUID | None = None

    @property
    def is_empty(self) -> bool:
        """Whether everything is looked at."""
        return self == Filter()


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question about a unit."""

    unit: Unit
    on: date
    #: The last batch that counts; None for all that is known now.
    known_seq: int | None = None
    #: The day whose borders hold for all days; None for the borders of the day asked about.
    borders_on: date | None = None
    filter: Filter = field(default_factory=Filter)

    @property
    def day(self) -> int:
        """The day as an ordinal."""
        return self.on.toordinal()

    def at(self, on: date) -> Asked:
        """Return the same question about another day."""
        return replace(self, on=on)

    def known_at(self, seq: int) -> Asked:
        """Return the same question as it would have been answered when a batch was the last."""
        return replace(self, known_seq=seq)

    def of(self, unit: Unit) -> Asked:
        """Return the same question about another unit."""
        return replace(self, unit=unit)


def seq_at(known_at: datetime | None) -> int | None:
    """Return the last batch that was known at a moment; None for now.

    Raises:
        NotKnownThen: the moment lies before the opening: nothing is known of what was believed.
    """
    if known_at is None:
        return None
    opened = select(func.min(CoverageBatch.recorded_at)).where(CoverageBatch.opening)
    since = db.session.execute(opened).scalar_one_or_none()
    if since is not None and known_at < since:
        raise NotKnownThen(since=since.isoformat())
    last = select(func.max(CoverageBatch.seq)).where(CoverageBatch.recorded_at <= known_at)
    return db.session.execute(last).scalar_one_or_none() or 0


def stretches(asked: Asked, indicator: int | None) -> list[ColumnElement[bool]]:
    """Return the conditions of the stretches that a question is about, its day left out."""
    return [
        *([CoverageStretch.indicator == indicator] if indicator is not None else []),
        known(asked.known_seq),
        *_in_unit(asked),
        *filtered(asked.filter),
    ]


def on_day(day: int) -> ColumnElement[bool]:
    """Return the condition that a stretch holds the day."""
    return and_(CoverageStretch.start_day <= day, CoverageStretch.end_day > day)


def known(seq: int | None) -> ColumnElement[bool]:
    """Return the condition that a stretch is (or was) known."""
    if seq is None:
        return CoverageStretch.gone_seq == _STILL
    return and_(CoverageStretch.seq <= seq, CoverageStretch.gone_seq > seq)


def grounds_of(region_id: UUID, *, borders_on: date | None = None) -> Select[int]:
    """Return the grounds in a region: on the day they stood so, or by one day's borders."""
    if borders_on is not None:
        return _by_borders(region_id, borders_on)
    lays = regions.paths([region_id]).get(region_id, ())
    held = or_(false(), *(_beneath_ground(each) for each in {lay.path for lay in lays}))
    return select(CoverageGround.number).where(held)


def lies_in(ground: InstrumentedAttribute[int], within: Select[int]) -> ColumnElement[bool]:
    """Return the condition that a ground is one of some, for the few rows found by other means.

    Looked up row by row: as a list, the ten thousand grounds of a province would be laid out for
    each statement, and might be what the database begins with.
    """
    return within.where(CoverageGround.number == ground).exists()


def _beneath_ground(path: str) -> ColumnElement[bool]:
    return and_(CoverageGround.path >= path, CoverageGround.path < end_of(path))


def _by_borders(region_id: UUID, on: date) -> Select[int]:
    """Return the grounds whose region lay in `region_id` on the day, wherever they lie since."""
    root = path_on(region_id, on)
    first = (
        select(RegionPast.region_id, func.min(RegionPast.until_on).label("until_on"))
        .where(RegionPast.until_on > on)
        .group_by(RegionPast.region_id)
        .subquery()
    )
    then = (
        select(RegionPast.region_id)
        .join(
            first,
            and_(
                RegionPast.region_id == first.c.region_id,
                RegionPast.until_on == first.c.until_on,
            ),
        )
        .where(beneath(RegionPast.path, root))
    )
    unchanged = select(Region.id).where(
        beneath(Region.path, root), Region.id.not_in(select(first.c.region_id))
    )
    return select(CoverageGround.number).where(
        or_(CoverageGround.region_id.in_(then), CoverageGround.region_id.in_(unchanged))
    )


def _in_unit(asked: Asked) -> list[ColumnElement[bool]]:
    unit = asked.unit
    found: list[ColumnElement[bool]] = []
    if unit.kind == "region":
        grounds = grounds_of(unit.id, borders_on=asked.borders_on)
        found.append(CoverageStretch.ground.in_(grounds))
    else:
        found.append(
            CoverageStretch.organisation.in_(_organisations(beneath(Organisation.path, unit.path)))
        )
    if not covers(unit.scope, asked):
        found.append(_in_scope(unit.scope))
    return found


def covers(scope: Scope, asked: Asked) -> bool:
    """Say whether the whole unit lies in the scope on the day, so that no more need be asked."""
    if scope.everywhere:
        return True
    unit = asked.unit
    if unit.kind == "organisation":
        return any(unit.path.startswith(root) for root in scope.organisation_paths)
    roots = {lineage(root)[-1] for root in scope.region_paths}
    return not roots.isdisjoint(lineage(path_on(unit.id, asked.on)))


def path_on(region_id: UUID, on: date) -> str:
    """Return where a region lay on a day."""
    lays = regions.paths([region_id])[region_id]
    return next((lay.path for lay in lays if on < lay.until_on), lays[-1].path)


def _in_scope(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a stretch lies in the scope, by the borders of its own days."""
    by_region = (
        CoverageStretch.ground.in_(grounds_of(lineage(root)[-1])) for root in scope.region_paths
    )
    own = Scope(organisation_paths=scope.organisation_paths)
    by_organisation = CoverageStretch.organisation.in_(_organisations(organisations_within(own)))
    return or_(by_organisation, *by_region)


def _organisations(condition: ColumnElement[bool]) -> Select[int]:
    return (
        select(CoverageNumber.number)
        .join(Organisation, Organisation.id == CoverageNumber.thing_id)
        .where(condition)
    )


def stood_on(organisation_id: UUID) -> Select[int]:
    """Return the grounds on which an organisation, or one beneath it, stands or stood."""
    path = organisations.get(organisation_id, scope=EVERYWHERE).path
    now = select(Organisation.region_id).where(beneath(Organisation.path, path))
    then = (
        select(OrganisationPast.region_id)
        .join(Organisation, Organisation.id == OrganisationPast.organisation_id)
        .where(beneath(Organisation.path, path))
    )
    return select(CoverageGround.number).where(
        or_(CoverageGround.region_id.in_(now), CoverageGround.region_id.in_(then))
    )


def filtered(wanted: Filter) -> list[ColumnElement[bool]]:
    """Return the conditions of the posts that are looked at."""
    found: list[ColumnElement[bool]] = []
    if wanted.role is not None:
        found.append(CoverageStretch.role == ROLE_NUMBERS[wanted.role])
    if wanted.item is not None:
        found.append(CoverageStretch.item == item_number(wanted.item))
    if wanted.section is not None:
        found.append(CoverageStretch.section == ord(wanted.section) - 64)
    if wanted.high_risk is not None:
        found.append(CoverageStretch.high_risk.is_(wanted.high_risk))
    if wanted.size is not None:
        found.append(CoverageStretch.size == SIZE_NUMBERS[wanted.size])
    if wanted.organisation_id is not None:
        path = organisations.get(wanted.organisation_id, scope=EVERYWHERE).path
        within = _organisations(beneath(Organisation.path, path))
        found.append(CoverageStretch.organisation.in_(within))
    if wanted.provider_id is not None:
        number = select(CoverageNumber.number).where(CoverageNumber.thing_id == wanted.provider_id)
        found.append(CoverageStretch.provider == number.scalar_subquery())
    return found
