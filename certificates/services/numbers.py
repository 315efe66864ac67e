"""Taking numbers from ranges, one after another and without gaps (证书编号服务)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import func, select

from certificates import numbering, scattering, serials
from certificates.errors import RangeExhausted
from certificates.models import Certificate, Issuer, NumberRange, StatusBlock
from certificates.numbering import Number
from server.db import db, upsert
from server.organisations.models import Organisation, within
from server.scopes import Scope


def take(issuer: Issuer, *, year: int, letters: str) -> tuple[NumberRange, Number]:
    """Return the next number of the issuer's range for this year and kind.

    Raises:
        RangeExhausted: the range has given out its last place.
    """
    found, (number,) = take_many(issuer, 1, year=year, letters=letters)
    return found, number


def take_many(
    issuer: Issuer, count: int, *, year: int, letters: str
) -> tuple[NumberRange, list[Number]]:
    """Return the next numbers of the issuer's range for this year and kind, in their order.

    The range is locked until the transaction ends: the next who asks waits, and gets the next
    place; where the transaction is undone, the place is given out again. So there are no gaps.

    Raises:
        RangeExhausted: the range has given out its last place.
    """
    found = _locked(issuer.id, year, letters) or _opened(issuer.id, year, letters)
    if found.last_place + count > numbering.LAST_PLACE:
        raise RangeExhausted(prefix=f"{issuer.code}-{letters}", year=year)
    first = found.last_place + 1
    found.last_place += count
    db.session.flush()
    return found, [
        numbering.number(authority=issuer.code, year=year, kind=letters, place=place)
        for place in range(first, first + count)
    ]


def next_edition(kept: Certificate) -> int:
    """Return which edition follows under the number of a certificate that is issued again."""
    highest = select(func.max(Certificate.edition)).where(
        Certificate.range_id == kept.range_id, Certificate.place == kept.place
    )
    return int(db.session.execute(highest).scalar_one()) + 1


def fresh_serial() -> str:
    """Return a serial drawn by lot; among 2^80 no two are ever the same."""
    return serials.serial(secrets.token_bytes(serials.RANDOM_BYTES))


def take_status_index(*, draw: Callable[[int], bytes] = secrets.token_bytes) -> int:
    """Return the next place on the status list; no two certificates ever have the same."""
    (index,) = take_status_indexes(1, draw=draw)
    return index


def take_status_indexes(
    count: int, *, draw: Callable[[int], bytes] = secrets.token_bytes
) -> list[int]:
    """Return the next places on the status list, as many as are asked for.

    The block is locked until the transaction ends. A place is never given out again, whatever
    becomes of its certificate.

    Args:
        count: how many.
        draw: returns so many random bytes.
    """
    block = _open_block()
    taken: list[int] = []
    while len(taken) < count:
        if block is None or block.given >= scattering.BLOCK:
            block = _begun_block(0 if block is None else block.number + 1, draw)
        until = min(block.given + count - len(taken), scattering.BLOCK)
        taken += [
            scattering.scattered(place, block=block.number, seed=block.seed)
            for place in range(block.given, until)
        ]
        block.given = until
    db.session.flush()
    return taken


def gaps(range_id: UUID) -> list[int]:
    """Return the places of a range that no certificate has: none, unless somebody meddled."""
    found = db.session.get_one(NumberRange, range_id)
    places = db.session.execute(
        select(Certificate.place).where(Certificate.range_id == range_id, Certificate.edition == 1)
    ).scalars()
    return numbering.gaps([*places, found.last_place + 1])


@dataclass(frozen=True, kw_only=True)
class Audited:
    """A number range, and the places in it that no certificate has."""

    issuer_code: str
    year: int
    letters: str
    last_place: int
    missing: list[int]


def audited(scope: Scope) -> list[Audited]:
    """Return every range within the scope with what is missing in it."""
    statement = (
        select(NumberRange, Issuer.code)
        .join(Issuer, Issuer.id == NumberRange.issuer_id)
        .join(Organisation, Organisation.id == Issuer.organisation_id)
        .where(within(scope))
        .order_by(Issuer.code, NumberRange.year, NumberRange.letters)
    )
    return [
        Audited(
            issuer_code=code,
            year=found.year,
            letters=found.letters,
            last_place=found.last_place,
            missing=gaps(found.id),
        )
        for found, code in db.session.execute(statement)
    ]


def _begun_block(number: int, draw: Callable[[int], bytes]) -> StatusBlock:
    """Begin a block, or find, locked, the one that somebody else began at the same moment."""
    row = {"number": number, "seed": draw(scattering.SEED_BYTES), "given": 0}
    begun = upsert(StatusBlock).values(row).on_conflict_do_nothing(index_elements=["number"])
    db.session.execute(begun)
    statement = select(StatusBlock).where(StatusBlock.number == number).with_for_update()
    return db.session.execute(statement.execution_options(populate_existing=True)).scalar_one()


def _open_block() -> StatusBlock | None:
    statement = select(StatusBlock).order_by(StatusBlock.number.desc()).limit(1)
    locked = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.execute(locked).scalar_one_or_none()


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
    db.session.execute(
        upsert(NumberRange)
        .values(id=uuid4(), issuer_id=issuer_id, year=year, letters=letters, last_place=0)
        .on_conflict_do_nothing(index_elements=["issuer_id", "year", "letters"])
    )
    found = _locked(issuer_id, year, letters)
    assert found is not None  # noqa: S101  # inserted above, by us or by who came first
    return found
