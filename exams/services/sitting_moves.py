"""Moves of a sitting: opened, closed, seated, started, finished, cancelled (场次流转)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select, update

from exams import sittings as rules
from exams.models import Attempt, Candidature, Enrolment, Sitting, SittingMoved
from exams.services import (
    centres,
    circuit_absences,
    deciding,
    invigilation,
    planning,
    practical_sittings,
    seats,
    sittings,
    staff,
    turns,
)
from exams.services.readying import Ready
from exams.sitting_errors import CentreNotApproved, DoorsNotYetOpen, SittingMoveRefused
from exams.sittings import (
    DOORS_BEFORE,
    IN_ROOMS,
    Attendance,
    Awaited,
    Mode,
    SittingMove,
    SittingState,
)
from exams.staffing import Duty
from server import days
from server.audit import services as audit
from server.db import db
from server.policy import Identity, Permission


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A move that somebody wants, and what chance it is given."""

    move: SittingMove
    reason: str | None = None
    #: Secret chance for papers and seats.
    seed: bytes = b""
    #: The papers, made ready before anybody waits; they are drawn when it is opened otherwise.
    ready: Ready | None = None


def make(sitting_id: UUID, wanted: Wanted, *, by: Identity, at: datetime) -> Sitting:
    """Move a sitting on. Where it stands there already, nothing changes.

    Raises:
        NotFound: there is no such sitting within the asker's scope.
        SittingMoveRefused: where it stands, the move is not possible.
        CentreNotApproved, RoomTaken: about opening it.
        Undecided, TooFewSeatsLeft: about seating people.
        DoorsNotYetOpen, NobodyWatches, TooFewExaminers: about starting and ending it.
        NoPractical, NoScoreSheet, TurnTooShort, CircuitUnfit: about opening a practical.
        NotSeparated: somebody who has a duty is bound to a candidate.
        DomainError: whatever stands in the way of drawing its papers.
    """
    sitting = sittings.get(sitting_id, scope=by.scope(Permission.PLAN_EXAMS), lock=True)
    if sitting.state in _LEADS_TO[wanted.move]:
        return sitting
    led_to = _led_to(sitting, wanted.move)
    act = _ACTS.get(wanted.move)
    if act is not None:
        act(sitting, wanted, by, at)
    sitting.state = led_to
    db.session.add(
        SittingMoved(
            sitting_id=sitting.id,
            state=led_to,
            reason=wanted.reason,
            at=at,
            by_account_id=by.account_id,
        )
    )
    db.session.flush()
    _tell(sitting, wanted, by=by, at=at)
    return sitting


def _led_to(sitting: Sitting, move: SittingMove) -> SittingState:
    led_to = rules.after(sitting.state, move)
    if led_to is None:
        raise SittingMoveRefused(
            state=sitting.state.value,
            state_zh=rules.STATE_ZH[sitting.state],
            move=move.value,
            move_zh=rules.MOVE_ZH[move],
        )
    return led_to


def moves_of(sitting_id: UUID) -> list[SittingMoved]:
    """Return the moves of a sitting, the first one first."""
    statement = select(SittingMoved).where(SittingMoved.sitting_id == sitting_id)
    # Two moves of one moment stand in the order in which a sitting goes through its states.
    return sorted(
        db.session.scalars(statement), key=lambda moved: (moved.at, _STATES.index(moved.state))
    )


_STATES = list(SittingState)

_LEADS_TO = {
    move: {state for (_, one), state in rules.MOVES.items() if one is move} for move in SittingMove
}


def check_opening(sitting: Sitting) -> None:
    """Make sure that a sitting could be opened, but for its exam.

    Raises:
        SittingMoveRefused: where it stands, it is not opened.
        CentreNotApproved, RoomsUnfit, RoomTaken: about its place.
        NoPractical, NoScoreSheet, TurnTooShort, CircuitUnfit: about a practical.
    """
    _led_to(sitting, SittingMove.OPEN)
    exam = sitting.exam
    on = days.civil_day(exam.opens_at)
    if sitting.mode in IN_ROOMS and not centres.is_approved(sitting.centre_id, on=on):
        raise CentreNotApproved(on=on.isoformat())
    room_ids = tuple(one.room_id for one in sitting.rooms)
    centres.usable(sitting.centre_id, room_ids)
    sittings.check_rooms_free(room_ids, exam.opens_at, exam.closes_at, but=sitting.id)
    if sitting.mode is Mode.PRACTICAL:
        practical_sittings.check(sitting)


def _open(sitting: Sitting, wanted: Wanted, by: Identity, at: datetime) -> None:
    check_opening(sitting)
    is_practical = sitting.mode is Mode.PRACTICAL
    planning.publish(
        sitting.id,
        seed=wanted.seed,
        by=by,
        at=at,
        has_papers=not is_practical,
        ready=wanted.ready,
    )
    staff.take_over(sitting, Duty.SETTER, by=by, at=at)


def _seat(sitting: Sitting, wanted: Wanted, by: Identity, at: datetime) -> None:
    deciding.admit_silent_of(sitting, at=at)
    seats.hand_on(sitting, by=by, at=at)
    staff.check_separated(sitting, at=at)
    if sitting.mode is Mode.PRACTICAL:
        practical_sittings.allocate(sitting, seed=wanted.seed, by=by, at=at)
    else:
        seats.allocate(sitting, seed=wanted.seed, at=at)


def _start(sitting: Sitting, _wanted: Wanted, by: Identity, at: datetime) -> None:
    from_at = sitting.exam.opens_at - DOORS_BEFORE
    if at < from_at:
        raise DoorsNotYetOpen(from_at=from_at.isoformat())
    staff.check_watched(sitting)
    staff.check_separated(sitting, at=at)
    sitting.started_at = at
    if sitting.mode is Mode.PRACTICAL:
        practical_sittings.man(sitting, by=by, at=at)
    if sitting.mode not in IN_ROOMS:
        # Nobody stands at a door: whoever has a place may begin in the hours of the exam.
        db.session.execute(
            update(Enrolment)
            .where(Enrolment.exam_id == sitting.id, Enrolment.awaits == Awaited.CHECK_IN)
            .values(awaits=None)
        )


def _finish(sitting: Sitting, _wanted: Wanted, by: Identity, at: datetime) -> None:
    closes_at = sitting.exam.closes_at
    if at < closes_at:
        raise DoorsNotYetOpen(from_at=closes_at.isoformat())
    expected = (
        Candidature.sitting_id == sitting.id,
        Candidature.attendance == Attendance.EXPECTED,
        Candidature.id.in_(
            select(Enrolment.id).where(
                Enrolment.exam_id == sitting.id,
                Enrolment.withdrawn_at.is_(None),
                Enrolment.awaits.is_distinct_from(Awaited.STAND_BY),
            )
        ),
    )
    begun = exists().where(Attempt.enrolment_id == Candidature.id)
    for attendance, which in ((Attendance.PRESENT, begun), (Attendance.ABSENT, ~begun)):
        db.session.execute(
            update(Candidature)
            .where(*expected, which)
            .values(attendance=attendance)
            .execution_options(synchronize_session="fetch")
        )
    turns.drop_all(sitting, only_absent=True, reason="缺考", by=by, at=at)
    if sitting.circuit:
        circuit_absences.close(sitting, by=by, at=at)


def _cancel(sitting: Sitting, wanted: Wanted, by: Identity, at: datetime) -> None:
    reason = wanted.reason or rules.MOVE_ZH[SittingMove.CANCEL]
    attempts = select(Attempt).where(Attempt.exam_id == sitting.id).order_by(Attempt.id)
    for attempt in db.session.scalars(attempts.with_for_update(of=Attempt)).all():
        invigilation.make_void(attempt, reason=reason, counts=False, by=by, at=at)
    turns.drop_all(sitting, only_absent=False, reason=reason, by=by, at=at)
    db.session.execute(
        update(Enrolment)
        .where(Enrolment.exam_id == sitting.id, Enrolment.withdrawn_at.is_(None))
        .values(withdrawn_at=at)
        .execution_options(synchronize_session="fetch")
    )


#: What a move does besides; closing enrolment does nothing else.
_ACTS: dict[SittingMove, Callable[[Sitting, Wanted, Identity, datetime], None]] = {
    SittingMove.OPEN: _open,
    SittingMove.SEAT: _seat,
    SittingMove.START: _start,
    SittingMove.FINISH: _finish,
    SittingMove.CANCEL: _cancel,
}


def _tell(sitting: Sitting, wanted: Wanted, *, by: Identity, at: datetime) -> None:
    audit.append(
        f"sitting_{_DONE[wanted.move]}",
        by=by,
        at=at,
        subject_kind="sitting",
        subject_id=sitting.id,
        after={"state": sitting.state},
        reason=wanted.reason,
        organisation_path=centres.get(sitting.centre_id).path,
    )


_DONE = {
    SittingMove.OPEN: "opened",
    SittingMove.CLOSE: "closed",
    SittingMove.SEAT: "seated",
    SittingMove.START: "started",
    SittingMove.FINISH: "finished",
    SittingMove.CANCEL: "cancelled",
}
