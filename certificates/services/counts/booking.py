"""Booking: what changed for some people is counted anew, and the difference written (入账).

Nothing that was believed is erased. Stretches that no longer hold are marked as known until now;
the ledger gains what is new minus what was. So the sums of any day can be read as they were known
at any moment since the opening.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update

from certificates import sums
from certificates.definitions import Basis, Subject
from certificates.editions import Rules
from certificates.models import (
    STILL,
    CoverageChange,
    CoverageCheckpoint,
    CoverageDay,
    CoverageNumber,
    CoverageStretch,
)
from certificates.papers import END
from certificates.services.counts import gathering, known, places
from certificates.stretches import Place, Stretch, of_organisation, of_person
from certificates.sums import SUMS, Cell, Six
from server.db import db, upsert

#: The columns of a stretch, in the order of `Stretch`.
COLUMNS = (
    CoverageStretch.indicator,
    CoverageStretch.organisation,
    CoverageStretch.ground,
    CoverageStretch.role,
    CoverageStretch.item,
    CoverageStretch.section,
    CoverageStretch.high_risk,
    CoverageStretch.size,
    CoverageStretch.provider,
    CoverageStretch.start_day,
    CoverageStretch.end_day,
    CoverageStretch.state,
)
#: Their names.
NAMES = tuple(column.key for column in COLUMNS)

#: The stretches of one subject, each with how often.
Held = dict[int, list[Stretch]]


def book(people: Collection[UUID], organisations: Collection[UUID], *, at: datetime) -> int:
    """Count these people and organisations anew; return how many stretches changed.

    Runs in the transaction of the facts, last in it. Saying again what is known changes nothing.
    """
    if not people and not organisations:
        return 0
    known.lock()
    known.number_indicators()
    rules = known.rules()
    numbers = known.numbers_of([*people, *organisations])
    stood = places.places_of(organisations)
    new = of_people(numbers, people, rules) | of_organisations(numbers, stood, rules)
    old, ids = booked(numbers.values())
    gone: list[int] = []
    fresh: list[tuple[int, Stretch]] = []
    before: Held = {}
    after: Held = {}
    for number in numbers.values():
        was, now = Counter(old.get(number, ())), Counter(new.get(number, ()))
        if was != now:
            gone += [ids[number, each].pop() for each in (was - now).elements()]
            fresh += [(number, each) for each in (now - was).elements()]
            before[number], after[number] = list(was), list(now)
    if not gone and not fresh:
        return 0
    seq = known.next_batch(at)
    _write_stretches(gone, fresh, seq)
    summed = known.summed_of(
        {each.ground for held in (before, after) for every in held.values() for each in every}
    )
    changed = _difference(before, after, summed.__getitem__, rules)
    if changed:
        write_changes(changed, seq)
        _move_checkpoints(changed)
    return len(gone) + len(fresh)


def of_people(numbers: dict[UUID, int], people: Collection[UUID], rules: Rules) -> Held:
    """Return the stretches of people as the facts now say."""
    if not people:
        return {}
    wanted = [numbers[each] for each in people]
    selected = select(CoverageNumber.thing_id).where(CoverageNumber.number.in_(wanted))
    gathered = gathering.gather(selected)
    at_places = {place for each in gathered.values() for place, *_ in each.posts}
    trained_by = {line[5] for each in gathered.values() for line in each.lines if line[5]}
    others = known.numbers_of([*at_places, *{UUID(one) for one in trained_by}])
    providers = {str(one): number for one, number in others.items()}
    stood = {others[one]: found for one, found in places.places_of(at_places).items()}
    return {
        numbers[person]: of_person(
            each.post_lines(others), each.file(providers), rules, stood.__getitem__
        )
        for person, each in gathered.items()
    }


def of_organisations(
    numbers: Mapping[UUID, int], stood: Mapping[UUID, Sequence[Place]], rules: Rules
) -> Held:
    """Return the stretches of organisations, that stood at these places, as the facts now say."""
    roles = asked_of_organisations(rules)
    if not stood or roles is None:
        return {}
    counted = [one for one, found in stood.items() if any(each.is_enterprise for each in found)]
    files = gathering.files_of_organisations(counted, roles)
    return {
        numbers[one]: of_organisation(
            numbers[one], file, rules, dict.fromkeys([numbers[one]], stood[one]).__getitem__
        )
        for one, file in files.items()
    }


def asked_of_organisations(rules: Rules) -> list[str] | None:
    """Return the roles whose posts organisations are asked for; None where none is counted."""
    editions = [
        edition
        for rule in rules.every
        if rule.subject is Subject.ORGANISATION
        for edition in rule.editions
    ]
    if not editions:
        return None
    parts = [part for each in editions for group in each.question.measure.all_of for part in group]
    return sorted({role for part in parts if part.basis is Basis.POST for role in part.roles})


def booked(numbers: Iterable[int]) -> tuple[Held, dict[tuple[int, Stretch], list[int]]]:
    """Return the stretches that are kept of some subjects, and the ids of their rows."""
    statement = select(CoverageStretch.id, CoverageStretch.subject, *COLUMNS).where(
        CoverageStretch.subject.in_(list(numbers)), CoverageStretch.gone_seq == STILL
    )
    held: Held = {}
    ids: dict[tuple[int, Stretch], list[int]] = {}
    for one, subject, *values in db.session.execute(statement):
        stretch = Stretch(*values)
        held.setdefault(subject, []).append(stretch)
        ids.setdefault((subject, stretch), []).append(one)
    return held, ids


def _write_stretches(gone: Sequence[int], fresh: list[tuple[int, Stretch]], seq: int) -> None:
    if gone:
        db.session.execute(
            update(CoverageStretch).where(CoverageStretch.id.in_(gone)).values(gone_seq=seq),
            execution_options={"synchronize_session": False},
        )
    if fresh:
        db.session.execute(
            CoverageStretch.__table__.insert(),  # type: ignore[attr-defined]  # a Table
            [
                {"subject": number, "seq": seq, "gone_seq": STILL, **stretch_values(each)}
                for number, each in fresh
            ],
        )


def stretch_values(stretch: Stretch) -> dict[str, Any]:
    """Return the columns of a stretch."""
    return dict(zip(NAMES, stretch, strict=True))


def _difference(before: Held, after: Held, summed: sums.Summed, rules: Rules) -> dict[Cell, Six]:
    found: dict[Cell, Six] = {}
    for held, sign in ((after, 1), (before, -1)):
        for stretches in held.values():
            for cell, six in sums.changes(stretches, summed, rules.per_year).items():
                into = found.setdefault(cell, [0] * len(SUMS))
                for place, number in enumerate(six):
                    into[place] += sign * number
    return {cell: six for cell, six in found.items() if any(six)}


def write_changes(changed: dict[Cell, Six], seq: int) -> None:
    """Add lines to the ledger, and what they say to the sums of their days."""
    rows = [
        {"region": region, "indicator": indicator, "day": day, **dict(zip(SUMS, six, strict=True))}
        for (region, indicator, day), six in sorted(changed.items())
    ]
    db.session.execute(
        CoverageChange.__table__.insert(),  # type: ignore[attr-defined]  # a Table
        [{**row, "seq": seq} for row in rows],
    )
    insert = upsert(CoverageDay)
    adds = {name: getattr(CoverageDay, name) + insert.excluded[name] for name in SUMS}
    keys = ["region", "indicator", "day"]
    db.session.execute(insert.on_conflict_do_update(index_elements=keys, set_=adds), rows)


def _move_checkpoints(changed: dict[Cell, Six]) -> None:
    """Add to every checkpoint what changed before it, each in one step: none is ever half moved."""
    by_series: dict[tuple[int, int], list[tuple[int, Six]]] = {}
    for (region, indicator, day), six in sorted(changed.items()):
        by_series.setdefault((region, indicator), []).append((day, six))
    moves: list[dict[str, int]] = []
    for (region, indicator), series in by_series.items():
        so_far = [0] * len(SUMS)
        ends = [day for day, _ in series[1:]] + [END]
        for (day, six), end in zip(series, ends, strict=True):
            so_far = [was + more for was, more in zip(so_far, six, strict=True)]
            if any(so_far):
                move = {"in_region": region, "of_indicator": indicator, "after": day, "until": end}
                moves.append(
                    move | {f"add_{name}": n for name, n in zip(SUMS, so_far, strict=True)}
                )
    if not moves:
        return
    table = CoverageCheckpoint.__table__
    statement = (
        update(table)  # type: ignore[arg-type]  # a Table
        .where(
            table.c.region == bindparam("in_region"),
            table.c.indicator == bindparam("of_indicator"),
            table.c.day > bindparam("after"),
            table.c.day <= bindparam("until"),
        )
        .values({name: table.c[name] + bindparam(f"add_{name}") for name in SUMS})
    )
    db.session.connection().execute(statement, moves)
