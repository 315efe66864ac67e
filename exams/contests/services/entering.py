"""Entering a round, looking at one's own entry, and learning from it afterwards (进入轮次)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from exams.contests.errors import NotAdvanced, RoundNotOpen, RoundNotOver
from exams.contests.models import ContestEntry, ContestParticipant, ContestResponse, ContestRound
from exams.contests.services import boards, contests, held
from exams.contests.services.held import HeldRound
from question_bank import delivery
from question_bank.services import drawing
from server.db import db
from server.errors import IdTaken, NotFound


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One's own entry, and what is open in it."""

    entry: ContestEntry
    #: The question that is open; None where none is.
    question: dict[str, Any] | None
    #: The place by the points the board knows; the released one where there is one.
    place: int | None
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """A question that one responded to wrongly, with its key: told once the round is over."""

    slot: int
    stem: str
    chosen: Sequence[str]
    key: Sequence[str]
    options: Sequence[Any]
    explanation: str | None
    law_citation: str | None


def enter(
    entry_id: UUID, round_id: UUID, *, participant: ContestParticipant, at: datetime
) -> Shown:
    """Enter a round under the id the phone made; the first question counts from now on.

    Entering again shows where one stands. A final may be entered before its moment.

    Raises:
        NotFound: there is no such round of the participant's contest.
        RoundNotOpen: it does not go on now.
        NotAdvanced: it is for those who came through the one before.
        IdTaken: another entry stands under this id.
    """
    found = held.find(db.session.connection(), round_id, at=at)
    if found is None or found.contest_id != participant.contest_id or not found.is_on:
        raise NotFound
    known = _of(round_id, participant.id)
    if known is not None:
        return _shown(known, found, at)
    if db.session.get(ContestEntry, entry_id) is not None:
        raise IdTaken
    times = found.timetable
    if at >= times.closes_at or (at < times.opens_at and not found.is_final):
        raise RoundNotOpen(from_at=times.opens_at.isoformat(), until_at=times.closes_at.isoformat())
    if _is_for_some(contests.round_(round_id)):
        raise NotAdvanced
    made = ContestEntry(
        id=entry_id,
        round_id=round_id,
        participant_id=participant.id,
        started_at=at,
        responded=0,
        open_slot=1,
        shown_at=at,
        points=0,
        correct_count=0,
        elapsed_ms=0,
    )
    db.session.add(made)
    db.session.flush()
    return _shown(made, found, at)


def show(entry_id: UUID, *, participant: ContestParticipant, at: datetime) -> Shown:
    """Show one's own entry.

    Raises:
        NotFound: there is none, or it is another's.
    """
    entry = _own(entry_id, participant)
    found = held.find(db.session.connection(), entry.round_id, at=at)
    if found is None:
        raise NotFound
    return _shown(entry, found, at)


def mine(participant: ContestParticipant) -> list[ContestEntry]:
    """Return a participant's entries, those of a round they came through to among them."""
    statement = (
        select(ContestEntry)
        .join(ContestRound, ContestRound.id == ContestEntry.round_id)
        .where(ContestEntry.participant_id == participant.id)
        .order_by(ContestRound.number)
    )
    return list(db.session.execute(statement).scalars())


def wrong(entry_id: UUID, *, participant: ContestParticipant, at: datetime) -> list[Reviewed]:
    """Return what one responded to wrongly, with keys, once nobody can respond any more.

    Raises:
        NotFound: there is no such entry of one's own.
        RoundNotOver: others still respond to the same questions.
    """
    entry = _own(entry_id, participant)
    found = held.find(db.session.connection(), entry.round_id, at=at)
    if found is None:
        raise NotFound
    if at < found.timetable.closes_at:
        raise RoundNotOver(until_at=found.timetable.closes_at.isoformat())
    statement = select(ContestResponse).where(
        ContestResponse.entry_id == entry_id, ~ContestResponse.correct
    )
    rows = db.session.execute(statement.order_by(ContestResponse.slot)).scalars().all()
    versions = drawing.versions([found.pool[row.place].version_id for row in rows])
    return [_reviewed(row, entry_id, found, versions) for row in rows]


def _reviewed(
    row: ContestResponse, entry_id: UUID, found: HeldRound, versions: dict[UUID, Any]
) -> Reviewed:
    version = versions[found.pool[row.place].version_id]
    order = tuple(version.labels[at] for at in found.order(entry_id, row.place))
    chosen = [label for at, label in enumerate(version.labels) if row.chosen >> at & 1]
    return Reviewed(
        slot=row.slot,
        stem=version.stem,
        chosen=delivery.as_shown(chosen, order),
        key=delivery.as_shown(version.key, order),
        options=delivery.shown_options(version.options, order),
        explanation=version.explanation,
        law_citation=version.law_citation,
    )


def _shown(entry: ContestEntry, found: HeldRound, at: datetime) -> Shown:
    question = None
    more = entry.open_slot <= found.timetable.question_count
    if not found.is_final and more and found.timetable.is_open(at):
        question = found.question(entry.id, entry.open_slot)
    place = entry.place
    if place is None and entry.shown_points is not None:
        board = boards.board(db.session.connection(), found.id, at=at)
        place = board.place_of(entry.shown_points)
    return Shown(entry=entry, question=question, place=place, now=at)


def _is_for_some(round_: ContestRound) -> bool:
    """Say whether only those enter who came through the round before."""
    before = [one for one in round_.contest.rounds if one.number == round_.number - 1]
    return bool(before) and before[0].advancing_places is not None


def _of(round_id: UUID, participant_id: UUID) -> ContestEntry | None:
    statement = select(ContestEntry).where(
        ContestEntry.round_id == round_id, ContestEntry.participant_id == participant_id
    )
    return db.session.execute(statement).scalar_one_or_none()


def _own(entry_id: UUID, participant: ContestParticipant) -> ContestEntry:
    found = db.session.get(ContestEntry, entry_id, populate_existing=True)
    if found is None or found.participant_id != participant.id:
        raise NotFound
    return found
