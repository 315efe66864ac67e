"""Some people and organisations of each night, counted by the other rules (抽样复核).

The full count reads and counts in columns, as a rebuild does: an error of the columns would be in
both. So some are counted one by one, from the facts as the register keeps them, and their
stretches – which lists of people are made of – held against those that are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select

from certificates.editions import Rules
from certificates.models import CoverageGround, CoverageIndicator, CoverageNumber
from certificates.services.counts import booking
from certificates.services.counts.booking import Held
from certificates.services.counts.rebuilding import Everybody
from certificates.stretches import Stretch
from server.db import db
from server.regions.models import Region

#: People, and organisations, looked at in a night.
PEOPLE, ORGANISATIONS = 500, 100


def differences(everybody: Everybody, *, seed: int) -> list[dict[str, Any]]:
    """Count some one by one, and name where their stretches are not those that are kept.

    Args:
        everybody: of whom they are drawn.
        seed: the same draws the same; another night draws others.
    """
    dice = Random(seed)  # noqa: S311  # a draw that can be repeated, no secret
    people = _drawn(dice, everybody.people.tolist(), PEOPLE)
    places = dict(_drawn(dice, sorted(everybody.places.items()), ORGANISATIONS))
    ids = _ids(people)
    counted = booking.of_people(ids, ids.keys(), everybody.rules)
    numbers = {one: everybody.numbers[one] for one in places}
    counted |= booking.of_organisations(numbers, places, everybody.rules)
    subjects = {number: one for one, number in (ids | numbers).items()}
    return [*_unlike(counted, subjects, everybody.rules)]


def _drawn(dice: Random, things: list[Any], most: int) -> list[Any]:
    return things if len(things) <= most else dice.sample(things, most)


def _ids(numbers: list[int]) -> dict[UUID, int]:
    statement = select(CoverageNumber.thing_id, CoverageNumber.number)
    rows = db.session.execute(statement.where(CoverageNumber.number.in_(numbers)))
    return {row.thing_id: row.number for row in rows}


def _unlike(counted: Held, subjects: Mapping[int, UUID], rules: Rules) -> Iterator[dict[str, Any]]:
    """Yield, by person and indicator, the first stretch that is only kept, or only counted."""
    kept, _ = booking.booked(subjects)
    for number, subject in subjects.items():
        was, now = Counter(kept.get(number, ())), Counter(counted.get(number, ()))
        if was == now:
            continue
        for rule in rules.every:
            wrong = [each for each in ((was - now) + (now - was)) if each.indicator == rule.number]
            if wrong:
                first = min(wrong, key=lambda each: each.start)
                yield _named(subject, first, kept=was[first], counted=now[first])


def _named(subject: UUID, wrong: Stretch, *, kept: int, counted: int) -> dict[str, Any]:
    ground = db.session.get_one(CoverageGround, wrong.ground)
    region = db.session.get_one(Region, ground.region_id)
    key = db.session.get_one(CoverageIndicator, wrong.indicator).key
    return {
        "what": "stretches",
        "region_id": str(region.id),
        "region": region.name,
        "indicator": key,
        "on": date.fromordinal(wrong.start).isoformat(),
        "subject_id": str(subject),
        "kept": {"stretches": kept},
        "counted": {"stretches": counted},
    }
