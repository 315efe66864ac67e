"""Going through those behind a figure, ground by ground, person by person (名单遍历)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, literal_column, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from certificates.models import CoverageGround, CoverageLack, CoverageStretch
from certificates.papers import COVERED, FIRST_MISSING, NOT_DUE
from certificates.services.counts import asking, lacks
from certificates.services.counts.asking import Asked
from server.db import db

#: Grounds looked through at first, how many times as many each further look takes, and at most.
_FIRST_LOOK, _WIDER, _WIDEST = 64, 4, 256

#: Grounds on which something may fit that one walk looks through: with more to come it rests, so
#: that no page takes long, however rare a thing is that many grounds seem to have.
_ENOUGH = 320

#: A ground, and somebody on it: how far a walk has come.
Place = tuple[int, int]


class Standing(StrEnum):
    """Where somebody behind a figure stands."""

    MISSING = "missing"
    COVERED = "covered"
    NOT_DUE = "not_due"


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Which people are listed."""

    standing: Standing
    reason: int | None
    any_is_enough: bool

    def states(self) -> ColumnElement[bool]:
        """Return the condition of the stretches that can put somebody on the list."""
        state = CoverageStretch.state
        if self.standing is Standing.COVERED:
            return state == literal_column(str(COVERED))
        if self.standing is Standing.NOT_DUE:
            return state == literal_column(str(NOT_DUE))
        # Said as the index says it, so that the database sees that it fits.
        missing = state >= literal_column(str(FIRST_MISSING))
        return missing if self.reason is None else missing & (state == self.reason)

    def telling(self, rows: Sequence[Row[Any]]) -> Row[Any] | None:
        """Return the stretch that puts somebody with these on the list; None where none does."""
        missing = [row for row in rows if row.state >= FIRST_MISSING]
        covered = [row for row in rows if row.state == COVERED]
        if self.any_is_enough and covered:
            missing = []
        if self.standing is Standing.MISSING:
            found, fits = missing, bool(missing)
        elif self.standing is Standing.COVERED:
            found, fits = covered, bool(covered) and not missing
        else:
            found, fits = list(rows), not missing and not covered
        if not fits:
            return None
        first = min(found, key=lambda row: (row.state, row.ground, row.id))
        return first if self.reason in (None, first.state) else None


def walk(
    asked: Asked, indicator: int, listing: Listing, after: Place, most: int
) -> Iterator[tuple[Place, Row[Any] | None]]:
    """Yield who is on the list behind `after`, ground by ground, person by person.

    A place without anybody ends a walk that rests: behind it, nobody has looked.
    """
    stretch = CoverageStretch
    here = _without_unit(asked, indicator)
    within = _grounds(asked)
    conditions = (
        [*here, asking.lies_in(stretch.ground, within)]
        if within is not None
        else [*asking.stretches(asked, indicator), asking.on_day(asked.day)]
    )
    looked = 0
    for grounds in _looks(asked, indicator, listing, after[0], within):
        if grounds is not None and looked >= _ENOUGH:
            yield (grounds[0], 0), None
            return
        looked += len(grounds or ())
        where = conditions if grounds is None else [*here, stretch.ground.in_(grounds)]
        while True:
            candidates = (
                select(stretch.ground, stretch.subject)
                .where(
                    *where,
                    listing.states(),
                    tuple_(stretch.ground, stretch.subject) > tuple_(*after),
                )
                .distinct()
                .order_by(stretch.ground, stretch.subject)
                .limit(most)
            )
            places = [(row[0], row[1]) for row in db.session.execute(candidates)]
            rows = _rows_of({subject for _, subject in places}, conditions)
            for place in places:
                telling = listing.telling(rows[place[1]])
                if telling is not None and telling.ground == place[0]:
                    yield place, telling
            if len(places) < most:
                break
            after = places[-1]


def _without_unit(asked: Asked, indicator: int) -> list[ColumnElement[bool]]:
    """Return the conditions for grounds that are named one by one, and lie in the unit."""
    return [
        CoverageStretch.indicator == indicator,
        asking.known(asked.known_seq),
        asking.on_day(asked.day),
        *asking.filtered(asked.filter),
    ]


def _grounds(asked: Asked) -> Select[int] | None:
    """Return the grounds of a region that lies whole in the scope; None for all other units."""
    if asked.unit.kind != "region" or not asking.covers(asked.unit.scope, asked):
        return None
    return asking.grounds_of(asked.unit.id, borders_on=asked.borders_on)


def _looks(
    asked: Asked, indicator: int, listing: Listing, first: int, within: Select[int] | None
) -> Iterator[Sequence[int] | None]:
    """Yield the grounds to look through, ever more at once; None for the whole unit in one look.

    A long list is found in the first few grounds. Of the missing, grounds are passed over on which
    nothing fits what is asked for: a rare thing is looked for only where it is.
    """
    if within is None:
        yield None
        return
    place: InstrumentedAttribute[int] = CoverageGround.number
    if listing.standing is Standing.MISSING:
        within, place = lacks.grounds(asked, indicator, listing.reason, within), CoverageLack.ground
    if asked.filter.organisation_id is not None:
        within = within.where(place.in_(asking.stood_on(asked.filter.organisation_id)))
    size = _FIRST_LOOK
    while True:
        statement = within.where(place >= first).order_by(place).limit(size)
        grounds = db.session.execute(statement).scalars().all()
        if grounds:
            yield grounds
        if len(grounds) < size:
            return
        first, size = grounds[-1] + 1, min(size * _WIDER, _WIDEST)


def _rows_of(
    subjects: set[int], conditions: Sequence[ColumnElement[bool]]
) -> Mapping[int, list[Row[Any]]]:
    stretch = CoverageStretch
    if not subjects:
        return {}
    statement = select(
        stretch.id,
        stretch.subject,
        stretch.ground,
        stretch.organisation,
        stretch.role,
        stretch.item,
        stretch.start_day,
        stretch.state,
    ).where(stretch.subject.in_(subjects), *conditions)
    found: dict[int, list[Row[Any]]] = {}
    rows: Any = db.session.execute(statement).all()
    for row in rows:
        found.setdefault(row.subject, []).append(row)
    return found
