"""What is missing on each ground, in outline, so that rare things are found at once (缺项概要).

A list of the missing goes through its grounds in order. Where hardly anybody fits what it is
narrowed by, it would read everybody; so the grounds on which nothing fits are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from sqlalchemy import ColumnElement, Integer, Select, cast, select
from sqlalchemy.orm import InstrumentedAttribute

from certificates.definitions import SIZE_NUMBERS
from certificates.many_stretches import Stretches
from certificates.models import CoverageLack, CoverageNumber, CoverageStretch
from certificates.papers import FIRST_MISSING
from certificates.services.counts import asking, bulk
from certificates.services.counts.asking import Asked, Filter
from certificates.stretches import ROLE_NUMBERS, item_number
from certificates.sweeping import Numbers
from server.db import db

#: Items and trainers set the bit of the remainder that they leave: a number holds 62.
SHARED = 61

#: The trigger that keeps the outline.
_TRIGGER = "coverage_lack_note"


def grounds(asked: Asked, indicator: int, state: int | None, within: Select[int]) -> Select[int]:
    """Return those of some grounds on which anybody that is asked for may be missing."""
    lack = CoverageLack
    marks = [] if state is None else [(lack.states, 1 << state)]
    return select(lack.ground).where(
        lack.indicator == indicator,
        lack.first_day <= asked.day,
        asking.lies_in(lack.ground, within),
        *(column.op("&")(mark) != 0 for column, mark in [*marks, *_marks(asked.filter)]),
        *_trained_by(asked.filter),
    )


def _marks(wanted: Filter) -> Iterator[tuple[InstrumentedAttribute[int], int]]:
    lack = CoverageLack
    if wanted.role is not None:
        yield lack.roles, 1 << ROLE_NUMBERS[wanted.role]
    if wanted.item is not None:
        yield lack.items, 1 << item_number(wanted.item) % SHARED
    if wanted.section is not None:
        yield lack.sections, 1 << ord(wanted.section) - 64
    if wanted.size is not None:
        yield lack.sizes, 1 << SIZE_NUMBERS[wanted.size]
    if wanted.high_risk is not None:
        yield lack.risks, 1 << int(wanted.high_risk)


def _trained_by(wanted: Filter) -> list[ColumnElement[bool]]:
    if wanted.provider_id is None:
        return []
    number = select(cast(CoverageNumber.number % SHARED, Integer)).where(
        CoverageNumber.thing_id == wanted.provider_id
    )
    shifted = CoverageLack.providers.op(">>")(number.scalar_subquery())
    return [shifted.op("&")(1) == 1]


class Lacks:
    """The outline of many stretches, added up lot by lot."""

    def __init__(self) -> None:
        #: By indicator: ground, first day, then the columns of bits.
        self._held: dict[int, Numbers] = {}

    def add(self, stretches: Stretches) -> None:
        """Add stretches of one indicator."""
        missing = np.flatnonzero(stretches.state >= FIRST_MISSING)
        some = Stretches(*(column[missing] for column in stretches))
        if not len(some.subject):
            return
        marks = (
            *(some.state, some.role, some.section, some.size, some.high_risk),
            *(some.item % SHARED, some.provider % SHARED),
        )
        bits = [np.left_shift(np.int64(1), each.astype(np.int64)) for each in marks]
        columns = np.stack([some.ground, some.start_day, *bits])
        indicator = int(some.indicator[0])
        held = self._held.get(indicator)
        every = columns if held is None else np.concatenate([held, columns], axis=1)
        self._held[indicator] = _folded(every)

    def write(self) -> None:
        """Store the outline; there is none yet."""
        names = ("ground", "first_day", "states", "roles", "sections", "sizes", "risks")
        for indicator, columns in sorted(self._held.items()):
            named = dict(zip((*names, "items", "providers"), columns, strict=True))
            bulk.write(CoverageLack, {"indicator": np.full(columns.shape[1], indicator), **named})


def _folded(columns: Numbers) -> Numbers:
    """Return the columns with each ground once: the first day, and all bits."""
    columns = columns[:, np.argsort(columns[0], kind="stable")]
    ground = columns[0]
    starts = np.flatnonzero(np.insert(ground[1:] != ground[:-1], 0, values=True))
    first = np.minimum.reduceat(columns[1], starts)
    bits = np.bitwise_or.reduceat(columns[2:], starts, axis=1)
    return np.concatenate([[ground[starts], first], bits])


@contextmanager
def unnoted() -> Iterator[None]:
    """Keep the trigger still while millions of stretches are written; `Lacks` adds them up."""
    if db.engine.dialect.name == "postgresql":
        table = CoverageStretch.__tablename__
        _say(f"ALTER TABLE {table} DISABLE TRIGGER {_TRIGGER}")
        yield
        _say(f"ALTER TABLE {table} ENABLE TRIGGER {_TRIGGER}")
        return
    words = f"SELECT sql FROM sqlite_master WHERE name = '{_TRIGGER}'"  # noqa: S608  # our own name
    made = db.session.connection().exec_driver_sql(words).scalar_one()
    _say(f"DROP TRIGGER {_TRIGGER}")
    yield
    _say(made)


def _say(words: str) -> None:
    db.session.connection().exec_driver_sql(words)
