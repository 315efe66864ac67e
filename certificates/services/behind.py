"""Who is behind a figure: covered, missing and why, not due yet; page by page (名单).

The list is made of the same stretches as the figure: all pages together hold as many as the figure
says, on the same day, as known at the same moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from certificates.coverage import Reason
from certificates.models import CoverageNumber
from certificates.papers import BEGIN, REASONS
from certificates.services import indicators
from certificates.services.counts import asking, known, walking
from certificates.services.counts.asking import Asked, Filter
from certificates.services.counts.walking import Listing, Place, Standing
from certificates.services.units import Unit
from certificates.stretches import ROLE_NAMES, item_code
from server.db import db
from server.organisations.models import Organisation
from server.paging import BadCursor, Page
from server.people.models import Person


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

    A page may hold fewer than asked for, or nobody, and name a next one: what is rare is looked
    for in so many regions at once, and further on the next page.

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
    numbers, rules = known.numbers_and_rules()
    number = numbers.get(indicators.get(key).key, 0)
    heads = number in rules.per_year
    if heads and standing is Standing.MISSING:
        return Page(items=[], next_cursor=None)
    codes = {each: code for code, each in REASONS.items()}
    listing = Listing(
        standing=standing, reason=codes[reason] if reason else None, any_is_enough=heads
    )
    shown, last = _some(walking.walk(asked, number, listing, after, limit + 1), limit)
    return Page(
        items=_named(shown, standing),
        next_cursor=None if last is None else f"{last[0]}.{last[1]}",
    )


def _some(
    walk: Iterator[tuple[Place, Row[Any] | None]], limit: int
) -> tuple[list[Row[Any]], Place | None]:
    """Return the next so many of a walk, or fewer where it rests; and where to go on, if at all."""
    rows: list[Row[Any]] = []
    last: Place | None = None
    for place, row in walk:
        if row is None:
            return rows, place
        if len(rows) == limit:
            return rows, last
        rows.append(row)
        last = place
    return rows, None


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
