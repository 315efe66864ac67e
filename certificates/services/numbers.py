"""Taking numbers from ranges, one after another and without gaps (证书编号服务)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from certificates import numbering, serials
from certificates.errors import RangeExhausted
from certificates.models import Certificate, Issuer, NumberRange
from certificates.numbering import Number
from server.db import db

#: Places of a status list at least: one certificate hides among so many.
SMALLEST_LIST = 2**17

_INSERTS: dict[str, Callable[..., Any]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


def take(issuer: Issuer, *, year: int, letters: str) -> tuple[NumberRange, Number]:
    """Return the next number of the issuer's range for this year and kind.

    The range is locked until the transaction ends: the next who asks waits, and gets the next
    place; where the transaction is undone, the place is given out again. So there are no gaps.

    Raises:
        RangeExhausted: the range has given out its last place.
    """
    found = _locked(issuer.id, year, letters) or _opened(issuer.id, year, letters)
    if found.last_place >= numbering.LAST_PLACE:
        raise RangeExhausted(prefix=f"{issuer.code}-{letters}", year=year)
    found.last_place += 1
    db.session.flush()
    number = numbering.number(
        authority=issuer.code, year=year, kind=letters, place=found.last_place
    )
    return found, number


def fresh_serial() -> str:
    """Return a serial drawn by lot; among 2^80 no two are ever the same."""
    return serials.serial(secrets.token_bytes(serials.RANDOM_BYTES))


def free_status_index(issuer: Issuer, *, draw: Callable[[int], int] = secrets.randbelow) -> int:
    """Return a place of the issuer's status list that no certificate has, drawn by lot.

    The list is kept at most half full, so that the draw rarely has to be repeated.

    Args:
        issuer: whose list.
        draw: returns a number from 0 up to and without the one it is given.
    """
    issued = db.session.execute(
        select(func.coalesce(func.sum(NumberRange.last_place), 0)).where(
            NumberRange.issuer_id == issuer.id
        )
    ).scalar_one()
    size = SMALLEST_LIST
    while size < 2 * issued:
        size *= 2
    while True:
        index = draw(size)
        if not _is_taken(issuer.id, index):
            return index


def gaps(range_id: UUID) -> list[int]:
    """Return the places of a range that no certificate has: none, unless somebody meddled."""
    found = db.session.get_one(NumberRange, range_id)
    places = db.session.execute(
        select(Certificate.place).where(Certificate.range_id == range_id)
    ).scalars()
    return numbering.gaps([*places, found.last_place + 1])


def _is_taken(issuer_id: UUID, index: int) -> bool:
    taken = select(Certificate.id).where(
        Certificate.issuer_id == issuer_id, Certificate.status_index == index
    )
    return db.session.execute(taken).first() is not None


def _locked(issuer_id: UUID, year: int, letters: str) -> NumberRange | None:
    statement = (
        select(NumberRange)
        .where(
            NumberRange.issuer_id == issuer_id,
            NumberRange.year == year,
            NumberRange.letters == letters,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.execute(statement).scalar_one_or_none()


def _opened(issuer_id: UUID, year: int, letters: str) -> NumberRange:
    """Open the range, or find the one that somebody else opened at the same moment."""
    insert = _INSERTS[db.session.connection().dialect.name]
    db.session.execute(
        insert(NumberRange)
        .values(id=uuid4(), issuer_id=issuer_id, year=year, letters=letters, last_place=0)
        .on_conflict_do_nothing(index_elements=["issuer_id", "year", "letters"])
    )
    found = _locked(issuer_id, year, letters)
    assert found is not None  # noqa: S101  # inserted above, by us or by who came first
    return found
