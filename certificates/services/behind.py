"""Who is behind a figure: covered, missing and why, not due yet; page by page (名单).

The list is made of the same stretches as the figure: all pages together hold as many as the figure
says, on the same day, as known at the same moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, literal_column, select, tuple_

from certificates.coverage import Reason
from certificates.models import CoverageNumber, CoverageStretch
from certificates.papers import BEGIN, COVERED, FIRST_MISSING, NOT_DUE, REASONS
from certificates.services import indicators
from certificates.services.counts import asking, known
from certificates.services.counts.asking import Asked, Filter
from certificates.services.units import Unit
from certificates.stretches import ROLE_NAMES, item_code
from server.db import db
from server.organisations.models import Organisation
from server.paging import BadCursor, Page
from server.people.models import Person

#: Grounds looked through at first; each further look takes four times as many.
_FIRST_LOOK, _WIDER = 64, 8


class Standing(StrEnum):
    """Where somebody behind a figure stands."""

    MISSING = "missing"
    COVERED = "covered"
    NOT_DUE = "not_due"


@dataclass(frozen=True, kw_only=True)
class Behind:
    """Somebody (or an organisation) behind a figure, by the most telling of their posts."""

    subject_id: UUID
    name: str
    #: None for organisations.
    document_masked: str | None
    standing: Standing
    #: Why missing; None for who is not.
    reason: Reason | None
    organisation_id: UUID
    organisation_name: str
    role: str | None
    item: str | None
    #: Since which day it has been so; None where for as long as the post calls for it.
    since: date | None


@dataclass(frozen=True, kw_only=True)
class _Wanted:
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


def behind(
    key: str,
    unit: Unit,
    *,
    on: date,
    standing: Standing = Standing.MISSING,
    reason: Reason | None = None,
    known_at: datetime | None = None,
    borders_on: date | None = None,
    wanted: Filter | None = None,
    cursor: str | None,
    limit: int,
) -> Page:
    """Return a page of the people behind a figure, in a fixed order.

    Raises:
        NotFound: there is no such indicator.
        NotKnownThen: the sums were opened after `known_at`.
        BadCursor: the cursor was not made by this list.
    """
    asked = Asked(
        unit=unit,
        on=on,
        known_seq=asking.seq_at(known_at),
        borders_on=borders_on,
        filter=wanted or Filter(),
    )
    return page_of(key, asked, standing=standing, reason=reason, cursor=cursor, limit=limit)


def page_of(
    key: str,
    asked: Asked,
    *,
    standing: Standing = Standing.MISSING,
    reason: Reason | None = None,
    cursor: str | None,
    limit: int,
) -> Page:
    """Return a page of the people behind what is asked; as `behind`.

    Raises:
        NotFound: there is no such indicator.
        BadCursor: the cursor was not made by this list.
    """
    after = (0, 0) if cursor is None else _read(cursor)
    number = known.indicator_numbers().get(indicators.get(key).key, 0)
    rules = known.rules()
    heads = number in rules.per_year
    if heads and standing is Standing.MISSING:
        return Page(items=[], next_cursor=None)
    codes = {each: code for code, each in REASONS.items()}
    listing = _Wanted(
        standing=standing, reason=codes[reason] if reason else None, any_is_enough=heads
    )
    found: list[tuple[tuple[int, int], Row[Any]]] = []
    for place, row in _walk(asked, number, listing, after, limit + 1):
        found.append((place, row))
        if len(found) > limit:
            break
    shown = found[:limit]
    last = shown[-1][0] if len(found) > limit else None
    return Page(
        items=_named([row for _, row in shown], standing),
        next_cursor=None if last is None else f"{last[0]}.{last[1]}",
    )


def _walk(
    asked: Asked, indicator: int, listing: _Wanted, after: tuple[int, int], most: int
) -> Iterator[tuple[tuple[int, int], Row[Any]]]:
    """Yield who is on the list behind `after`, ground by ground, person by person."""
    stretch = CoverageStretch
    conditions = [*asking.stretches(asked, indicator), asking.on_day(asked.day)]
    for grounds in _looks(asked, after[0]):
        here = [] if grounds is None else [stretch.ground.in_(grounds)]
        while True:
            candidates = (
                select(stretch.ground, stretch.subject)
                .where(
                    *(conditions if grounds is None else _without_unit(asked, indicator)),
                    *here,
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


def _looks(asked: Asked, first: int) -> Iterator[list[int] | None]:
    """Yield the grounds to look through, ever more at once; None for the whole unit in one look.

    A long list is found in the first few grounds; a rare thing is looked for in all of them.
    """
    if asked.unit.kind != "region" or not asking.covers(asked.unit.scope, asked):
        yield None
        return
    within = asking.grounds_of(asked.unit.id, borders_on=asked.borders_on)
    grounds = sorted(one for one in db.session.execute(within).scalars() if one >= first)
    size = _FIRST_LOOK
    while grounds:
        yield grounds[:size]
        grounds, size = grounds[size:], size * _WIDER


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


def _named(rows: Sequence[Row[Any]], standing: Standing) -> list[Behind]:
    ids = _things({number for row in rows for number in (row.subject, row.organisation)})
    people = select(Person.id, Person.name, Person.document_masked).where(
        Person.id.in_({ids[row.subject] for row in rows})
    )
    named = {row.id: (row.name, row.document_masked) for row in db.session.execute(people)}
    places = select(Organisation.id, Organisation.name).where(
        Organisation.id.in_({ids[row.organisation] for row in rows})
    )
    places_named = {row.id: row.name for row in db.session.execute(places)}
    found = []
    for row in rows:
        who, where = ids[row.subject], ids[row.organisation]
        name, document = named.get(who) or (places_named[where], None)
        found.append(
            Behind(
                subject_id=who,
                name=name,
                document_masked=document,
                standing=standing,
                reason=REASONS[row.state] if standing is Standing.MISSING else None,
                organisation_id=where,
                organisation_name=places_named[where],
                role=ROLE_NAMES.get(row.role),
                item=item_code(row.item),
                since=date.fromordinal(row.start_day) if row.start_day > BEGIN else None,
            )
        )
    return found


def _things(numbers: set[int]) -> dict[int, UUID]:
    statement = select(CoverageNumber.number, CoverageNumber.thing_id).where(
        CoverageNumber.number.in_(numbers)
    )
    return {row.number: row.thing_id for row in db.session.execute(statement)}


def _read(cursor: str) -> tuple[int, int]:
    ground, _, subject = cursor.partition(".")
    if not (ground.isascii() and ground.isdigit() and subject.isascii() and subject.isdigit()):
        raise BadCursor
    if len(ground) > 10 or len(subject) > 10:
        raise BadCursor
    return int(ground), int(subject)
