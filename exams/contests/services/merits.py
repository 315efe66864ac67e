"""Merits: who stands among the first, and who that is where only a number is known (获奖)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from exams.contests import ranking
from exams.contests.errors import ResultsReleased
from exams.contests.events import MeritEarned
from exams.contests.models import ContestEntry, ContestParticipant, ContestRound
from exams.contests.ranking import Placed
from exams.contests.services import contests
from exams.contests.timetable import RoundKind
from server.audit import services as audit
from server.db import db
from server.errors import NotFound
from server.events import publish
from server.people.services import people
from server.policy import Identity, Permission

_MAY = Permission.HOLD_CONTESTS


@dataclass(frozen=True, kw_only=True)
class Winner:
    """Who stands among the first, as the organiser sees them."""

    entry_id: UUID
    place: int
    points: int
    masked_name: str
    person_id: UUID | None
    minor: bool


def winners(round_id: UUID, *, by: Identity) -> list[Winner]:
    """Return who earned a certificate of merit in a released last round.

    Raises:
        NotFound: there is no such round within the asker's scope.
    """
    round_ = contests.round_(round_id, scope=by.scope(_MAY))
    most = round_.contest.merit_places if _is_last(round_) else 0
    statement = (
        select(
            ContestEntry.id.label("entry_id"),
            ContestEntry.place,
            ContestEntry.points,
            ContestParticipant.masked_name,
            ContestParticipant.person_id,
            ContestParticipant.minor,
        )
        .join(ContestParticipant, ContestParticipant.id == ContestEntry.participant_id)
        .where(ContestEntry.round_id == round_id, ContestEntry.place <= most)
        .order_by(ContestEntry.place, ContestEntry.id)
    )
    return [Winner(**row._mapping) for row in db.session.execute(statement)]


def name_winner(entry_id: UUID, person_id: UUID, *, by: Identity, at: datetime) -> Winner:
    """Say who a winner is who took part by a phone number alone: the certificate follows.

    Raises:
        NotFound: there is no such winner, or no such person within the asker's scope.
        ResultsReleased: the winner is somebody else already.
    """
    entry = db.session.get(ContestEntry, entry_id)
    if entry is None:
        raise NotFound
    found = [one for one in winners(entry.round_id, by=by) if one.entry_id == entry_id]
    if not found:
        raise NotFound
    people.get(person_id, scope=by.scope(Permission.SEE_PEOPLE))
    participant = db.session.get_one(ContestParticipant, entry.participant_id)
    if participant.person_id not in (None, person_id):
        raise ResultsReleased
    participant.person_id = person_id
    db.session.flush()
    round_ = contests.round_(entry.round_id)
    _tell_merit(round_, entry_id, found[0].place, person_id, at)
    audit.append(
        "contest_winner_named",
        by=by,
        at=at,
        subject_kind="contest_entry",
        subject_id=entry_id,
        after={"person_id": str(person_id)},
    )
    return next(one for one in winners(entry.round_id, by=by) if one.entry_id == entry_id)


def _is_last(round_: ContestRound) -> bool:
    return round_.number == len(round_.contest.rounds) and round_.kind is not RoundKind.PRACTICE


def tell(
    round_: ContestRound,
    placed: Sequence[Placed],
    person_of: Mapping[UUID, UUID | None],
    at: datetime,
) -> None:
    """Tell who earned a certificate by the results of a round that are released now."""
    if not _is_last(round_):
        return
    for one in ranking.within(placed, round_.contest.merit_places):
        person_id = person_of[one.result.entry_id]
        if person_id is not None:
            _tell_merit(round_, one.result.entry_id, one.place, person_id, at)


def _tell_merit(
    round_: ContestRound, entry_id: UUID, place: int, person_id: UUID, at: datetime
) -> None:
    publish(
        MeritEarned(
            contest_id=round_.contest_id,
            contest_name=round_.contest.name,
            organisation_id=round_.contest.organisation_id,
            entry_id=entry_id,
            person_id=person_id,
            place=place,
            at=at,
        )
    )
