"""Results: released once a round is over, with places, teams and who comes through (成绩公布)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import bindparam, delete, insert, select, update

from exams.contests import judging, ranking, tallying
from exams.contests.errors import ResultsReleased, RoundNotOver
from exams.contests.models import (
    ContestEntry,
    ContestParticipant,
    ContestRound,
    ContestSum,
    SumKind,
    TeamKind,
)
from exams.contests.ranking import Placed, Result, TieRule
from exams.contests.services import boards, contests, merits
from exams.contests.tallying import Counted
from server.audit import services as audit
from server.db import db
from server.errors import NotFound
from server.policy import Identity, Permission
from server.regions.models import Region
from server.regions.tree import lineage

_MAY = Permission.HOLD_CONTESTS
#: What was sent in time may still be on its way to the disk.
_SETTLING = timedelta(seconds=15)
_COUNTY = 3


def release(round_id: UUID, *, by: Identity, at: datetime) -> ContestRound:
    """Release the results of a round; whoever comes through may enter the next. Twice is harmless.

    Places are worked out anew from what is stored, and so are all sums; who was taken out, or left,
    has none. A participant's place never depends on how far the board had come.

    Raises:
        NotFound: there is no such round within the asker's scope.
        RoundNotOver: it still goes on.
    """
    round_ = contests.round_(round_id, scope=by.scope(_MAY), locked=True)
    if round_.released_at is not None:
        return round_
    if at < round_.closes_at + _SETTLING:
        raise RoundNotOver(until_at=(round_.closes_at + _SETTLING).isoformat())
    rows = _rows(round_id)
    tie_rule = round_.contest.tie_rule
    placed = ranking.ranked((_result(row) for row in rows), tie_rule)
    _write_places(round_id, placed, tie_rule)
    _write_sums(round_, rows)
    round_.released_at = at
    db.session.flush()
    _let_through(round_, placed, rows, at)
    merits.tell(round_, placed, {row.id: row.person_id for row in rows}, at)
    boards.forget()
    audit.append(
        "contest_results_released",
        by=by,
        at=at,
        subject_kind="contest_round",
        subject_id=round_id,
        after={"entries": len(placed)},
        organisation_path=round_.contest.organisation.path,
    )
    return round_


def disqualify(entry_id: UUID, *, reason: str, by: Identity, at: datetime) -> ContestEntry:
    """Take an entry out of a round, with a reason; the evidence stays. Twice is harmless.

    Raises:
        NotFound: there is no such entry within the asker's scope.
        ResultsReleased: its results are known already.
    """
    entry = db.session.get(ContestEntry, entry_id, with_for_update=True)
    if entry is None:
        raise NotFound
    round_ = contests.round_(entry.round_id, scope=by.scope(_MAY))
    if entry.disqualified_at is not None:
        return entry
    if round_.released_at is not None:
        raise ResultsReleased
    entry.disqualified_at, entry.disqualified_because = at, reason
    entry.shown_order = entry.shown_points = None
    db.session.flush()
    boards.forget()
    audit.append(
        "contest_entry_disqualified",
        by=by,
        at=at,
        subject_kind="contest_entry",
        subject_id=entry_id,
        reason=reason,
    )
    return entry


def _rows(round_id: UUID) -> Sequence[Any]:
    """Return the entries that count, with what sums and teams need."""
    return db.session.execute(
        select(
            ContestEntry.id,
            ContestEntry.participant_id,
            ContestEntry.points,
            ContestEntry.correct_count,
            ContestEntry.elapsed_ms,
            ContestEntry.responded,
            ContestParticipant.person_id,
            ContestParticipant.region_id,
            ContestParticipant.employer_id,
            Region.path.label("region_path"),
        )
        .join(ContestParticipant, ContestParticipant.id == ContestEntry.participant_id)
        .join(Region, Region.id == ContestParticipant.region_id)
        .where(
            ContestEntry.round_id == round_id,
            ContestEntry.responded != 0,
            ContestEntry.disqualified_at.is_(None),
            ContestParticipant.withdrawn_at.is_(None),
        )
    ).all()


def _result(row: Any) -> Result:
    return Result(entry_id=row.id, points=row.points, elapsed_ms=row.elapsed_ms)


def _write_places(round_id: UUID, placed: Sequence[Placed], tie_rule: TieRule) -> None:
    nobody = {"place": None, "shown_points": None, "shown_order": None}
    everybody = update(ContestEntry).where(ContestEntry.round_id == round_id)
    db.session.execute(everybody.values(nobody).execution_options(synchronize_session=False))
    if not placed:
        return
    faster = tie_rule is TieRule.FASTER
    each = (
        update(ContestEntry)
        .where(ContestEntry.id == bindparam("of"))
        .values(
            place=bindparam("at_place"),
            shown_points=bindparam("with_points"),
            shown_order=bindparam("in_order"),
        )
    )
    rows = [
        {
            "of": one.result.entry_id,
            "at_place": one.place,
            "with_points": one.result.points,
            "in_order": judging.board_order(
                one.result.points, one.result.elapsed_ms, faster_first=faster
            ),
        }
        for one in placed
    ]
    db.session.connection().execute(each, rows)


def _write_sums(round_: ContestRound, rows: Sequence[Any]) -> None:
    teams = _teams(round_.contest.team_kind, rows)
    counted = (
        Counted(
            region=row.region_id,
            employer=row.employer_id,
            team=teams.get(row.id),
            points=row.points,
            correct_count=row.correct_count,
            response_count=row.responded.bit_count(),
        )
        for row in rows
    )
    found = tallying.sums(counted, team_size=round_.contest.team_size)
    db.session.execute(delete(ContestSum).where(ContestSum.round_id == round_.id))
    new = [
        dict(zip(("people", "responses", "correct", "points"), one, strict=True))
        | {"round_id": round_.id, "kind": SumKind(kind), "key": key}
        for (kind, key), one in found.items()
    ]
    if new:
        db.session.execute(insert(ContestSum), new)


def _teams(kind: TeamKind, rows: Sequence[Any]) -> Mapping[UUID, UUID | None]:
    """Return what each entry plays for: its employer, or the county its region lies in."""
    if kind is TeamKind.NONE:
        return {}
    if kind is TeamKind.ENTERPRISE:
        return {row.id: row.employer_id for row in rows}
    above = {row.id: lineage(row.region_path) for row in rows}
    ids = {one for path in above.values() for one in path}
    statement = select(Region.id).where(Region.id.in_(ids), Region.level == _COUNTY)
    counties = set(db.session.execute(statement).scalars())
    return {
        entry_id: next((one for one in path if one in counties), None)
        for entry_id, path in above.items()
    }


def _let_through(
    round_: ContestRound, placed: Sequence[Placed], rows: Sequence[Any], at: datetime
) -> None:
    """Make the entries of the next round for those who came through."""
    after = [one for one in round_.contest.rounds if one.number == round_.number + 1]
    if not after or round_.advancing_places is None:
        return
    participants = {row.id: row.participant_id for row in rows}
    through = ranking.within(placed, round_.advancing_places)
    new = [
        {
            "id": uuid5(after[0].id, str(participants[one.result.entry_id])),
            "round_id": after[0].id,
            "participant_id": participants[one.result.entry_id],
            "started_at": at,
            "shown_at": at,
            "open_slot": 1,
            "responded": 0,
            "points": 0,
            "correct_count": 0,
            "elapsed_ms": 0,
        }
        for one in through
    ]
    if new:
        db.session.execute(insert(ContestEntry), new)
