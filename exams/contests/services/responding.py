"""Responding: the way of ten thousand responses in ten seconds to the disk (作答).

As the intake of exams does it: no ORM object, no SQL composed, few statements for any number of
waiting phones, one commit. What the board shows changes in the same transaction, as sums that grow
by what each response adds; so neither a response nor a look at the board costs more with more
participants.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from exams.contests import judging, lots, timetable
from exams.contests.errors import Disqualified, QuestionNotShown, RoundNotOpen
from exams.contests.judging import Standing, Verdict
from exams.contests.models import SumKind
from exams.contests.ranking import TieRule
from exams.contests.services import held, rows
from exams.contests.services.held import HeldRound
from exams.contests.services.rows import Changed, Entered, New
from server.errors import DomainError, Invalid, Message, NotFound
from server.plain_sql import Digits, spelling


class Word(NamedTuple):
    """What one phone says."""

    entry_id: UUID
    participant_id: UUID
    slot: int
    #: As it came: the numbers of the options shown.
    chosen: object
    #: When it came to the server.
    at: datetime


class Heard(NamedTuple):
    """What became of it. It may be shown only after the commit."""

    entry_id: UUID
    slot: int
    verdict: Verdict
    #: The slot that is open now, where each meets their own; None where none is.
    open_slot: int | None
    round: HeldRound
    at: datetime


class _Desk:
    """What a group of responses changes, gathered before it is written."""

    def __init__(self) -> None:
        self.standing: dict[Digits, tuple[Standing, datetime]] = {}
        self.responses: list[New] = []
        self.changed: dict[Digits, Changed] = {}
        self.growth: dict[tuple[Digits, str, str], list[int]] = defaultdict(lambda: [0] * 4)


def store(connection: Connection, words: Sequence[Word]) -> list[Heard | DomainError]:
    """Judge and keep what phones sent; return what became of each, in their order."""
    asked = [(word.entry_id.hex, word.participant_id.hex) for word in words]
    entered = rows.entries(connection, asked)
    desk, moment_in = _Desk(), spelling(connection).moment_in
    heard: list[Heard | DomainError] = []
    for word, entry in zip(words, entered, strict=True):
        try:
            heard.append(_hear(connection, word, entry, desk, moment_in))
        except DomainError as refusal:
            heard.append(refusal)
    if desk.responses:
        rows.keep(connection, desk.responses, desk.changed, desk.growth)
    return heard


def _hear(
    connection: Connection, word: Word, entry: Entered | None, desk: _Desk, moment_in: Any
) -> Heard:
    if entry is None:
        raise NotFound
    if entry.is_out:
        raise Disqualified
    found = held.find(connection, entry.round_id, at=word.at)
    if found is None or not found.is_on:
        raise NotFound
    if not 1 <= word.slot <= found.timetable.question_count:
        raise _invalid("slot")
    standing, shown_at = desk.standing.get(word.entry_id.hex, (entry.standing, entry.shown_at))
    if standing.has(word.slot):
        return _heard(word, Verdict.IGNORED, standing, found)
    since = _open_since(word, standing, shown_at, found)
    place = found.place(word.entry_id, word.slot)
    chosen = _chosen(word, place, found)
    elapsed_ms = timetable.milliseconds(since, word.at)
    in_time = found.worth.in_time(elapsed_ms)
    correct = in_time and chosen == found.pool[place].key
    points = found.worth.points(correct=correct, elapsed_ms=elapsed_ms)
    counted_ms = min(elapsed_ms, found.timetable.seconds * 1000 + found.worth.grace_ms)
    after = standing.after(word.slot, points=points, correct=correct, elapsed_ms=counted_ms)
    desk.standing[word.entry_id.hex] = (after, word.at)
    received = moment_in(word.at)
    desk.responses.append(
        (word.entry_id.hex, word.slot, place, chosen, received, counted_ms, correct, points)
    )
    _change(desk, word, after, received, found)
    if found.shows(word.at):
        _grow(desk, entry, standing, after, found)
    return _heard(word, Verdict.ACCEPTED if in_time else Verdict.LATE, after, found)


def _open_since(word: Word, standing: Standing, shown_at: datetime, found: HeldRound) -> datetime:
    """Return since when the question is open.

    Raises:
        RoundNotOpen: nothing of the round is.
        QuestionNotShown: another question is.
    """
    times = found.timetable
    grace = timedelta(milliseconds=found.worth.grace_ms if found.is_final else 0)
    if not times.opens_at <= word.at < times.closes_at + grace:
        raise RoundNotOpen(from_at=times.opens_at.isoformat(), until_at=times.closes_at.isoformat())
    if not found.is_final:
        if word.slot != standing.open_slot:
            raise QuestionNotShown(slot=standing.open_slot)
        return shown_at
    if word.slot > times.open_slot(word.at):
        raise QuestionNotShown(slot=times.open_slot(word.at))
    return times.opening(word.slot)


def _chosen(word: Word, place: int, found: HeldRound) -> int:
    question = found.pool[place]
    count = len(question.options)
    shown = judging.bits(word.chosen, option_count=count, many=question.takes_many)
    if shown is None:
        raise _invalid("chosen")
    return lots.written(shown, found.order(word.entry_id, place))


def _change(desk: _Desk, word: Word, after: Standing, received: str, found: HeldRound) -> None:
    faster = found.tie_rule is TieRule.FASTER
    order = judging.board_order(after.points, after.elapsed_ms, faster_first=faster)
    shows = found.shows(word.at)
    finished = after.responded.bit_count() == found.timetable.question_count
    desk.changed[word.entry_id.hex] = (
        word.entry_id.hex,
        after.responded,
        after.open_slot,
        received,
        after.points,
        after.correct_count,
        after.elapsed_ms,
        after.points if shows else None,
        order if shows else None,
        received if finished else None,
    )


def _grow(desk: _Desk, entry: Entered, before: Standing, after: Standing, found: HeldRound) -> None:
    """Add what one response changes to the sums of its round."""
    new = not before.is_counted
    by = (int(new), 1, after.correct_count - before.correct_count, after.points - before.points)
    of = found.id.hex
    places = [(of, SumKind.REGION.value, entry.region)]
    if entry.employer is not None:
        places.append((of, SumKind.EMPLOYER.value, entry.employer))
    for key in places:
        sums = desk.growth[key]
        for at, number in enumerate(by):
            sums[at] += number
    if new or after.points != before.points:
        desk.growth[of, SumKind.POINTS.value, str(after.points)][0] += 1
        if not new:
            desk.growth[of, SumKind.POINTS.value, str(before.points)][0] -= 1


def _heard(word: Word, verdict: Verdict, standing: Standing, found: HeldRound) -> Heard:
    more = standing.open_slot <= found.timetable.question_count and not found.is_final
    open_slot = standing.open_slot if more else None
    return Heard(word.entry_id, word.slot, verdict, open_slot, found, word.at)


def _invalid(field: str) -> Invalid:
    return Invalid({field: [Message(en="Choose shown labels.", zh="请选择题目中的选项。")]})
