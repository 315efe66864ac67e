"""What people look at before results are released: signals; and what a contest reached (统计)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from exams.contests import rules, signals
from exams.contests.models import (
    ContestEntry,
    ContestParticipant,
    ContestResponse,
    ContestRound,
)
from exams.contests.services import contests, held
from exams.contests.services.held import HeldRound
from exams.contests.signals import Given, Signal, Suspect, Suspicion
from server.days import civil_day
from server.db import db
from server.errors import NotFound
from server.policy import Identity, Permission
from server.regions.models import Region

_MAY = Permission.HOLD_CONTESTS

#: A group smaller than this is not told: one would know who it is.
SMALLEST_TOLD = 5


@dataclass(frozen=True, kw_only=True)
class Group:
    """What people of one kind did; figures of few are None."""

    key: str | None
    name: str | None
    people_count: int | None
    #: Who responded in at least two rounds, and the shares they had right in the first and last.
    learnt_count: int | None
    first_share: Fraction | None
    last_share: Fraction | None

    @property
    def gain(self) -> Fraction | None:
        """What was gained from the first round to the last."""
        if self.first_share is None or self.last_share is None:
            return None
        return self.last_share - self.first_share


@dataclass(frozen=True, kw_only=True)
class NamedSignal:
    """Evidence for people, with whom it is about."""

    suspicion: Suspicion
    entry_ids: Sequence[UUID]
    #: In the order of the entries.
    masked_names: Sequence[str]
    count: int


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """What a contest reached."""

    everybody: Group
    by_region: list[Group]
    by_industry: list[Group]
    by_role: list[Group]


def suspicions(round_id: UUID, *, by: Identity, at: datetime) -> list[Signal]:
    """Return what looks like machines or shared responses in a round, as evidence for people.

    Raises:
        NotFound: there is no such round of a published contest within the asker's scope.
    """
    contests.round_(round_id, scope=by.scope(_MAY))
    found = held.find(db.session.connection(), round_id, at=at)
    if found is None:
        raise NotFound
    reading = rules.on(civil_day(found.timetable.opens_at)).fastest_reading_per_second
    return signals.found(_suspects(found), reading_per_second=reading)


def named(evidence: Sequence[Signal]) -> list[NamedSignal]:
    """Return signals with the names of whom they are about, as boards show them."""
    entry_ids = {entry_id for one in evidence for entry_id in one.entry_ids}
    statement = (
        select(ContestEntry.id, ContestParticipant.masked_name)
        .join(ContestParticipant, ContestParticipant.id == ContestEntry.participant_id)
        .where(ContestEntry.id.in_(entry_ids))
    )
    names = {entry_id: name for entry_id, name in db.session.execute(statement)}
    return [
        NamedSignal(
            suspicion=one.suspicion,
            entry_ids=one.entry_ids,
            masked_names=[names[entry_id] for entry_id in one.entry_ids],
            count=one.count,
        )
        for one in evidence
    ]


def campaign(contest_id: UUID, *, by: Identity) -> Campaign:
    """Return who took part, by region, industry and role, and what they learnt.

    Who left is not among them.

    Raises:
        NotFound: there is no such contest within the asker's scope.
    """
    contests.get(contest_id, scope=by.scope(_MAY))
    people, shares = _people(contest_id), _shares(contest_id)
    regions = {one.region_id: one.region_name for one in people}

    def grouped(key: str) -> list[Group]:
        groups: dict[Any, list[UUID]] = defaultdict(list)
        for one in people:
            groups[getattr(one, key)].append(one.id)
        names = {of: regions.get(of, of) for of in groups}
        made = [_group(of, names[of], ids, shares) for of, ids in groups.items()]
        return sorted(made, key=lambda one: (-(one.people_count or 0), str(one.name)))

    everybody = _group(None, None, [one.id for one in people], shares)
    return Campaign(
        everybody=everybody,
        by_region=grouped("region_id"),
        by_industry=grouped("industry"),
        by_role=grouped("role"),
    )


def _suspects(found: HeldRound) -> list[Suspect]:
    lengths = [
        len(one.stem) + sum(len(option["text"]) for option in one.options) for one in found.pool
    ]
    given: dict[UUID, list[Given]] = defaultdict(list)
    responses = (
        select(ContestResponse)
        .join(ContestEntry, ContestEntry.id == ContestResponse.entry_id)
        .where(ContestEntry.round_id == found.id)
    )
    for row in db.session.execute(responses).scalars():
        given[row.entry_id].append(
            Given(
                place=row.place,
                chosen=row.chosen,
                correct=row.correct,
                elapsed_ms=row.elapsed_ms,
                length=lengths[row.place],
            )
        )
    columns = (ContestEntry.id, ContestParticipant.device_id, ContestParticipant.network)
    entries = (
        select(*columns)
        .join(ContestParticipant, ContestParticipant.id == ContestEntry.participant_id)
        .where(ContestEntry.round_id == found.id)
        .order_by(ContestEntry.id)
    )
    return [
        Suspect(
            entry_id=row.id,
            device_id=row.device_id,
            network=row.network,
            responses=given[row.id],
        )
        for row in db.session.execute(entries)
    ]


def _people(contest_id: UUID) -> list[Any]:
    one = ContestParticipant
    statement = (
        select(one.id, one.region_id, one.industry, one.role, Region.name.label("region_name"))
        .join(Region, Region.id == one.region_id)
        .where(one.contest_id == contest_id, one.withdrawn_at.is_(None))
    )
    return list(db.session.execute(statement))


def _shares(contest_id: UUID) -> dict[UUID, tuple[Fraction, Fraction]]:
    """Return what each participant of at least two rounds had right in the first and the last."""
    responded = func.count(ContestResponse.slot)
    statement = (
        select(
            ContestEntry.participant_id,
            ContestEntry.correct_count,
            responded.label("response_count"),
        )
        .join(ContestRound, ContestRound.id == ContestEntry.round_id)
        .join(ContestResponse, ContestResponse.entry_id == ContestEntry.id)
        .where(ContestRound.contest_id == contest_id, ContestEntry.disqualified_at.is_(None))
        .group_by(ContestEntry.id, ContestRound.number)
        .order_by(ContestRound.number)
    )
    rounds: dict[UUID, list[Fraction]] = defaultdict(list)
    for row in db.session.execute(statement):
        rounds[row.participant_id].append(Fraction(row.correct_count, row.response_count))
    return {of: (every[0], every[-1]) for of, every in rounds.items() if len(every) > 1}


def _group(
    key: Any, name: Any, ids: list[UUID], shares: dict[UUID, tuple[Fraction, Fraction]]
) -> Group:
    learnt = [shares[one] for one in ids if one in shares]
    told, told_learnt = len(ids) >= SMALLEST_TOLD, len(learnt) >= SMALLEST_TOLD
    return Group(
        key=None if key is None else str(key),
        name=None if name is None else str(name),
        people_count=len(ids) if told else None,
        learnt_count=len(learnt) if told_learnt else None,
        first_share=_mean([first for first, _ in learnt]) if told_learnt else None,
        last_share=_mean([last for _, last in learnt]) if told_learnt else None,
    )


def _mean(shares: list[Fraction]) -> Fraction:
    return sum(shares, Fraction(0)) / len(shares)
